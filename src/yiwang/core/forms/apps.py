from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "yiwang.core.forms"
    label = "forms"
    verbose_name = "表单"
