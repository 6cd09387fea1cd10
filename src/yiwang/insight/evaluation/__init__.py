"""Evaluation: facts of cases, indicators over them, and the board that shows both."""
