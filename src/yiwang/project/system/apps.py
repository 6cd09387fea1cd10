from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "yiwang.project.system"
    label = "system"
    verbose_name = "系统"
