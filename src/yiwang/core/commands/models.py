"""The log of commands, as they reached us."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yiwang.core.accounts.models import User
from yiwang.core.commands.declare import Doubt


class Command(models.Model):
    """One command of one person's phone, under the id that the phone gave it: taken once, for good.

    `seq` counts on the device. `digest` is the SHA-256 of what was sent, so that an id cannot mean two things. The
    `body` and the `problem` are kept while it is refused: in the conflict box. What was done keeps its `result` only.
    """

    class State(models.TextChoices):
        """Done, refused (it lies in the conflict box), or given up there by its person."""

        DONE = "done", "已办"
        REFUSED = "refused", "冲突"
        DROPPED = "dropped", "放弃"

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    device_id = models.UUIDField("设备")
    seq = models.BigIntegerField("序号")
    kind = models.CharField("指令", max_length=60)
    claimed_at = models.DateTimeField("手机时间")
    occurred_at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间")
    doubt = models.CharField(
        "时间疑点", max_length=10, blank=True, choices=[(d.value, d.value) for d in Doubt]
    )
    digest = models.BinaryField("摘要", max_length=32)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    result = models.JSONField("结果", null=True)
    body = models.JSONField("内容", null=True)
    problem = models.JSONField("原因", null=True)
    files = ArrayField(models.UUIDField(), default=list, verbose_name="照片")
    tries = models.PositiveIntegerField("次数", default=1)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    settled_at = models.DateTimeField("处理时间")

    class Meta:
        verbose_name = "离线指令"
        constraints = [
            models.CheckConstraint(
                name="commands_conflict_is_whole",
                condition=~Q(state="refused") | Q(body__isnull=False, problem__isnull=False),
            ),
            models.CheckConstraint(name="commands_seq_positive", condition=Q(seq__gt=0)),
        ]
        indexes = [
            models.Index(
                fields=["user", "-received_at", "-id"],
                name="commands_conflicts",
                condition=Q(state="refused"),
            ),
            models.Index(fields=["settled_at"], name="commands_by_age"),
        ]
