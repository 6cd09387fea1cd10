"""What a patrol is by rule: no database, no clock, no network."""
