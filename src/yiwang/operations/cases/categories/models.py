"""What a case can be about: classes of components and events, their codes in several numberings, their conditions.

Shipped rows are never changed, by triggers. A district's own wording is a further version of the key, with dates,
and wins over every shipped edition.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from yiwang.core import clock
from yiwang.core.calendars.rules import LimitKind
from yiwang.core.codes.models import PERIOD
from yiwang.operations.cases.declare import AREA_CLASSES

LOCAL_EDITION = "local"
SCHEME = "gbt_30428_2"
LEGACY_SCHEME = "cjt_214_2007"
VISION_SCHEME = "vision"
LIMIT_KINDS = [(kind.value, kind.value) for kind in LimitKind]


class Category(models.Model):
    """One minor class (小类) in one edition. `key` is stable and says what it is; it never comes from digits.

    `version` is 0 for a shipped row and counts the local versions of a key from 1; `based_on` is the shipped edition
    that a local version was made from. `requests` makes the policy of requests stricter for this class, see
    `category_rules`. A version that was withdrawn never holds, whatever its dates.
    """

    class Kind(models.TextChoices):
        """Components stand in place; events happen (GB/T 30428.2)."""

        COMPONENT = "component", "部件"
        EVENT = "event", "事件"

    key = models.CharField("键", max_length=80)
    edition = models.CharField("版本", max_length=8)
    rank = models.PositiveIntegerField("版本序")
    version = models.PositiveIntegerField("本地版次", default=0)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    major_code = models.CharField("大类代码", max_length=2)
    minor_code = models.CharField("小类代码", max_length=2, null=True)
    major_name_zh = models.CharField("大类", max_length=50)
    major_name_en = models.CharField("大类英文", max_length=80)
    name_zh = models.CharField("小类", max_length=80)
    name_en = models.CharField("小类英文", max_length=120)
    origin = models.CharField("出处", max_length=10)
    source = models.CharField("来源", max_length=200)
    source_en = models.CharField("来源英文", max_length=300)
    confidence = models.CharField("可信度", max_length=20)
    usual_unit = models.CharField("通常处置单位", max_length=40)
    search = models.TextField("检索词")
    active = models.BooleanField("启用", default=True)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止（不含）", null=True)
    digest = models.CharField("内容摘要", max_length=64)
    requests = models.JSONField("申请规则", default=dict)
    based_on = models.CharField("依据版本", max_length=8, blank=True, default="")
    note = models.CharField("说明", max_length=500, blank=True, default="")
    made_by = models.UUIDField("编制人", null=True)
    made_by_name = models.CharField("编制人姓名", max_length=50, blank=True, default="")
    changed_at = models.DateTimeField("变更时间", default=clock.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "案件类别"
        ordering = ["kind", "major_code", F("minor_code").asc(nulls_last=True), "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "edition", "version"], name="cases_one_category_per_version"
            ),
            models.CheckConstraint(
                condition=Q(kind="component", key__startswith="component.")
                | Q(kind="event", key__startswith="event."),
                name="cases_category_key_tells_kind",
            ),
            models.CheckConstraint(
                condition=Q(version=0, valid_from__isnull=True, valid_to__isnull=True)
                & ~Q(edition=LOCAL_EDITION)
                | Q(version__gt=0, valid_from__isnull=False, edition=LOCAL_EDITION),
                name="cases_category_shipped_or_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="cases_category_period",
            ),
            ExclusionConstraint(
                name="cases_one_local_category_a_day",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(version__gt=0, withdrawn_at__isnull=True),
            ),
        ]


class CategoryCode(models.Model):
    """The code of a category in one numbering: the newer standard's, the older one's, the machine-vision classes'."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="codes", verbose_name="案件类别")
    scheme = models.CharField("编号体系", max_length=20)
    code = models.CharField("代码", max_length=40)

    class Meta:
        verbose_name = "类别代码"
        constraints = [
            models.UniqueConstraint(fields=["category", "scheme"], name="cases_one_code_per_scheme"),
        ]
        indexes = [models.Index(fields=["scheme", "code"], name="cases_category_by_code")]


class FilingCondition(models.Model):
    """One row of the filing table (立案条件): what is found, how and in what time it is handled, when it is done.

    The limit holds wherever no limit of the area's management class is set.
    """

    category = models.ForeignKey(Category, models.CASCADE, related_name="conditions", verbose_name="案件类别")
    no = models.PositiveSmallIntegerField("序号")
    text_zh = models.CharField("立案条件", max_length=200)
    text_en = models.CharField("立案条件英文", max_length=300)
    limit_kind = models.CharField("时限类别", max_length=20, choices=LIMIT_KINDS)
    limit_amount = models.DecimalField("时限", max_digits=6, decimal_places=2)
    handling_zh = models.CharField("处置要求", max_length=200, blank=True, default="")
    handling_en = models.CharField("处置要求英文", max_length=300, blank=True, default="")
    closing_zh = models.CharField("结案条件", max_length=200)
    closing_en = models.CharField("结案条件英文", max_length=300)
    source = models.CharField("来源", max_length=200)
    confidence = models.CharField("可信度", max_length=20)

    class Meta:
        verbose_name = "立案条件"
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["category", "no"], name="cases_condition_order"),
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="cases_condition_limit_positive"),
        ]


class ConditionLimit(models.Model):
    """The limit of a filing condition in areas of one management class (A, B, C; GB/T 30428.8, CJ/T 315)."""

    condition = models.ForeignKey(
        FilingCondition, models.CASCADE, related_name="area_limits", verbose_name="立案条件"
    )
    area_class = models.CharField("区域管理等级", max_length=1)
    limit_kind = models.CharField("时限类别", max_length=20, choices=LIMIT_KINDS)
    limit_amount = models.DecimalField("时限", max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = "分等级时限"
        ordering = ["area_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "area_class"], name="cases_one_limit_per_area_class"
            ),
            models.CheckConstraint(condition=Q(area_class__in=AREA_CLASSES), name="cases_limit_area_class"),
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="cases_area_limit_positive"),
        ]
