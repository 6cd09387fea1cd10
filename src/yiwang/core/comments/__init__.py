"""Comments on any object of an upper room, and who is mentioned in them."""
