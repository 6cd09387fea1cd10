"""Brings tables in: CSV, Excel and JSON lines, by a declared mapping, with every row accounted for."""
