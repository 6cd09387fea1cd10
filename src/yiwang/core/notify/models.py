"""Notices, one row for each person who is told; how each person wants to hear of them outside; what was sent there."""

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.notify.rules import CHANNELS

OF_CHANNELS = Q(channel__in=list(CHANNELS))


class Notice(models.Model):
    """One notice to one person. `kind` and `params` are worded by the client, `link` is a page of the console."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="收件人")
    kind = models.CharField("类别", max_length=80)
    params = models.JSONField("参数", default=dict)
    link = models.CharField("页面", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        verbose_name = "通知"
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notify_of_user"),
            models.Index(
                fields=["user", "-created_at", "-id"], name="notify_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"


class Wishes(models.Model):
    """Where a person is reached outside the platform, in which language, and when not.

    Text messages go to the account's telephone. Quiet hours are local; both or none.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+", verbose_name="人员")
    mail = models.EmailField("邮箱", blank=True, default="")
    work_wechat = models.CharField("企业微信账号", max_length=64, blank=True, default="")
    wechat = models.CharField("公众号 OpenID", max_length=64, blank=True, default="")
    language = models.CharField("语言", max_length=2, default="zh")
    quiet_from = models.TimeField("免打扰起", null=True)
    quiet_to = models.TimeField("免打扰止", null=True)
    version = models.PositiveIntegerField("版本", default=0)

    class Meta:
        verbose_name = "通知设置"
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["zh", "en"]), name="notify_language"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notify_quiet_from_to",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class Choice(models.Model):
    """A person wants a kind of notice by a channel, beside the notice inside the platform that everybody gets."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="人员", db_index=False)
    kind = models.CharField("类别", max_length=80)
    channel = models.CharField("渠道", max_length=20)

    class Meta:
        verbose_name = "通知选择"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="notify_chosen_once"),
            models.CheckConstraint(condition=OF_CHANNELS, name="notify_choice_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"


class Delivery(models.Model):
    """A notice on its way out by a channel, once.

    `sending` is written before anything leaves: what is cut off there may have arrived, and is never sent again by
    itself. `reason` holds no address and no words of the notice.
    """

    class State(models.TextChoices):
        """How far it is; the last three are final."""

        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        DROPPED = "dropped", "不再发送"
        DEAD = "dead", "发送失败"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="通知")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    due_at = models.DateTimeField("下次发送")
    claimed_at = models.DateTimeField("开始发送", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    reason = models.CharField("原因", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "通知发送"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notify_sent_once"),
            models.CheckConstraint(condition=OF_CHANNELS, name="notify_delivery_channel"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="notify_waiting", condition=Q(state="waiting")),
            models.Index(fields=["claimed_at"], name="notify_sending", condition=Q(state="sending")),
            models.Index(fields=["id"], name="notify_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel} {self.state}"
