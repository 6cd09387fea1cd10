"""Rosters (人员名册): people brought in from a table, with what would happen before it does."""
