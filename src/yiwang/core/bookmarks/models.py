"""Saved views and pins, one row each, whosever they are."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User


class SavedView(models.Model):
    """How somebody looks at a list (`list_key`, `cases.list`): its filters, columns and order.

    A person's own, shared by a unit with all below it, or everybody's (neither owner nor unit). `look` is the client's
    own value: the server keeps it and reads nothing from it.
    """

    list_key = models.CharField("列表", max_length=60)
    name = models.CharField("名称", max_length=40)
    look = models.JSONField("条件与列")
    owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name="所有人")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="共享单位")
    version = models.PositiveIntegerField("版本", default=1)
    changed_at = models.DateTimeField("修改时间", default=clock.now)

    class Meta:
        verbose_name = "列表视图"
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(unit__isnull=True), name="bookmarks_own_or_shared"
            ),
            models.UniqueConstraint(
                fields=["list_key", "owner", "unit", "name"],
                name="bookmarks_view_name",
                nulls_distinct=False,
            ),
        ]


class Pin(models.Model):
    """An object (`kind` `case`, and its id) that a person keeps at hand; `title` is how it was called then."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="人员")
    kind = models.CharField("对象类型", max_length=40)
    object_id = models.CharField("对象", max_length=60)
    title = models.CharField("标题", max_length=120)
    pinned_at = models.DateTimeField("收藏时间", default=clock.now)

    class Meta:
        verbose_name = "收藏对象"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="bookmarks_pin_once")
        ]
