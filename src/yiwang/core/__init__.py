"""The floor without business words: people and authority, audit, events, files, calendars, codes."""
