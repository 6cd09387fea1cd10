"""Figures that the administrator of the running platform may set, each with its default, range and meaning."""
