"""What happened, told after commit: an outbox, handlers that run once, dead letters, and word for the browsers."""
