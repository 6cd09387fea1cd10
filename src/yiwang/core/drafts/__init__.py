"""Half-written forms: each person's own, saved by themselves, gone when they are sent or forgotten."""
