"""Notices, one row for each person who is told."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import User


class Notice(models.Model):
    """One notice to one person. `kind` and `params` are worded by the client, `link` is a page of the console."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="收件人")
    kind = models.CharField("类别", max_length=80)
    params = models.JSONField("参数", default=dict)
    link = models.CharField("页面", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        verbose_name = "通知"
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notify_of_user"),
            models.Index(
                fields=["user", "-created_at", "-id"], name="notify_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"
