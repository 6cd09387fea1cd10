from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ParametersConfig(AppConfig):
    name = "yiwang.core.parameters"
    label = "parameters"
    verbose_name = "参数"

    def ready(self) -> None:
        """Find every room's parameters.py: what can be set there."""
        autodiscover_modules("parameters")
