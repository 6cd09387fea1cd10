"""Who works which shift where, who was there, and who can do what."""
