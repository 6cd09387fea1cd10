"""The running platform on screen: its health, backups, jobs, and what could not be done."""
