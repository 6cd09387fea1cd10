"""Phrases, one row each, whosever they are."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User


class Phrase(models.Model):
    """A phrase for a topic (`case.refuse`): a person's own, shared by a unit and all below it, or everybody's.

    `text` may hold places such as `{number}` that the client fills. `text_en` is there for shipped ones;
    `shipped_key` marks those, and keeps one that was taken away from coming back. `used` counts for the order.
    """

    topic = models.CharField("用于", max_length=80)
    text = models.TextField("内容")
    text_en = models.TextField("英文", blank=True, default="")
    owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name="所有人")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="共用单位")
    order = models.PositiveSmallIntegerField("排序", default=100)
    used = models.PositiveIntegerField("使用次数", default=0)
    shipped_key = models.CharField("内置键", max_length=120, null=True, unique=True)
    version = models.PositiveIntegerField("版本", default=1)
    changed_at = models.DateTimeField("修改时间", default=clock.now)
    removed_at = models.DateTimeField("移除时间", null=True)

    class Meta:
        verbose_name = "常用语"
        indexes = [
            models.Index(fields=["topic", "order", "id"], name="phrases_by_topic"),
            models.Index(fields=["owner", "topic"], name="phrases_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(unit__isnull=True), name="phrases_own_or_shared"
            )
        ]
