"""One folder per sector; adding a folder with a `sector.py` is the whole registration."""
