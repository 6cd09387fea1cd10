from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "yiwang.operations.duplicates"
    label = "duplicates"
    verbose_name = "重复案件"
