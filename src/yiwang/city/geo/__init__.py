"""Divisions and grids of the district, and what stands at a point."""
