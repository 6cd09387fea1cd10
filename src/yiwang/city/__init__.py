"""Where things are: areas, grids, layers, and the managed components of the city."""
