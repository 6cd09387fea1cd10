from django.apps import AppConfig


class PatrolConfig(AppConfig):
    name = "yiwang.operations.patrol"
    label = "patrol"
    verbose_name = "巡查检查"
