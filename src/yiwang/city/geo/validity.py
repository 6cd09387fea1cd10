"""Periods of whole days: `valid_from` counts, `valid_to` no longer does, an empty end is for ever."""

from datetime import date

from django.db.models import Q


def valid_on(day: date) -> Q:
    """Rows that hold on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
