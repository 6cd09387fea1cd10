"""Notices inside the platform: who is told what, and whether it was read."""
