from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "yiwang.core.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Find every room's erasing.py: how it takes a person out of its words when their values are erased."""
        autodiscover_modules("erasing")
