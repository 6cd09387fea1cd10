"""Declared forms and checklists: shipped editions, a district's own versions, and what was filled in."""
