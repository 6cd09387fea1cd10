"""A run of bringing a table in, what was wrong with its rows, and which objects came from which source."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.ids import uuid7


class Run(models.Model):
    """One file brought in by one mapping. `position` is how many rows are dealt with: where a restart goes on."""

    class State(models.TextChoices):
        """How far it is; a run whose process was killed stays RUNNING until it is gone on with."""

        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "已中断"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.CharField("导入对象", max_length=40)
    source = models.CharField("来源", max_length=60)
    mapping = models.CharField("映射", max_length=100)
    mapping_digest = models.CharField("映射摘要", max_length=64)
    mapping_document = models.JSONField("映射内容")
    file_name = models.CharField("文件名", max_length=255)
    file_digest = models.CharField("文件摘要", max_length=64)
    file_size = models.BigIntegerField("文件字节数")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    position = models.BigIntegerField("已处理行数", default=0)
    loaded = models.BigIntegerField("新增", default=0)
    present = models.BigIntegerField("已有", default=0)
    faulty = models.BigIntegerField("有误", default=0)
    reason = models.TextField("中断原因", blank=True, default="")
    started_by = models.UUIDField("操作人", null=True)
    started_by_name = models.CharField("操作人姓名", max_length=100)
    started_at = models.DateTimeField("开始", default=clock.now)
    ended_at = models.DateTimeField("结束", null=True)

    class Meta:
        verbose_name = "导入"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="imports_every_row_accounted_for",
                condition=Q(position=models.F("loaded") + models.F("present") + models.F("faulty")),
            ),
            models.UniqueConstraint(
                name="imports_one_unfinished_run",
                fields=["target", "source", "file_digest", "mapping_digest"],
                condition=~Q(state="done"),
            ),
        ]


class RowFault(models.Model):
    """A row that was not brought in, with its cells, so that it can be mended."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="faults", verbose_name="导入")
    line = models.BigIntegerField("行号")
    field = models.CharField("字段", max_length=60, blank=True)
    value = models.TextField("值", blank=True)
    code = models.CharField("代码", max_length=60)
    reason = models.TextField("原因")
    advice = models.TextField("办法", blank=True)
    original = models.JSONField("原行", default=dict)

    class Meta:
        verbose_name = "有误的行"
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "line"], name="imports_fault_by_line")]


class ExternalKey(models.Model):
    """What an object is called in the source that it came from: the same is never brought in twice."""

    target = models.CharField("导入对象", max_length=40)
    source = models.CharField("来源", max_length=60)
    key = models.CharField("外部编号", max_length=200)
    object_id = models.UUIDField("对象")
    run_id = models.UUIDField("导入", null=True)
    line = models.BigIntegerField("行号", null=True)

    class Meta:
        verbose_name = "外部编号"
        constraints = [
            models.UniqueConstraint(fields=["target", "source", "key"], name="imports_one_object_per_key")
        ]
        indexes = [models.Index(fields=["object_id"], name="imports_key_by_object")]
