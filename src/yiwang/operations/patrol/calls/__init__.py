"""Calls of people nearby to joint action."""
