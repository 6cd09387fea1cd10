"""Code tables: shipped editions, which the database itself refuses to change, and the local versions over them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from yiwang.core import clock

# `daterange(from, to)`: the days of a version, the last one not included, without end when `to` is null.
PERIOD = Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


class CodeTable(models.Model):
    """One shipped table in one edition. `rank` orders editions; `digest` tells whether the file was changed."""

    key = models.CharField("表", max_length=60)
    edition = models.CharField("版本", max_length=8)
    rank = models.PositiveIntegerField("版本序")
    name = models.CharField("名称", max_length=80)
    name_en = models.CharField("英文名称", max_length=120)
    source = models.CharField("来源", max_length=300)
    digest = models.CharField("内容摘要", max_length=64)
    loaded_at = models.DateTimeField("载入时间", default=clock.now)

    class Meta:
        verbose_name = "代码表"
        constraints = [models.UniqueConstraint(fields=["key", "edition"], name="codes_one_table_per_edition")]


class CodeItem(models.Model):
    """One code of a shipped table; never updated, never deleted (refused by a trigger)."""

    table = models.ForeignKey(CodeTable, models.PROTECT, related_name="items", verbose_name="代码表")
    code = models.CharField("代码", max_length=60)
    position = models.PositiveIntegerField("次序")
    name = models.CharField("名称", max_length=120)
    name_en = models.CharField("英文名称", max_length=160)
    parent = models.CharField("上级代码", max_length=60, null=True)
    active = models.BooleanField("启用", default=True)
    confidence = models.CharField("可信度", max_length=20)

    class Meta:
        verbose_name = "代码"
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="codes_one_row_per_code")]


class LocalCode(models.Model):
    """A code as this district words or switches it, from a day on; it wins over every shipped edition."""

    table_key = models.CharField("表", max_length=60)
    code = models.CharField("代码", max_length=60)
    name = models.CharField("名称", max_length=120)
    name_en = models.CharField("英文名称", max_length=160)
    parent = models.CharField("上级代码", max_length=60, null=True)
    active = models.BooleanField("启用", default=True)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True)

    class Meta:
        verbose_name = "本地代码"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="codes_local_period",
            ),
            ExclusionConstraint(
                name="codes_one_local_version_a_day",
                expressions=[
                    ("table_key", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]


class LocalOrder(models.Model):
    """In which order this district offers the codes of a table; it wins over every shipped edition.

    Without `codes` the shipped order holds again, and the version counts on.
    """

    table_key = models.CharField("表", max_length=60, primary_key=True)
    codes = models.JSONField("次序")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "本地次序"
