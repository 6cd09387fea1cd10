"""Manhole covers, grates and slabs: the smallest opening in a street, and the one that hurts people."""
