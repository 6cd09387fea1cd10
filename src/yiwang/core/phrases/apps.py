from django.apps import AppConfig


class PhrasesConfig(AppConfig):
    name = "yiwang.core.phrases"
    label = "phrases"
    verbose_name = "常用语"
