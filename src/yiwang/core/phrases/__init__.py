"""Phrases that people use again and again in their answers: shipped, shared in a unit, and one's own."""
