"""Shifts, rosters, clockings, swaps, skills.

A day is a day of the district (Asia/Shanghai); a shift that runs over midnight belongs to the day on which it begins.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db.models import F, Func, Q

from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User
from yiwang.core.ids import uuid7


class Shift(models.Model):
    """A kind of shift (班次) of a unit and of all below it; `ends` that is not after `starts` is on the day after.

    `mark` is what stands in a cell of the roster (早); `tone` which of the six colours it has there. Rostered days keep
    the times that they were given: a change counts from the next day on.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=20)
    name_en = models.CharField("英文名称", max_length=40, blank=True, default="")
    mark = models.CharField("简写", max_length=2)
    tone = models.PositiveSmallIntegerField("颜色", default=1)
    starts = models.TimeField("上班")
    ends = models.TimeField("下班")
    order = models.PositiveSmallIntegerField("排序", default=100)
    version = models.PositiveIntegerField("版本", default=1)
    removed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "班次"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(removed_at__isnull=True), name="duty_shift_once"
            ),
            models.CheckConstraint(condition=Q(tone__gte=1, tone__lte=6), name="duty_shift_tone"),
        ]


class RosterBook(models.Model):
    """A unit's roster as one thing that two people may edit: `version` grows with every change of it."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="+", verbose_name="单位")
    version = models.PositiveIntegerField("版本", default=0)
    changed_at = models.DateTimeField("修改时间", null=True)
    changed_by_name = models.CharField("修改人", max_length=50, blank=True, default="")

    class Meta:
        verbose_name = "排班表"


class RosterEntry(models.Model):
    """What somebody does on a day for a unit: a shift, or rest (`shift` empty). No row: nothing is planned.

    `grids` are the duty grids (15 characters) of that day; empty: those that are the person's anyway.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    on = models.DateField("日期")
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+", verbose_name="班次")
    starts_at = models.DateTimeField("上班", null=True)
    ends_at = models.DateTimeField("下班", null=True)
    grids = ArrayField(models.CharField(max_length=15), default=list, blank=True, verbose_name="责任网格")

    class Meta:
        verbose_name = "排班"
        constraints = [
            models.UniqueConstraint(fields=["unit", "user", "on"], name="duty_one_entry_a_day"),
            models.CheckConstraint(
                condition=Q(shift__isnull=True, starts_at__isnull=True, ends_at__isnull=True)
                | Q(shift__isnull=False, starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="duty_entry_has_times_with_its_shift",
            ),
            ExclusionConstraint(
                name="duty_nobody_works_twice_at_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(starts_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "on"], name="duty_entry_by_unit"),
            models.Index(fields=["user", "on"], name="duty_entry_by_user"),
            models.Index(
                fields=["starts_at"], name="duty_entry_by_start", condition=Q(starts_at__isnull=False)
            ),
        ]


class ClockPlace(models.Model):
    """A place (打卡点) where the people of a unit and of all below it may clock in, besides their duty grids."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=50)
    location = models.PointField("位置", srid=4326)
    radius_m = models.PositiveIntegerField("半径（米）", default=150)
    version = models.PositiveIntegerField("版本", default=1)
    removed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "打卡点"
        constraints = [
            models.CheckConstraint(
                condition=Q(radius_m__gte=20, radius_m__lte=5000), name="duty_clock_place_radius"
            )
        ]


class Clocking(models.Model):
    """One clocking (打卡), never refused for the sake of a position: what does not fit waits for the leader.

    `distance_m` is how far outside the nearest fence it was, the accuracy already taken off; empty without a position
    or without a fence. `doubt` is what speaks against the phone's clock.
    """

    class Way(models.TextChoices):
        """To work or home."""

        IN = "in", "上班"
        OUT = "out", "下班"

    class Verdict(models.TextChoices):
        """What the fence says."""

        INSIDE = "inside", "在范围内"
        OUTSIDE = "outside", "不在范围内"
        NO_FIX = "no_fix", "没有定位"
        NO_FENCE = "no_fence", "未设范围"

    class State(models.TextChoices):
        """Taken as it is, waiting for the leader, or settled by the leader."""

        TAKEN = "taken", "正常"
        WAITING = "waiting", "待核定"
        CONFIRMED = "confirmed", "已认可"
        REJECTED = "rejected", "不认可"

    class Fallback(models.TextChoices):
        """What was given where the position fails."""

        NONE = "", "无"
        PHOTO = "photo", "照片"
        NOTE = "note", "说明"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    entry = models.ForeignKey(
        RosterEntry, models.SET_NULL, null=True, related_name="clockings", verbose_name="排班"
    )
    way = models.CharField("上下班", max_length=3, choices=Way.choices)
    occurred_at = models.DateTimeField("打卡时间")
    received_at = models.DateTimeField("收到时间")
    doubt = models.CharField("时间存疑", max_length=10, blank=True, default="")
    location = models.PointField("位置", srid=4326, null=True)
    accuracy_m = models.FloatField("定位精度（米）", null=True)
    place = models.CharField("最近的范围", max_length=80, blank=True, default="")
    distance_m = models.FloatField("距范围（米）", null=True)
    verdict = models.CharField("定位核对", max_length=10, choices=Verdict.choices)
    fallback = models.CharField("替代方式", max_length=5, choices=Fallback.choices, blank=True, default="")
    photo = models.UUIDField("照片", null=True)
    note = models.CharField("说明", max_length=300, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=State.choices)
    decided_by_id = models.UUIDField("核定人", null=True)
    decided_by_name = models.CharField("核定人姓名", max_length=50, blank=True, default="")
    decided_at = models.DateTimeField("核定时间", null=True)
    decision_note = models.CharField("核定说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "打卡"
        indexes = [
            models.Index(fields=["user", "occurred_at"], name="duty_clocking_by_user"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="duty_clocking_by_time"),
            models.Index(
                fields=["unit", "occurred_at"], name="duty_clocking_waiting", condition=Q(state="waiting")
            ),
        ]


class Swap(models.Model):
    """Two people change shifts (调班): `asker` gives the day `on`, and gets `other`'s day `other_on` or, without one,
    nothing. The other agrees, then the leader approves; only then the roster changes."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", "待对方同意"
        AGREED = "agreed", "待审批"
        APPROVED = "approved", "已批准"
        DECLINED = "declined", "对方不同意"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    asker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    on = models.DateField("让出的日期")
    other = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="对方")
    other_on = models.DateField("换来的日期", null=True)
    # What changes hands, as it stood when it was asked for: what is agreed to is no other shift.
    given = ArrayField(models.CharField(max_length=40), default=list, verbose_name="让出的班")
    taken = ArrayField(models.CharField(max_length=40), default=list, verbose_name="换来的班")
    reason = models.CharField("原因", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    answered_at = models.DateTimeField("对方答复时间", null=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    decided_by_id = models.UUIDField("审批人", null=True)
    decided_by_name = models.CharField("审批人姓名", max_length=50, blank=True, default="")
    decision_note = models.CharField("审批意见", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "调班申请"
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("other")), name="duty_swap_between_two"),
            models.UniqueConstraint(
                fields=["unit", "asker", "on"],
                condition=Q(state__in=["asked", "agreed"]),
                name="duty_one_open_swap_of_a_day",
            ),
        ]
        indexes = [models.Index(F("asked_at").desc(), F("id").desc(), name="duty_swap_by_time")]


class PersonSkill(models.Model):
    """What somebody can do (技能): a code of the table `duty_skills`; `valid_to` is the first day without it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="人员")
    skill = models.CharField("技能", max_length=60)
    certificate = models.CharField("证书编号", max_length=60, blank=True, default="")
    valid_to = models.DateField("有效期止", null=True)

    class Meta:
        verbose_name = "人员技能"
        constraints = [models.UniqueConstraint(fields=["user", "skill"], name="duty_skill_once")]
        indexes = [models.Index(fields=["skill"], name="duty_skill_by_code")]
