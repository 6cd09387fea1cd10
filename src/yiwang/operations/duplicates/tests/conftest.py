"""The small district of cases for every database test of this room."""

from yiwang.operations.cases.tests.conftest import district

__all__ = ["district"]
