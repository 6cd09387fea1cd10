"""A case, its tasks, its requests, its steps, its photos and the answers to those who reported it.

Nothing here decides. What may never be untrue stands as a database constraint. The clocks of a case are
`core.deadlines`.
"""

from datetime import UTC, datetime

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Right, Substr

from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.files.models import StoredFile
from yiwang.core.ids import uuid7
from yiwang.operations.cases.categories.models import Category, CategoryCode, ConditionLimit, FilingCondition
from yiwang.operations.cases.lifecycle.models import Lifecycle, LifecycleDraft

__all__ = ["Category", "CategoryCode", "ConditionLimit", "FilingCondition", "Lifecycle", "LifecycleDraft"]

# Sorts what has no deadline behind everything that has one.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class DayCounter(models.Model):
    """The last serial of a day's case numbers."""

    day = models.CharField(max_length=8, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Case(models.Model):
    """A case (案件). `area_code` is the 15-digit unit grid, so that any area is a prefix of it.

    `location` is lon/lat, EPSG:4326. `due_at` and `warn_at` are those of the clock that runs now.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("案件号", max_length=30, unique=True)
    # Those without an index of their own lead one below.
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name="案件类别", db_index=False
    )
    condition = models.ForeignKey(
        FilingCondition, models.PROTECT, null=True, related_name="+", verbose_name="立案条件"
    )
    condition_snapshot = models.JSONField("立案条件快照", null=True)
    description = models.TextField("问题描述")
    location = models.PointField("位置", srid=4326, spatial_index=False)  # see the indexes by place below
    address = models.CharField("地址描述", max_length=300)
    area_code = models.CharField("区域编码", max_length=15)
    street_code = models.GeneratedField(
        expression=Substr("area_code", 1, 9),
        output_field=models.CharField("街道编码", max_length=9),
        db_persist=True,
    )
    place = models.JSONField("所在区域", default=dict)
    source = models.CharField("案件来源", max_length=50)

    state = models.CharField("状态", max_length=30)
    group = models.CharField("状态组", max_length=10)
    lifecycle = models.ForeignKey(Lifecycle, models.PROTECT, related_name="+", verbose_name="流程版本")
    version = models.PositiveIntegerField("版本", default=0)
    held_state = models.CharField("挂起前状态", max_length=30, blank=True, default="")
    pending_request = models.CharField("待审批申请", max_length=20, blank=True, default="")
    main_case = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="bound", verbose_name="主案"
    )
    handling_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="处置单位", db_index=False
    )
    units = ArrayField(models.BigIntegerField(), default=list, verbose_name="有任务的单位")
    handlers = ArrayField(models.UUIDField(), default=list, verbose_name="处置过的人")
    rework_count = models.PositiveSmallIntegerField("返工次数", default=0)
    round = models.PositiveSmallIntegerField("重开次数", default=0)
    urged_count = models.PositiveSmallIntegerField("催办次数", default=0)
    satisfaction = models.PositiveSmallIntegerField("满意度", null=True)
    exempt = models.BooleanField("超时免责", default=False)
    suspended_until = models.DateTimeField("挂账到", null=True)
    warn_at = models.DateTimeField("预警时间", null=True)
    due_at = models.DateTimeField("截止时间", null=True)

    reported_by = models.UUIDField("上报人", null=True)
    occurred_at = models.DateTimeField("发生时间")
    reported_at = models.DateTimeField("上报时间", default=clock.now)
    registered_at = models.DateTimeField("立案时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "案件"
        constraints = [
            models.CheckConstraint(
                condition=Q(group="open", ended_at__isnull=True)
                | (~Q(group="open") & Q(ended_at__isnull=False)),
                name="cases_ended_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(group="open"), name="cases_clock_runs_only_when_open"
            ),
            models.CheckConstraint(
                condition=Q(group="merged", main_case__isnull=False)
                | (~Q(group="merged") & Q(main_case__isnull=True)),
                name="cases_bound_when_merged",
            ),
            models.CheckConstraint(
                condition=Q(suspended_until__isnull=True) | Q(group="open"), name="cases_suspended_when_open"
            ),
        ]
        indexes = [
            models.Index(F("reported_at").desc(), F("id").desc(), name="cases_by_reported"),
            models.Index(fields=["state", "reported_at", "id"], name="cases_by_state"),
            models.Index(Coalesce("due_at", Value(NEVER)), "id", name="cases_by_due"),
            models.Index(fields=["area_code", "reported_at"], name="cases_by_area"),
            models.Index(fields=["category", "reported_at"], name="cases_by_category"),
            models.Index(fields=["handling_unit", "state"], name="cases_by_unit"),
            models.Index(
                Coalesce("handling_unit_id", Value(0)), F("reported_at").desc(), name="cases_in_order_of_unit"
            ),
            models.Index(fields=["reported_by"], name="cases_by_reporter"),
            models.Index("street_code", F("reported_at").desc(), F("id").desc(), name="cases_by_street"),
            GinIndex(fields=["units"], name="cases_by_units"),
            # The open ones are few: work, figures and maps of today go through these.
            models.Index(fields=["street_code", "state"], name="cases_open", condition=Q(group="open")),
            models.Index(fields=["ended_at"], name="cases_by_end", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["pending_request"], name="cases_asked", condition=~Q(pending_request="")),
            # Around a place: those of some days, and those that are open whenever they were reported (with the time
            # too, because Django forgets the condition of an index over a place alone).
            GistIndex(fields=["location", "reported_at"], name="cases_by_place"),
            GistIndex(
                fields=["location", "reported_at"], name="cases_open_by_place", condition=Q(group="open")
            ),
        ]


# A telephone number without what people write between its digits; it is found by its end.
TAIL = 4
PHONE_DIGITS = Func(
    F("phone"),
    Value(r"\D"),
    Value(""),
    Value("g"),
    function="regexp_replace",
    output_field=models.TextField(),
)


class Reporter(models.Model):
    """Who told us: apart from the case, so that it can be masked and erased on its own."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="reporter")
    subject_id = models.UUIDField("数据主体", default=uuid7)
    name = models.CharField("报案人", max_length=50, blank=True, default="")
    phone = models.CharField("联系电话", max_length=20, blank=True, default="")
    erased_at = models.DateTimeField("抹除时间", null=True)

    class Meta:
        verbose_name = "报案人"
        indexes = [models.Index(Right(PHONE_DIGITS, TAIL), name="cases_reporter_by_phone_tail")]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", phone=""),
                name="cases_erased_reporter_is_empty",
            )
        ]


class Task(models.Model):
    """What one unit (handle, sign, supervise) or one post (verify, check) has to do for a case, with its own state.

    `round` counts reopenings: the tasks of earlier rounds are history.
    """

    class Kind(models.TextChoices):
        """Which part of the loop."""

        HANDLE = "handle", "处置"
        CHECK = "check", "核查"
        VERIFY = "verify", "核实"
        SIGN = "sign", "会签"
        SUPERVISE = "supervise", "督办"

    class State(models.TextChoices):
        """How far it is; all but the first two are final, except that rework reopens a done handling."""

        WAITING = "waiting", "待接单"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未通过"
        UNABLE = "unable", "无法办理"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks", verbose_name="案件")
    kind = models.CharField("任务类别", max_length=10, choices=Kind.choices)
    state = models.CharField("任务状态", max_length=10, choices=State.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    is_main = models.BooleanField("主办", default=False)
    round = models.PositiveSmallIntegerField("轮次", default=0)
    topic = models.CharField("督办类别", max_length=20, blank=True, default="")
    instruction = models.TextField("要求", blank=True, default="")
    result = models.TextField("结果", blank=True, default="")
    assignee_id = models.UUIDField("经办人", null=True)
    assignee_name = models.CharField("经办人姓名", max_length=50, blank=True, default="")
    opened_at = models.DateTimeField("下达时间", default=clock.now)
    started_at = models.DateTimeField("接单时间", null=True)
    ended_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "任务"
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["unit", "case"], name="cases_task_by_unit"),
            models.Index(
                fields=["unit", "kind"],
                name="cases_open_tasks",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["check", "verify"]) | Q(unit__isnull=False),
                name="cases_handling_has_unit",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "unit"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(kind="supervise"),
                nulls_distinct=False,
                name="cases_one_open_task_each",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["waiting", "running"], kind="handle", is_main=True),
                name="cases_one_main_task",
            ),
        ]


class Request(models.Model):
    """A request beside the state, with its own reviewers. `level` counts the approvals that it has.

    `seq` is the step that asked: its evidence is the photos of that step. `hands` are who asked and who approved:
    the next approval is another's.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        RETURN = "return", "回退"
        EXTENSION = "extension", "延期"
        SUSPENSION = "suspension", "挂账"
        VOID = "void", "作废"
        APPEAL = "appeal", "超时申诉"

    class State(models.TextChoices):
        """What became of it; `lapsed`: the matter was settled before it was decided."""

        PENDING = "pending", "待审批"
        APPROVED = "approved", "同意"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"
        LAPSED = "lapsed", "已失效"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="requests", verbose_name="案件")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="requests", verbose_name="任务")
    kind = models.CharField("申请类别", max_length=20, choices=Kind.choices)
    state = models.CharField("审批状态", max_length=10, choices=State.choices, default=State.PENDING)
    level = models.PositiveSmallIntegerField("已批级数", default=0)
    hands = ArrayField(models.UUIDField(), default=list, verbose_name="经手人")
    seq = models.PositiveIntegerField("提出步骤")
    reason = models.TextField("理由")
    until = models.DateField("申请到", null=True)
    asked_by = models.UUIDField("申请人", null=True)
    asked_by_name = models.CharField("申请人姓名", max_length=50)
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    ended_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        verbose_name = "申请"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "task", "kind"],
                condition=Q(state="pending"),
                nulls_distinct=False,
                name="cases_one_pending_request_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True)
                | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="cases_request_ended",
            ),
        ]


class Approval(models.Model):
    """One decision on a request: level by level, until one refuses or the last approves."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="approvals", verbose_name="申请")
    level = models.PositiveSmallIntegerField("级别")
    approved = models.BooleanField("同意")
    by_id = models.UUIDField("审批人", null=True)
    by_name = models.CharField("审批人姓名", max_length=50)
    at = models.DateTimeField("审批时间", default=clock.now)
    note = models.TextField("审批意见", blank=True, default="")

    class Meta:
        verbose_name = "审批"
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["request", "level"], name="cases_one_decision_a_level")
        ]


class Answer(models.Model):
    """What is to be told to whoever reported a case, when it or the case that it was bound to has ended."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers", verbose_name="案件")
    of_case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name="办结的案件")
    outcome = models.CharField("结果", max_length=30)
    text = models.TextField("答复内容", blank=True, default="")
    at = models.DateTimeField("形成时间", default=clock.now)
    told_at = models.DateTimeField("答复时间", null=True)
    told_by_name = models.CharField("答复人", max_length=50, blank=True, default="")
    told_note = models.CharField("答复情况", max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "答复"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case"], condition=Q(told_at__isnull=True), name="cases_answers_to_tell")
        ]


class Step(models.Model):
    """One row of a case's history: who did what, from which state to which, when, and with what words."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", verbose_name="案件")
    seq = models.PositiveIntegerField("序号")
    verb = models.CharField("动作", max_length=30)
    from_state = models.CharField("原状态", max_length=30, blank=True)
    to_state = models.CharField("新状态", max_length=30)
    actor_id = models.UUIDField("经办人", null=True)
    actor_name = models.CharField("经办人姓名", max_length=50)
    post = models.CharField("岗位", max_length=50, blank=True)
    unit_name = models.CharField("单位", max_length=50, blank=True)
    on_behalf_of = models.CharField("代", max_length=50, blank=True, default="")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+", verbose_name="任务")
    at = models.DateTimeField("时间", default=clock.now)
    note = models.TextField("意见", blank=True)
    data = models.JSONField("附加", default=dict)

    class Meta:
        verbose_name = "办理过程"
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="cases_step_order")]


class CasePhoto(models.Model):
    """A picture of a case in its slot (near, far, reference, before, after, check)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos", verbose_name="案件")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    slot = models.CharField("照片类别", max_length=20)
    seq = models.PositiveIntegerField("所属步骤")
    added_at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = "案件照片"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "file", "slot"], name="cases_photo_once")]
