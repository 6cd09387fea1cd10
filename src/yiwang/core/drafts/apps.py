from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "yiwang.core.drafts"
    label = "drafts"
    verbose_name = "草稿"
