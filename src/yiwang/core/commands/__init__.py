"""What a phone did, also while it was offline: each command is taken once, in order, or lies in the conflict box."""
