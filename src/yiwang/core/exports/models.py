"""A list that somebody had written out, from the asking to the day on which the file goes."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.ids import uuid7


class Export(models.Model):
    """One table for one person. `done` counts the rows that are written, `total` those that there were at first."""

    class State(models.TextChoices):
        """How far it is. A worker that is killed leaves it RUNNING; another begins it anew."""

        WAITING = "waiting", "排队中"
        RUNNING = "running", "导出中"
        READY = "ready", "已完成"
        FAILED = "failed", "失败"
        STOPPED = "stopped", "已取消"
        GONE = "gone", "已过期"

    class Form(models.TextChoices):
        """What is written."""

        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="导出人")
    list_key = models.CharField("列表", max_length=60)
    form = models.CharField("格式", max_length=4, choices=Form.choices, default=Form.XLSX)
    query = models.JSONField("条件", default=dict)
    said = models.JSONField("条件说明", default=list)
    sort = models.CharField("排序", max_length=100, blank=True, default="")
    columns = models.JSONField("列")
    language = models.CharField("语言", max_length=2, default="zh")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("原因", max_length=60, blank=True, default="")
    total = models.BigIntegerField("总行数", default=0)
    done = models.BigIntegerField("已写行数", default=0)
    size_bytes = models.BigIntegerField("字节数", default=0)
    asked_at = models.DateTimeField("提交时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "导出"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ended_at__isnull=False, size_bytes__gt=0),
                name="exports_ready_is_whole",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-asked_at"], name="exports_by_owner"),
            models.Index(fields=["state", "ended_at"], name="exports_by_state"),
        ]

    @property
    def key(self) -> str:
        """Where its file lies aside."""
        return f"exports/{self.pk}"

    def end(self, state: "Export.State") -> None:
        """Note how it ended, and when; a file that goes later keeps the time at which it was ready."""
        self.state, self.ended_at = state, self.ended_at or clock.now()
        self.save(update_fields=["state", "ended_at", "done", "total", "size_bytes"])


UNDER_WAY = (Export.State.WAITING, Export.State.RUNNING)
