from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "yiwang.core.exports"
    label = "exports"
    verbose_name = "导出"
