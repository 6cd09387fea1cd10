"""Backups of a whole installation, made while it runs, checked, tried out, and brought back."""
