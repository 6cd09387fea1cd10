"""Forms in their versions, and what was filled in by them. Neither changes once it is there."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.ids import uuid7

LOCAL = "local"
# Shipped versions are the rank of their edition ("2026.1": 2026001); a district's own count on from 1.
FIRST_SHIPPED = 1_000_000
PERIOD = Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


class FormVersion(models.Model):
    """One version of a form: a shipped edition, or the district's own that holds from a day on and wins.

    `form` is its JSON (`declare.form_json`); a trigger refuses to change it. `base`: the version that it was made from.
    """

    key = models.CharField("表单", max_length=81)
    version = models.PositiveIntegerField("版本")
    edition = models.CharField("版次", max_length=8)
    form = models.JSONField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止（不含）", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    base = models.PositiveIntegerField("依据版本", null=True)
    note = models.CharField("说明", max_length=500, blank=True, default="")
    published_at = models.DateTimeField("发布时间", default=clock.now)
    published_by = models.UUIDField("发布人", null=True)
    published_by_name = models.CharField("发布人姓名", max_length=50, blank=True, default="")

    class Meta:
        verbose_name = "表单版本"
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="forms_one_row_per_version"),
            models.CheckConstraint(
                condition=Q(version__gte=FIRST_SHIPPED, valid_from__isnull=True)
                | Q(version__lt=FIRST_SHIPPED, version__gt=0, valid_from__isnull=False),
                name="forms_shipped_or_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="forms_period"
            ),
            ExclusionConstraint(
                name="forms_one_local_version_a_day",
                expressions=[("key", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(valid_from__isnull=False, withdrawn_at__isnull=True),
            ),
        ]

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the platform."""
        return self.version >= FIRST_SHIPPED


class FilledForm(models.Model):
    """What a person answered, by one version of a form, at a place and moment. A trigger keeps it as it is.

    `answers` by the fields' keys, of fields that were asked only. `score` is `{"got", "most"}` as fractions in lowest
    terms, null where nothing is scored. `failed`: the fields whose answer is a finding.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+", verbose_name="表单版本")
    answers = models.JSONField("答案")
    score = models.JSONField("得分", null=True)
    percent = models.DecimalField("得分率", max_digits=5, decimal_places=2, null=True)
    failed = models.JSONField("不合格项", default=list)
    area_code = models.CharField("区域代码", max_length=15, blank=True, default="")
    filled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="填写人")
    filled_by_name = models.CharField("填写人姓名", max_length=50)
    filled_at = models.DateTimeField("填写时间")
    received_at = models.DateTimeField("收到时间", default=clock.now)

    class Meta:
        verbose_name = "填写的表单"
        indexes = [models.Index(fields=["form_version", "filled_at"], name="forms_filled_by_version")]
