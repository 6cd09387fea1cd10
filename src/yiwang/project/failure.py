"""The one kind of error that the command line tells without a traceback."""


class Failure(Exception):
    """Something that the person who runs the platform can put right; the message says what and how."""
