"""Cuts a district into streets, communities and grids where no surveyed geometry is at hand.

Pure and deterministic by seed: shapely and numpy only, no database, no clock, no network. What it makes is
plausible, not true: names and codes are real, every line below the district is generated.
"""
