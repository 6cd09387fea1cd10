from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "yiwang.city.duty"
    label = "duty"
    verbose_name = "勤务"
