"""A database address as Django wants it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def django_database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/dir`.

    The query's parameters are libpq's; `host` may be a socket's directory.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "server_side_binding": True, "prepare_threshold": 3},
    }
