"""Making ready: ways by which notices leave the platform."""

from django.conf import settings

from yiwang.core.setup import Finding, Found, Step


def look() -> Found:
    """Which channels have an address; within the platform everybody is told in any case."""
    ways = sorted(settings.NOTIFY_URLS)
    return Found(Finding.WELL if ways else Finding.MISSING, {"ways": ways})


STEPS = (Step("notify.channels", 80, "", look, optional=True),)
