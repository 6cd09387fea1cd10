"""Limits that run, with the marks at which somebody is told; and marks that could not fire."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Deadline(models.Model):
    """One run of a limit: from its start until it stops or for ever. Made and changed by `actions` only.

    It belongs to `owner_kind` and `owner_id` of any room (a case, a round, a permit), and to a part of it where
    the owner has several clocks at once. `marks`, `percents` and `mark_at` go together, in order of time; the
    first `fired` have fired, `next_at` is when the next one does (or is tried again), none once all have or the
    limit is stopped. `spent_us` and `allowed_us` are what `rules.Run` calls them, microseconds of the limit's
    own time by a working day of `day_us`; they are what it is counted again from when the calendar changes.
    """

    owner_kind = models.CharField("所属类型", max_length=30)
    owner_id = models.UUIDField("所属对象")
    part_id = models.UUIDField("所属部分", null=True)
    stage = models.CharField("阶段", max_length=40)
    calendar = models.CharField("工作日历", max_length=40, blank=True)
    limit_kind = models.CharField("时限类别", max_length=20)
    limit_amount = models.DecimalField("时限", max_digits=8, decimal_places=2)
    started_at = models.DateTimeField("开始")
    warn_at = models.DateTimeField("预警")
    due_at = models.DateTimeField("截止")
    stopped_at = models.DateTimeField("停止", null=True)
    remaining_us = models.BigIntegerField("剩余（微秒）", null=True)
    allowed_us = models.BigIntegerField("本次可用（微秒）")
    spent_us = models.BigIntegerField("此前已用（微秒）", default=0)
    day_us = models.BigIntegerField("工作日长度（微秒）")
    marks = ArrayField(models.CharField(max_length=20), verbose_name="提醒点")
    percents = ArrayField(models.SmallIntegerField(), verbose_name="提醒比例")
    mark_at = ArrayField(models.DateTimeField(), verbose_name="提醒时间")
    fired = models.PositiveSmallIntegerField("已提醒", default=0)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次提醒", null=True)

    # Known until the row is kept: no more than so many marks may count as fired (whoever moves them says so), and
    # the run that this one goes on with, whose marks may have fired since it was read.
    reached: int | None = None
    last: "Deadline | None" = None

    class Meta:
        verbose_name = "时限"
        constraints = [
            models.CheckConstraint(
                name="deadlines_stopped_is_silent",
                condition=Q(stopped_at__isnull=True) | Q(next_at__isnull=True, remaining_us__isnull=False),
            ),
            models.CheckConstraint(
                name="deadlines_marks_go_together",
                condition=Q(marks__len=F("mark_at__len"))
                & Q(percents__len=F("mark_at__len"))
                & Q(fired__lte=F("mark_at__len")),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="deadlines_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["owner_kind", "owner_id"], name="deadlines_owner"),
            models.Index(
                fields=["calendar", "id"], name="deadlines_running", condition=Q(stopped_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.owner_kind}:{self.owner_id} {self.stage}"


class StuckMark(models.Model):
    """A mark that its owner could not take after many attempts, and why; open until it was fired again."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="stuck", verbose_name="时限")
    mark = models.CharField("提醒点", max_length=20)
    mark_at = models.DateTimeField("提醒时间")
    reason = models.TextField("原因")
    attempts = models.PositiveSmallIntegerField("已试次数")
    at = models.DateTimeField("时间")
    settled_at = models.DateTimeField("补发时间", null=True)

    class Meta:
        verbose_name = "未送达的提醒"
        indexes = [
            models.Index(fields=["id"], name="deadlines_stuck_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.mark}"
