from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "yiwang.core.events"
    label = "events"
    verbose_name = "事件"

    def ready(self) -> None:
        """Find every room's handlers.py, in the order of the installed rooms."""
        autodiscover_modules("handlers")
