"""What can be wrong in the city, by class, and the conditions under which a case of a class is registered.

Classes are components (部件, things that stand in place) and events (事件, what happens), after GB/T 30428.2.
Meaning hangs on the stable `key`, never on a code: editions and cities disagree about the digits.
"""

from django.db import models
from django.db.models import F, Q

from yiwang.core.calendars.rules import LimitKind


class Category(models.Model):
    """A minor class (小类) of one edition. `search` holds the words by which people look for it."""

    class Kind(models.TextChoices):
        """Component or event."""

        COMPONENT = "component", "部件"
        EVENT = "event", "事件"

    key = models.CharField("键", max_length=80)
    edition = models.CharField("版次", max_length=20)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    major_code = models.CharField("大类代码", max_length=2)
    major_name_zh = models.CharField("大类", max_length=50)
    major_name_en = models.CharField("大类英文", max_length=80)
    minor_code = models.CharField("小类代码", max_length=3, null=True)
    name_zh = models.CharField("小类", max_length=80)
    name_en = models.CharField("小类英文", max_length=120)
    is_local = models.BooleanField("本地扩展", default=False)
    usual_unit = models.CharField("常派单位编码", max_length=40, blank=True, default="")
    search = models.TextField("检索词", blank=True, default="")
    source = models.CharField("依据", max_length=150)
    confidence = models.CharField("可信度", max_length=20)
    active = models.BooleanField("启用", default=True)
    order = models.PositiveIntegerField("排序", default=0)

    class Meta:
        verbose_name = "案件类别"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="cases_category_edition"),
            models.UniqueConstraint(fields=["key"], condition=Q(active=True), name="cases_category_active"),
        ]


class CategoryCode(models.Model):
    """A class's code in one numbering scheme; the same digits mean other things in another scheme."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="codes", verbose_name="类别")
    scheme = models.CharField("编码体系", max_length=40)
    code = models.CharField("代码", max_length=10)

    class Meta:
        verbose_name = "类别代码"
        constraints = [models.UniqueConstraint(fields=["category", "scheme"], name="cases_code_per_scheme")]


class FilingCondition(models.Model):
    """One row of the filing table: condition, limit, closing test (立案条件、处置时限、结案条件, GB/T 30428.8)."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="conditions", verbose_name="类别")
    no = models.PositiveSmallIntegerField("序号")
    text_zh = models.CharField("立案条件", max_length=300)
    text_en = models.CharField("立案条件英文", max_length=400)
    limit_kind = models.CharField("时限类别", max_length=20, choices=[(k.value, k.value) for k in LimitKind])
    limit_amount = models.DecimalField("时限", max_digits=6, decimal_places=2)
    closing_zh = models.CharField("结案条件", max_length=300)
    closing_en = models.CharField("结案条件英文", max_length=400)
    area_class = models.CharField("区域等级", max_length=5, null=True)
    source = models.CharField("依据", max_length=150)

    class Meta:
        verbose_name = "立案条件"
        ordering = ["category", F("no").asc()]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "no", "area_class"], nulls_distinct=False, name="cases_condition_order"
            ),
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="cases_limit_positive"),
        ]
