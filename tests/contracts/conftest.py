"""The small district of the cases room, for whole-system tests."""

from yiwang.operations.cases.tests.conftest import district

__all__ = ["district"]
