from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotifyConfig(AppConfig):
    name = "yiwang.core.notify"
    label = "notify"
    verbose_name = "通知"

    def ready(self) -> None:
        """Find every room's notices.py: the kinds of notices that it gives."""
        autodiscover_modules("notices")
