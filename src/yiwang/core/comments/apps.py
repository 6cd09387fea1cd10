from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommentsConfig(AppConfig):
    name = "yiwang.core.comments"
    label = "comments"
    verbose_name = "评论"

    def ready(self) -> None:
        """Find every room's talk.py: what can be talked about."""
        autodiscover_modules("talk")
