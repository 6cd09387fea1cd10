"""Who works here, at which post of which unit, and with what authority.

Authority lies in the *assignment* (任职): a person at a post, with a role, for a unit's subtree and for areas,
from a day to a day. A user row alone allows nothing, and there is no superuser. While a person is away (请假) a
substitute (代理人) carries their assignments too, marked as theirs.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from yiwang.core import clock
from yiwang.core.accounts.rules import AbsenceReason, TryResult, UnitChangeKind
from yiwang.core.ids import uuid7


class Installation(models.Model):
    """What this database is for: one row, written when the database is founded."""

    class Kind(models.TextChoices):
        """A demo database holds made-up people with a known password, and never serves in production."""

        REAL = "real", "正式"
        DEMO = "demo", "演示"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    district_code = models.CharField("区划代码", max_length=6)
    district_name = models.CharField("区名", max_length=50)
    founded_at = models.DateTimeField("建立时间", default=clock.now)

    class Meta:
        verbose_name = "安装"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="accounts_one_installation")]


class User(AbstractBaseUser):
    """A person of the staff. Citizens are a realm of their own and never stand here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("账号", max_length=50, unique=True)
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("手机", max_length=20, blank=True, default="")
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("须改密码", default=True)
    created_at = models.DateTimeField("创建时间", default=clock.now)
    erased_at = models.DateTimeField("抹除时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    USERNAME_FIELD = "username"
    objects: BaseUserManager[Any] = BaseUserManager()

    class Meta:
        verbose_name = "人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z][a-z0-9_.-]*$"), name="accounts_username"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False), name="accounts_erased_is_closed"
            ),
        ]


class Session(AbstractBaseSession):
    """A signed-in browser: the row is the session, so that ending it is deleting it.

    `seen_at` is its last request, `active_at` the last that the person made themself; both within a minute.
    """

    user_id = models.UUIDField("人员", null=True, db_index=True)
    # What is shown of it: the key itself opens it, and stays between the browser and the server.
    public_id = models.UUIDField("编号", default=uuid7, unique=True)
    created_at = models.DateTimeField("登录时间", default=clock.now)
    ip = models.GenericIPAddressField("来源地址", null=True)
    user_agent = models.CharField("浏览器", max_length=300, default="")
    seen_at = models.DateTimeField("最近请求", default=clock.now)
    active_at = models.DateTimeField("最近操作", default=clock.now)

    class Meta:
        verbose_name = "会话"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Django's hook for what encodes a row: the same as in its own sessions."""
        return DatabaseStore


class SignInAttempt(models.Model):
    """One try to sign in, right or wrong, whether or not the account exists.

    `forgiven` ones count no more towards a lock: an administrator has unlocked the account since.
    """

    username = models.CharField("账号", max_length=150)
    at = models.DateTimeField("时间", default=clock.now)
    ip = models.GenericIPAddressField("来源地址", null=True)
    succeeded = models.BooleanField("成功")
    reason = models.CharField(
        "结果", max_length=20, default="", choices=[(r.value, r.value) for r in TryResult]
    )
    forgiven = models.BooleanField("已解锁", default=False)

    class Meta:
        verbose_name = "登录尝试"
        indexes = [
            models.Index(fields=["username", "-at"], name="accounts_attempt_by_name"),
            models.Index(F("at").desc(), F("id").desc(), name="accounts_attempt_by_time"),
        ]


class PasswordLink(models.Model):
    """A link by which a person sets a password, once; only the SHA-256 of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="人员")
    digest = models.BinaryField("令牌摘要", max_length=32, unique=True)
    made_at = models.DateTimeField("生成时间", default=clock.now)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "设置密码链接"


class Unit(models.Model):
    """A bureau, department, street centre, team or company; a tree by materialised path.

    `path` is the ids from the root down, each followed by a dot ("1.4."), so that a subtree is one prefix.
    `area_code` is the area that the unit serves, where it serves one. `calendar` is the key of its working calendar;
    None: that of the unit above it.
    """

    code = models.CharField("单位编码", max_length=40, unique=True)
    name = models.CharField("单位名称", max_length=100)
    name_en = models.CharField("英文名称", max_length=150, blank=True, default="")
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("单位类别", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField("层级路径", max_length=200, db_index=True, default="")
    area_code = models.CharField("服务区域", max_length=15, blank=True, default="")
    handles_cases = models.BooleanField("处置单位", default=False)
    calendar = models.CharField("工作日历", max_length=40, null=True)
    order = models.PositiveIntegerField("排序", default=0)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="predecessors", verbose_name="承接单位"
    )

    class Meta:
        verbose_name = "单位"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="accounts_unit_other_successor",
            )
        ]


class Post(models.Model):
    """A place in a unit that a person can hold: 受理员 of the supervision centre.

    `ended_on` is the first day on which it can no longer be given. One that `is_local` was made or renamed here, and
    keeps its names whatever declared data says.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    key = models.CharField("岗位键", max_length=40)
    name = models.CharField("岗位名称", max_length=50)
    name_en = models.CharField("英文名称", max_length=80, blank=True, default="")
    ended_on = models.DateField("停用日期", null=True)
    is_local = models.BooleanField("本地", default=False)

    class Meta:
        verbose_name = "岗位"
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="accounts_post_once_per_unit")]


class Role(models.Model):
    """A named set of permissions, by their keys: those `shipped` with the platform's edition, unless changed here."""

    key = models.CharField("角色键", max_length=40, unique=True)
    name = models.CharField("名称", max_length=50)
    name_en = models.CharField("英文名称", max_length=80)
    does = models.JSONField("职责", default=dict)
    permissions = ArrayField(models.CharField(max_length=80), default=list, verbose_name="权限")
    edition = models.CharField("版本", max_length=20, default="")
    shipped = ArrayField(models.CharField(max_length=80), default=list, verbose_name="标准权限")
    changed_at = models.DateTimeField("本地修改时间", null=True)
    changed_by_name = models.CharField("修改人", max_length=50, blank=True, default="")
    change_note = models.CharField("修改依据", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField("版本号", default=1)

    class Meta:
        verbose_name = "角色"


class Assignment(models.Model):
    """A person at a post: the only carrier of authority. `valid_to` is the first day it no longer holds."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments", verbose_name="岗位")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name="角色")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位范围")
    areas = ArrayField(models.CharField(max_length=15), default=list, blank=True, verbose_name="区域范围")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="accounts_assignment_period",
            )
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="accounts_assignment_user")]


class Absence(models.Model):
    """A person is away from a day to a day, both included; a substitute may carry their authority meanwhile.

    A cancelled one stays as a record. `note` is for the office, and is shown to those who manage absences only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name="缺勤人")
    substitute = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代理人")
    starts_on = models.DateField("首日")
    ends_on = models.DateField("末日")
    reason = models.CharField("事由", max_length=10, choices=[(r.value, r.value) for r in AbsenceReason])
    note = models.CharField("说明", max_length=200, blank=True, default="")
    entered_by = models.UUIDField("登记人", null=True)
    entered_by_name = models.CharField("登记人姓名", max_length=50)
    entered_at = models.DateTimeField("登记时间", default=clock.now)
    cancelled_at = models.DateTimeField("销假时间", null=True)
    cancelled_by_name = models.CharField("销假人姓名", max_length=50, blank=True, default="")

    class Meta:
        verbose_name = "缺勤"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="accounts_absence_period"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")),
                name="accounts_substitute_is_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["substitute", "ends_on"],
                name="accounts_absence_substitute",
                condition=Q(cancelled_at__isnull=True, substitute__isnull=False),
            ),
            models.Index(fields=["user", "ends_on"], name="accounts_absence_user"),
            models.Index(F("starts_on").desc(), F("id").desc(), name="accounts_absence_by_day"),
        ]


class UnitChange(models.Model):
    """One change of the tree of units: what it was before and after, from which day, decided by whom.

    `carried_out_at` is empty while the day of a closing is still to come.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes", verbose_name="单位")
    kind = models.CharField("变更", max_length=10, choices=[(k.value, k.value) for k in UnitChangeKind])
    on = models.DateField("生效日")
    into = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="并入或隶属单位")
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    note = models.CharField("依据", max_length=500, blank=True, default="")
    by = models.UUIDField("经办人", null=True)
    by_name = models.CharField("经办人姓名", max_length=50)
    carried_out_at = models.DateTimeField("执行时间", null=True)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = "机构变更"
        ordering = ["id"]
