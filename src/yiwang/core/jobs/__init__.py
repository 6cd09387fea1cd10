"""Background jobs and schedules, on the platform's own database."""
