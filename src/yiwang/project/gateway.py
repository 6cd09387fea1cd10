"""The gateway process: live events, apart from the web process because streams stay open and Django's threads must not.

Served as `yiwang.project.gateway:application` by an ASGI server, one process; several may run side by side.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
django.setup()

from yiwang.project.live.app import application  # noqa: E402 - the rooms can be imported only now

__all__ = ["application"]
