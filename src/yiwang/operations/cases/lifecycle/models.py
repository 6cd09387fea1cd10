"""The published versions of the lifecycle table, and the drafts that become one.

Versions below `FIRST_LOCAL` are shipped with the platform; a district's own count on from there, hold from a date,
and win over shipped ones. A version that was published never changes.
"""

from django.db import models
from django.db.models import F, Q

from yiwang.core import clock
from yiwang.core.ids import uuid7

FIRST_LOCAL = 1001


class Lifecycle(models.Model):
    """One published version of the lifecycle table; a case keeps the version it was opened under.

    `base` is the version that it was made from. A version whose day has not come may be withdrawn.
    """

    version = models.PositiveIntegerField("版本", primary_key=True)
    edition = models.CharField("版次", max_length=20)
    table = models.JSONField("流程表")
    published_at = models.DateTimeField("发布时间", default=clock.now)
    valid_from = models.DateField("启用日期", null=True)
    base = models.PositiveIntegerField("依据版本", null=True)
    note = models.CharField("说明", max_length=500, blank=True, default="")
    published_by = models.UUIDField("发布人", null=True)
    published_by_name = models.CharField("发布人姓名", max_length=50, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "案件流程"
        constraints = [
            models.CheckConstraint(
                condition=Q(version__lt=FIRST_LOCAL, valid_from__isnull=True)
                | Q(version__gte=FIRST_LOCAL, valid_from__isnull=False),
                name="cases_lifecycle_shipped_or_dated",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="cases_one_lifecycle_starts_a_day",
            ),
        ]


class LifecycleDraft(models.Model):
    """A lifecycle table in the making. `version` counts the savings, so that two people do not overwrite each other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("名称", max_length=100)
    base = models.PositiveIntegerField("依据版本")
    table = models.JSONField("流程表")
    version = models.PositiveIntegerField("保存次数", default=0)
    saved_at = models.DateTimeField("保存时间", default=clock.now)
    saved_by = models.UUIDField("保存人", null=True)
    saved_by_name = models.CharField("保存人姓名", max_length=50)

    class Meta:
        verbose_name = "案件流程草稿"
        ordering = [F("saved_at").desc(), "id"]
