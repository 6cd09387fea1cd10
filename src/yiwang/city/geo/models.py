"""Divisions, grids, and who manages which land.

All geometry is EPSG:4326, lon/lat. Periods are half-open days: `valid_from` counts, `valid_to` no longer does;
an empty end means since or until ever.
"""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db.models import F, Func, Q

from yiwang.core.accounts.models import Assignment, Unit


def period_check(name: str) -> models.CheckConstraint:
    """A period ends after it begins."""
    ordered = Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
    return models.CheckConstraint(condition=ordered, name=name)


def never_twice(name: str, *fields: str) -> ExclusionConstraint:
    """On no day two rows that are equal in `fields`."""
    days = Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField())
    same: list[Any] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*same, (days, RangeOperators.OVERLAPS)])


class Area(models.Model):
    """A division (行政区划): the district, a street or town, a community or village; keyed by its national code.

    A child's code begins with its parent's, so that a prefix is an area with all below it. `simulated` means
    that the geometry is generated, not surveyed. `management_class` is the grade of upkeep (GB/T 30428.8,
    CJ/T 315): A the strictest; the nearest one that is set counts for what lies below it.
    """

    class ManagementClass(models.TextChoices):
        """The grades of upkeep, by which time limits may differ."""

        A = "A", "A 类区域"
        B = "B", "B 类区域"
        C = "C", "C 类区域"

    class Level(models.TextChoices):
        """The three levels of a district."""

        DISTRICT = "district", "区"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    kind = models.CharField("类别", max_length=20)
    name = models.CharField("名称", max_length=50)
    name_en = models.CharField("英文名称", max_length=100)
    geometry = models.MultiPolygonField("范围", srid=4326)
    simulated = models.BooleanField("模拟边界")
    source = models.CharField("来源", max_length=100)
    management_class = models.CharField("管理等级", max_length=1, choices=ManagementClass.choices, null=True)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)

    class Meta:
        verbose_name = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="district", code__regex=r"^\d{6}$", parent__isnull=True)
                | Q(level="street", code__regex=r"^\d{9}$", parent__isnull=False)
                | Q(level="community", code__regex=r"^\d{12}$", parent__isnull=False),
                name="geo_area_level_fits_code",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(code__startswith=F("parent_id")),
                name="geo_area_lies_in_parent",
            ),
            models.CheckConstraint(
                condition=Q(management_class__isnull=True) | Q(management_class__in=["A", "B", "C"]),
                name="geo_area_management_class",
            ),
            period_check("geo_area_period"),
        ]


class ManagingBody(models.Model):
    """A body that manages land apart from its division (管理主体): a development zone, an area held on trust.

    Bodies may overlap. `areas` are the area-code prefixes that it manages whole. `verified` is false while
    extent and dates rest on memory or assumption; `basis` ({zh, en}) says on what.
    """

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=100)
    name_en = models.CharField("英文名称", max_length=150)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    areas = ArrayField(models.CharField(max_length=15), verbose_name="区域")
    geometry = models.MultiPolygonField("范围", srid=4326)
    area_m2 = models.FloatField("面积（平方米）")
    basis = models.JSONField("依据")
    verified = models.BooleanField("已核实")
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)

    class Meta:
        verbose_name = "管理主体"
        ordering = ["code"]
        constraints = [period_check("geo_managing_body_period")]


class UnitGrid(models.Model):
    """A unit grid (单元网格): the smallest piece of a community; GB/T 30428.1.

    `code` has 15 digits: the community's 12 and a serial of 3, west to east, north to south. A grid that is cut
    anew keeps its row with an end, and the code may come again later. `area_m2` is measured on the ellipsoid.
    """

    code = models.CharField("网格编码", max_length=15)
    community = models.ForeignKey(Area, models.PROTECT, related_name="unit_grids", verbose_name="社区")
    geometry = models.PolygonField("范围", srid=4326)
    area_m2 = models.FloatField("面积（平方米）")
    simulated = models.BooleanField("模拟边界")
    valid_from = models.DateField("初始日期", null=True)
    valid_to = models.DateField("终止日期", null=True)

    class Meta:
        verbose_name = "单元网格"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{15}$"), name="geo_unit_grid_code"),
            models.CheckConstraint(
                condition=Q(code__startswith=F("community_id")), name="geo_unit_grid_lies_in_community"
            ),
            period_check("geo_unit_grid_period"),
            never_twice("geo_unit_grid_once", "code"),
        ]


class DutyGrid(models.Model):
    """A duty grid (责任网格): neighbouring unit grids of one community, given to people on duty.

    `code` is the community's 12 digits, Z and a serial of 2: a local rule, there is no national form.
    """

    code = models.CharField("责任网格编码", max_length=15)
    name = models.CharField("名称", max_length=80)
    name_en = models.CharField("英文名称", max_length=150)
    community = models.ForeignKey(Area, models.PROTECT, related_name="duty_grids", verbose_name="社区")
    unit_grids = models.ManyToManyField(UnitGrid, related_name="duty_grids", verbose_name="单元网格")
    geometry = models.MultiPolygonField("范围", srid=4326)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)

    class Meta:
        verbose_name = "责任网格"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__startswith=F("community_id")), name="geo_duty_grid_lies_in_community"
            ),
            period_check("geo_duty_grid_period"),
            never_twice("geo_duty_grid_once", "code"),
        ]


class DutyAssignment(models.Model):
    """Who is on duty in a duty grid (包片): a person's assignment, in one of the grid's parts."""

    class Kind(models.TextChoices):
        """What the person is for the grid; the order is the order of who is asked first."""

        COLLECTOR = "1_collector", "监督员"
        LEADER = "2_leader", "网格长"
        OFFICER = "3_officer", "执法队员"
        CONTRACTOR = "4_contractor", "作业单位"

    duty_grid = models.ForeignKey(DutyGrid, models.PROTECT, related_name="duties", verbose_name="责任网格")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+", verbose_name="任职")
    kind = models.CharField("职责", max_length=20, choices=Kind.choices, default=Kind.COLLECTOR)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)

    class Meta:
        verbose_name = "网格责任人"
        ordering = ["kind", "id"]
        constraints = [
            period_check("geo_duty_period"),
            never_twice("geo_duty_once", "duty_grid", "assignment", "kind"),
        ]


class Edition(models.Model):
    """One row: which map this is. `number` grows with every change, so that answers can be kept until it does;
    `folder_digest` is the SHA-256 of the district's folder that was loaded last."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField("版次", default=0)
    folder_digest = models.CharField("数据摘要", max_length=64, default="")

    class Meta:
        verbose_name = "地图版次"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="geo_one_edition")]
