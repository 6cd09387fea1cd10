"""The first run: what has to be done before a district can work, and day by day what wants attention."""
