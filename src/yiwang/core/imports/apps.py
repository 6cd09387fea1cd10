"""Finds what rooms declare to this one."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    """`intake.py` of a room declares what can be brought in there."""

    name = "yiwang.core.imports"
    label = "imports"
    verbose_name = "导入"

    def ready(self) -> None:
        """Loads the declarations of every room."""
        autodiscover_modules("intake")
