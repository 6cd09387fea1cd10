from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    name = "yiwang.core.bookmarks"
    label = "bookmarks"
    verbose_name = "收藏"
