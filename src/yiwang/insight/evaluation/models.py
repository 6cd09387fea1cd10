"""Facts of cases, one row for each case and for each unit's handling. They follow from the cases and are never edited:
`yiwang facts rebuild` makes them all again.

The columns of place, category, source and unit are named as those of a case, so that the same words narrow both.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Substr

from yiwang.core.accounts.models import Unit
from yiwang.operations.cases.models import Case, Category


class Fact(models.Model):
    """What every fact can be narrowed by."""

    area_code = models.CharField("区域编码", max_length=15)
    street_code = models.GeneratedField(
        expression=Substr("area_code", 1, 9),
        output_field=models.CharField("街道编码", max_length=9),
        db_persist=True,
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name="案件类别", db_index=False
    )
    source = models.CharField("案件来源", max_length=50)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位", db_index=False
    )
    round = models.PositiveSmallIntegerField("轮次")

    class Meta:
        abstract = True


class CaseFact(Fact):
    """See `rules.CaseFacts`. `version` is that of the case from which it was made."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+", verbose_name="案件")
    version = models.PositiveIntegerField("案件版本")
    reported_at = models.DateTimeField("上报时间")
    registered_at = models.DateTimeField("立案时间", null=True)
    dispatched_at = models.DateTimeField("派遣时间", null=True)
    handled_at = models.DateTimeField("处置时间", null=True)
    settled_at = models.DateTimeField("应结案时间", null=True)
    closed_at = models.DateTimeField("结案时间", null=True)
    is_closed = models.BooleanField("已结案")
    is_closed_in_time = models.BooleanField("按期结案")
    is_forced = models.BooleanField("强制结案")
    is_void = models.BooleanField("作废")
    is_merged = models.BooleanField("并案")
    is_reworked = models.BooleanField("返工")
    reworks = models.PositiveSmallIntegerField("返工次数")
    returns = models.PositiveSmallIntegerField("退件次数")
    extensions = models.PositiveSmallIntegerField("延期次数")
    suspensions = models.PositiveSmallIntegerField("挂账次数")
    assisting = ArrayField(models.BigIntegerField(), verbose_name="协办单位")

    class Meta:
        verbose_name = "案件事实"
        indexes = [
            models.Index(fields=["reported_at", "case"], name="evaluation_case_reported"),
            models.Index(fields=["registered_at", "case"], name="evaluation_case_registered"),
            models.Index(fields=["settled_at", "case"], name="evaluation_case_settled"),
            models.Index(fields=["closed_at", "case"], name="evaluation_case_closed"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class HandlingFact(Fact):
    """See `rules.HandlingFacts`. `id` is the task's, or the case's where no unit is known."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name="案件")
    is_main = models.BooleanField("主办")
    opened_at = models.DateTimeField("派遣时间")
    taken_at = models.DateTimeField("接单时间", null=True)
    due_at = models.DateTimeField("截止时间", null=True)
    done_at = models.DateTimeField("办完时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    settled_at = models.DateTimeField("应处置时间", null=True)
    is_done = models.BooleanField("已办完")
    is_in_time = models.BooleanField("按期")
    is_returned = models.BooleanField("退件")
    extensions = models.PositiveSmallIntegerField("延期次数")
    suspensions = models.PositiveSmallIntegerField("挂账次数")
    handling_s = models.BigIntegerField("处置时长（秒）", null=True)

    class Meta:
        verbose_name = "处置事实"
        indexes = [
            models.Index(fields=["opened_at", "id"], name="evaluation_handling_opened"),
            models.Index(fields=["settled_at", "id"], name="evaluation_handling_settled"),
            models.Index(fields=["done_at", "id"], name="evaluation_handling_done"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
