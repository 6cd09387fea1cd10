"""Half-written forms."""

from django.db import models

from yiwang.core import clock
from yiwang.core.accounts.models import User


class Draft(models.Model):
    """One person's half-written form. `key` says which form, and of what (`case.<id>.report_done`).

    `body` is the form as the client keeps it. It may hold personal values, so nobody else ever sees it, no record
    of it is kept, and it goes with the person.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="人员")
    key = models.CharField("表单", max_length=100)
    body = models.JSONField("内容")
    version = models.PositiveIntegerField("版本", default=1)
    saved_at = models.DateTimeField("保存时间", default=clock.now)

    class Meta:
        verbose_name = "草稿"
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="drafts_one_per_form")]
