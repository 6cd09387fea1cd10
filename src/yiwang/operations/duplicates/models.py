"""When reports of a class are proposed as one: each change of the shipped policy is a row of its own."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from yiwang.core import clock


class PolicyVersion(models.Model):
    """One version of a key's policy; the newest counts, and a withdrawn one gives way to what is shipped.

    `key` is a minor class (`event.exposed_waste`), a major one (`event.01`) or a kind (`event`). Never changed.
    """

    class SameClass(models.TextChoices):
        """How close the classes of two reports must be."""

        MINOR = "minor", "同一小类"
        MAJOR = "major", "同一大类"
        ANY = "any", "不限"

    key = models.CharField("适用类别", max_length=80)
    version = models.PositiveIntegerField("版本", validators=[MinValueValidator(1)])
    radius_m = models.PositiveIntegerField("距离（米）")
    days = models.PositiveIntegerField("天数")
    words_min = models.FloatField("文字相近度", validators=[MinValueValidator(0), MaxValueValidator(1)])
    same_class = models.CharField("类别要求", max_length=10, choices=SameClass.choices)
    enabled = models.BooleanField("启用", default=True)
    withdrawn = models.BooleanField("已撤销", default=False)
    made_by_id = models.UUIDField("修改人", null=True)
    made_by_name = models.CharField("修改人姓名", max_length=50)
    made_at = models.DateTimeField("修改时间", default=clock.now)

    class Meta:
        verbose_name = "重复判定规则"
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="duplicates_one_of_a_version"),
            models.CheckConstraint(
                condition=Q(radius_m__gte=1, days__gte=1, words_min__gte=0, words_min__lte=1),
                name="duplicates_sane_policy",
            ),
        ]
