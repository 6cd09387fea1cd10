"""Runs the platform's processes as one: starts them in order, restarts what dies, stops them in order."""
