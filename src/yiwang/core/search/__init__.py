"""One box that finds whatever a room lets be found: cases, places, and what later rooms keep."""
