"""Long work that somebody asked for on screen, with its progress and what came of it."""

from django.db import models

from yiwang.core import clock
from yiwang.core.ids import uuid7


class LongJob(models.Model):
    """One piece of long work. `done` of `total` steps (0: nobody knows how many); `stage` says which part it is at.

    `result` is for the screen, as the work's own kind declares it; `reason` says why it failed.
    """

    class State(models.TextChoices):
        """A job whose worker was killed stays RUNNING until another takes it up, from its beginning."""

        WAITING = "waiting", "等待中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField("类别", max_length=60)
    subject = models.CharField("对象", max_length=200, blank=True, default="")
    arguments = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField("阶段", max_length=40, blank=True, default="")
    done = models.BigIntegerField("已完成步数", default=0)
    total = models.BigIntegerField("总步数", default=0)
    result = models.JSONField("结果", null=True)
    reason = models.TextField("失败原因", blank=True, default="")
    asked_by = models.UUIDField("操作人", null=True)
    asked_by_name = models.CharField("操作人姓名", max_length=100)
    asked_at = models.DateTimeField("提出时间", default=clock.now)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "长任务"
        indexes = [models.Index(fields=["kind", "-asked_at"], name="jobs_long_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                name="jobs_one_open_long_job",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]


class JobFailure(models.Model):
    """Why a background job failed the last time that it was tried; goes with the job."""

    job_id = models.BigIntegerField("任务", primary_key=True)
    reason = models.TextField("原因")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = "任务失败原因"
