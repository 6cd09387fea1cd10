"""Plans and the places that they go to, tasks with their stops, hand-overs, special inspections, calls.

Geometry is EPSG:4326, lon/lat; lengths and distances are metres. `area_code` is a prefix as anywhere: district (6),
street (9), community (12), grid (15). A finding's case carries nothing of this room: the link stands here.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q

from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User
from yiwang.core.forms.models import FilledForm
from yiwang.core.ids import uuid7
from yiwang.operations.cases.models import Case
from yiwang.operations.patrol.rules.states import State

GRADES = Q(grade__in=["A", "B", "C"])


class Plan(models.Model):
    """A plan of patrols (巡查计划): where one goes, how often by grade of upkeep, when, who, with which form.

    `frequency` by grade: {"A": {"times", "per", "days"}}; `windows`: [["08:00", "12:00"]]; `weekdays` 1 to 7.
    Without `people` those on duty in the grids go. Of the places due at a time `sample_percent` are drawn by `seed`.
    """

    class Kind(models.TextChoices):
        """What its places are."""

        POINTS = "points", "点位"
        ROUTES = "routes", "路线"
        STREETS = "streets", "街巷"
        GRIDS = "grids", "责任网格"

    class State(models.TextChoices):
        """Tasks are drawn up from active ones only."""

        ACTIVE = "active", "执行中"
        PAUSED = "paused", "已暂停"
        ENDED = "ended", "已结束"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("计划名称", max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    area_code = models.CharField("巡查区域", max_length=15)
    kind = models.CharField("对象", max_length=10, choices=Kind.choices)
    form = models.CharField("检查表", max_length=80, blank=True, default="")
    frequency = models.JSONField("频次")
    windows = models.JSONField("时段")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="星期")
    people = ArrayField(models.UUIDField(), default=list, verbose_name="指定人员")
    sample_percent = models.PositiveSmallIntegerField("抽查比例", default=100)
    seed = models.BigIntegerField("随机种子")
    near_m = models.PositiveSmallIntegerField("覆盖判定距离", default=30)
    starts_on = models.DateField("首日")
    ends_on = models.DateField("末日", null=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    made_by_name = models.CharField("制定人", max_length=50)
    made_at = models.DateTimeField("制定时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "巡查计划"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="patrol_plan_period"
            ),
            models.CheckConstraint(
                condition=Q(sample_percent__gte=1, sample_percent__lte=100), name="patrol_plan_sample"
            ),
        ]
        indexes = [models.Index(F("made_at").desc(), F("id").desc(), name="patrol_plan_by_time")]


class Target(models.Model):
    """A place that a plan goes to: a point, a line (route or street), or a duty grid with its middle as point.

    `is_key` (重点) counts as grade A whatever the area is. One that is taken out of the plan keeps its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets", verbose_name="计划")
    order = models.PositiveIntegerField("次序")
    name = models.CharField("名称", max_length=80)
    shape = models.GeometryField("位置", srid=4326)
    radius_m = models.PositiveSmallIntegerField("打卡半径", default=50)
    grade = models.CharField("管理等级", max_length=1)
    is_key = models.BooleanField("重点", default=False)
    area_code = models.CharField("区域编码", max_length=15)
    grid_code = models.CharField("责任网格", max_length=15, blank=True, default="")
    removed_at = models.DateTimeField("移出时间", null=True)

    class Meta:
        verbose_name = "巡查对象"
        ordering = ["order", "id"]
        constraints = [models.CheckConstraint(condition=GRADES, name="patrol_target_grade")]


class Inspection(models.Model):
    """A special inspection (专项检查): population, sample by rule with its seed, teams, and when it is to be done.

    `sampling`: {"percent", "by": what the strata are, "seed", "population", "drawn"}; `teams`: [{"name", "people":
    [user ids]}]. `figures` are those of the report, as they stood when it was made.
    """

    class State(models.TextChoices):
        """From template to report."""

        DRAFT = "draft", "准备中"
        SAMPLED = "sampled", "已抽样"
        RUNNING = "running", "进行中"
        REPORTED = "reported", "已出报告"
        CANCELLED = "cancelled", "已取消"

    class Source(models.TextChoices):
        """Where the population comes from."""

        FILE = "file", "导入名单"
        PLAN = "plan", "巡查点位"
        GRIDS = "grids", "责任网格"
        CASES = "cases", "历史案件"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("名称", max_length=80)
    purpose = models.CharField("检查要求", max_length=500, blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="组织单位")
    area_code = models.CharField("区域", max_length=15)
    form = models.CharField("检查表", max_length=80)
    source = models.CharField("总体来源", max_length=10, choices=Source.choices, default=Source.FILE)
    sampling = models.JSONField("抽样规则", default=dict)
    teams = models.JSONField("检查组", default=list)
    starts_on = models.DateField("首日")
    ends_on = models.DateField("末日")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    conclusion = models.TextField("结论", blank=True, default="")
    figures = models.JSONField("报告数据", null=True)
    made_by_name = models.CharField("组织人", max_length=50)
    made_at = models.DateTimeField("创建时间", default=clock.now)
    reported_by_name = models.CharField("出具人", max_length=50, blank=True, default="")
    reported_at = models.DateTimeField("出具时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "专项检查"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="patrol_inspection_period"),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False), name="patrol_reported_is_dated"
            ),
        ]
        indexes = [models.Index(F("made_at").desc(), F("id").desc(), name="patrol_inspection_by_time")]


class Item(models.Model):
    """One of an inspection's population; `drawn` is its place in the sample (from 1), empty when it was not drawn.

    `unit` is who answers for it. `reference`: what it was made of (a case, a point, a line of the file).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="items", verbose_name="检查")
    name = models.CharField("名称", max_length=120)
    address = models.CharField("地址", max_length=300, blank=True, default="")
    location = models.PointField("位置", srid=4326)
    area_code = models.CharField("区域编码", max_length=15)
    grade = models.CharField("管理等级", max_length=1)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    reference = models.CharField("来源", max_length=60, blank=True, default="")
    drawn = models.PositiveIntegerField("抽中次序", null=True)

    class Meta:
        verbose_name = "检查对象"
        ordering = ["drawn", "id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "drawn"], name="patrol_item_drawn_once"),
            models.CheckConstraint(condition=GRADES, name="patrol_item_grade"),
        ]


class Task(models.Model):
    """Work on site for one person (or, without one, for whoever of the unit takes it) within a time.

    It comes from a plan or an inspection. `key` is unique within plan and day. `covered_m` of `length_m` is how much
    of its lines was walked; `stops_count`, `done_count` and `findings_count` are for lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="tasks", verbose_name="计划")
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, related_name="tasks", verbose_name="检查"
    )
    key = models.CharField("键", max_length=60)
    name = models.CharField("任务名称", max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    area_code = models.CharField("区域编码", max_length=15)
    day = models.DateField("日期")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("截止")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="执行人")
    team = models.CharField("组别", max_length=50, blank=True, default="")
    members = ArrayField(models.UUIDField(), default=list, verbose_name="组员")
    form = models.CharField("检查表", max_length=80, blank=True, default="")
    seed = models.BigIntegerField("抽样种子", null=True)
    near_m = models.PositiveSmallIntegerField("覆盖判定距离", default=30)
    state = models.CharField("状态", max_length=12, choices=[(s.value, s.value) for s in State])
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    note = models.CharField("备注", max_length=500, blank=True, default="")
    covered_m = models.FloatField("已巡长度", default=0)
    length_m = models.FloatField("应巡长度", default=0)
    stops_count = models.PositiveIntegerField("点位数", default=0)
    done_count = models.PositiveIntegerField("已完成点位", default=0)
    findings_count = models.PositiveIntegerField("发现问题", default=0)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "巡查任务"
        constraints = [
            models.UniqueConstraint(fields=["plan", "day", "key"], name="patrol_task_once"),
            models.UniqueConstraint(fields=["inspection", "key"], name="patrol_inspection_task_once"),
            models.CheckConstraint(
                condition=Q(plan__isnull=False, inspection__isnull=True)
                | Q(plan__isnull=True, inspection__isnull=False),
                name="patrol_task_of_one",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="patrol_task_window"),
        ]
        indexes = [
            models.Index(fields=["day", "unit"], name="patrol_task_by_day"),
            models.Index(fields=["person", "day"], name="patrol_task_by_person"),
            models.Index(
                fields=["ends_at"], name="patrol_task_open", condition=Q(state__in=["planned", "under_way"])
            ),
        ]


class Stop(models.Model):
    """A place of a task as it stood when the task was drawn up, and what was done there.

    `filled` is the newest form filled there; `passed`: nothing in it failed. `covered_m` of `length_m`: for lines.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="stops", verbose_name="任务")
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, related_name="stops", verbose_name="巡查对象"
    )
    item = models.OneToOneField(Item, models.PROTECT, null=True, related_name="stop", verbose_name="检查对象")
    order = models.PositiveIntegerField("次序")
    name = models.CharField("名称", max_length=120)
    address = models.CharField("地址", max_length=300, blank=True, default="")
    shape = models.GeometryField("位置", srid=4326)
    radius_m = models.PositiveSmallIntegerField("打卡半径", default=50)
    grade = models.CharField("管理等级", max_length=1)
    is_key = models.BooleanField("重点", default=False)
    area_code = models.CharField("区域编码", max_length=15)
    grid_code = models.CharField("责任网格", max_length=15, blank=True, default="")
    checked_in_at = models.DateTimeField("打卡时间", null=True)
    location = models.PointField("打卡位置", srid=4326, null=True)
    accuracy_m = models.FloatField("定位精度", null=True)
    distance_m = models.FloatField("打卡偏离", null=True)
    within = models.BooleanField("在范围内", null=True)
    filled = models.OneToOneField(
        FilledForm, models.PROTECT, null=True, related_name="+", verbose_name="已填表"
    )
    passed = models.BooleanField("合格", null=True)
    length_m = models.FloatField("应巡长度", default=0)
    covered_m = models.FloatField("已巡长度", default=0)

    class Meta:
        verbose_name = "任务点位"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True, within__isnull=True)
                | Q(checked_in_at__isnull=False, within__isnull=False),
                name="patrol_check_in_is_judged",
            )
        ]
        indexes = [models.Index(fields=["target", "checked_in_at"], name="patrol_stop_by_target")]


class Stint(models.Model):
    """Somebody's time on a task: from their first touch until they hand it over or it ends (empty: it goes on)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="stints", verbose_name="任务")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "执行时段"
        ordering = ["began_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="patrol_stint_span"
            )
        ]
        indexes = [models.Index(fields=["user", "task"], name="patrol_stint_by_user")]


class Finding(models.Model):
    """A problem found on a task: it is a case from then on, and this is the link to it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="findings", verbose_name="任务")
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, related_name="findings", verbose_name="点位")
    case = models.OneToOneField(Case, models.PROTECT, related_name="+", verbose_name="案件")
    handled_at_once = models.BooleanField("自行处置")
    found_by_name = models.CharField("发现人", max_length=50)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        verbose_name = "发现问题"
        ordering = ["found_at", "id"]


class HandOver(models.Model):
    """One shift hands its work to the next (交接班): unfinished tasks, what is open, a note; the next acknowledges it.

    Without `receiver` whoever of the unit comes next takes it. `open_items`: short texts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    area_code = models.CharField("区域编码", max_length=15)
    giver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="交班人")
    receiver = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="接班人")
    note = models.CharField("交接说明", max_length=500, blank=True, default="")
    open_items = models.JSONField("未了事项", default=list)
    tasks = models.ManyToManyField(Task, related_name="hand_overs", verbose_name="任务")
    handed_at = models.DateTimeField("交班时间")
    acknowledged_at = models.DateTimeField("接班时间", null=True)
    acknowledged_by_name = models.CharField("确认人", max_length=50, blank=True, default="")

    class Meta:
        verbose_name = "交接班"
        indexes = [models.Index(F("handed_at").desc(), F("id").desc(), name="patrol_hand_over_by_time")]


class Rectification(models.Model):
    """What must be put right after an inspection's result: an order to a unit with a deadline.

    After the unit's report somebody looks again; `failed` lets the unit report once more.
    """

    class State(models.TextChoices):
        """How far it is."""

        ORDERED = "ordered", "待整改"
        REPORTED = "reported", "待复查"
        PASSED = "passed", "复查通过"
        FAILED = "failed", "复查未通过"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stop = models.OneToOneField(Stop, models.PROTECT, related_name="rectification", verbose_name="点位")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="整改单位")
    demand = models.CharField("整改要求", max_length=500)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ORDERED)
    ordered_by_name = models.CharField("下达人", max_length=50)
    ordered_at = models.DateTimeField("下达时间", default=clock.now)
    result = models.CharField("整改情况", max_length=500, blank=True, default="")
    reported_by_name = models.CharField("整改报告人", max_length=50, blank=True, default="")
    reported_at = models.DateTimeField("报告时间", null=True)
    rechecked_by_name = models.CharField("复查人", max_length=50, blank=True, default="")
    rechecked_at = models.DateTimeField("复查时间", null=True)
    recheck_note = models.CharField("复查意见", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "整改"


class Call(models.Model):
    """A call of people nearby to joint action (就近呼叫): why, where, how many with which skill."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reason = models.CharField("事由", max_length=200)
    location = models.PointField("集合点", srid=4326)
    address = models.CharField("地址", max_length=300)
    area_code = models.CharField("区域编码", max_length=15)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="呼叫单位")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="案件")
    skill = models.CharField("技能", max_length=50, blank=True, default="")
    arrival_m = models.PositiveSmallIntegerField("到达判定半径", default=100)
    called_by_name = models.CharField("呼叫人", max_length=50)
    called_at = models.DateTimeField("呼叫时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True)
    outcome = models.CharField("处置结果", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "就近呼叫"
        indexes = [
            models.Index(F("called_at").desc(), F("id").desc(), name="patrol_call_by_time"),
            models.Index(fields=["called_at"], name="patrol_call_open", condition=Q(ended_at__isnull=True)),
        ]


class Called(models.Model):
    """Somebody who was called, why they were proposed, and what they answered, with the times."""

    class State(models.TextChoices):
        """Their answer."""

        WAITING = "waiting", "待应答"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "无法前往"
        ARRIVED = "arrived", "已到达"

    class Arrival(models.TextChoices):
        """How it is known that they arrived."""

        FENCE = "fence", "自动"
        HAND = "hand", "手动"

    call = models.ForeignKey(Call, models.CASCADE, related_name="people", verbose_name="呼叫")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    distance_m = models.FloatField("呼叫时距离", null=True)
    reasons = models.JSONField("推荐理由", default=list)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    answered_at = models.DateTimeField("应答时间", null=True)
    arrived_at = models.DateTimeField("到达时间", null=True)
    arrived_by = models.CharField("到达方式", max_length=10, choices=Arrival.choices, blank=True, default="")

    class Meta:
        verbose_name = "被呼叫人员"
        ordering = ["distance_m", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="patrol_called_once"),
            models.CheckConstraint(
                condition=~Q(state="arrived") | Q(arrived_at__isnull=False), name="patrol_arrival_is_dated"
            ),
        ]
        indexes = [models.Index(fields=["user", "state"], name="patrol_called_by_user")]
