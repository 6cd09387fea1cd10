from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DeadlinesConfig(AppConfig):
    name = "yiwang.core.deadlines"
    label = "deadlines"
    verbose_name = "时限"

    def ready(self) -> None:
        """Find every room's reminders.py: what it does when its marks fire."""
        autodiscover_modules("reminders")
