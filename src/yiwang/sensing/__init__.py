"""What is sensed: where people and vehicles are, and later devices."""
