"""The outbox, what was delivered from it, and what could not be."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """An event as it was published. Pending until every handler has run; dead when one gave up."""

    class State(models.TextChoices):
        """Where the delivery stands."""

        PENDING = "pending", "待投递"
        DONE = "done", "已投递"
        DEAD = "dead", "投递失败"

    type = models.CharField("类型", max_length=100)
    aggregate = models.CharField("所属对象", max_length=150)
    payload = models.JSONField("内容")
    audience = models.JSONField("受众", default=dict)
    at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    # By the database's clock: the platform's own may be held still while the past is replayed.
    due_at = models.DateTimeField("下次投递", db_default=Now())
    done_at = models.DateTimeField("投递完成", null=True)

    class Meta:
        verbose_name = "事件"
        constraints = [
            models.CheckConstraint(
                name="events_outbox_state", condition=Q(state__in=["pending", "done", "dead"])
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="events_pending", condition=Q(state="pending")),
            models.Index(fields=["aggregate", "id"], name="events_pending_of", condition=Q(state="pending")),
            models.Index(fields=["done_at"], name="events_done", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.type} {self.aggregate}"


class Delivery(models.Model):
    """A handler has done its work for an event; written in the transaction of that work."""

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries", verbose_name="事件")
    handler = models.CharField("处理器", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "投递"
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="events_delivered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.handler}"


class DeadLetter(models.Model):
    """A handler that gave up on an event, and why; open until it is replayed or discarded.

    What was discarded counts as given up for ever: its handler does not run for the event again.
    """

    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="dead_letters", verbose_name="事件")
    handler = models.CharField("处理器", max_length=200)
    reason = models.TextField("原因")
    attempts = models.PositiveSmallIntegerField("已试次数")
    at = models.DateTimeField("时间")
    replayed_at = models.DateTimeField("重投时间", null=True)
    discarded_at = models.DateTimeField("作废时间", null=True)
    discarded_because = models.TextField("作废理由", blank=True, default="")

    class Meta:
        verbose_name = "死信"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "handler"],
                name="events_one_open_dead_letter",
                condition=Q(replayed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} ✕ {self.handler}"
