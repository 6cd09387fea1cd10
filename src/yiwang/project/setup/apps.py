from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "yiwang.project.setup"
    label = "setup"
    verbose_name = "开始使用"
