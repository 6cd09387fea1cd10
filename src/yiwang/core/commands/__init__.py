"""What a phone did, in its order, also while it was offline: each command is taken once, or lies in the conflict box."""
