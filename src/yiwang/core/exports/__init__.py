"""Lists written out as tables, as they are seen, in the background where they are long."""
