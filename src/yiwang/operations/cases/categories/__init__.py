"""The classes of cases: shipped editions, a district's own versions, conditions and limits."""
