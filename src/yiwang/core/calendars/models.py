"""Which days are worked: the official table of each year, and what an administrator has declared over it."""

from django.db import models

DEFAULT_KEY = "default"


class Calendar(models.Model):
    """A working calendar. `version` rises with every change, so that processes know when to read it again.

    One with a `base` has working hours of its own and the days of the base, except those that it states itself;
    a base has no base. `version` rises with a change of the base too.
    """

    key = models.CharField("键", max_length=40, unique=True)
    name = models.CharField("名称", max_length=50)
    name_en = models.CharField("英文名称", max_length=80)
    spans = models.JSONField("工作时段")
    version = models.PositiveIntegerField("版本", default=1)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="dependents", verbose_name="放假安排沿用"
    )

    class Meta:
        verbose_name = "工作日历"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base__isnull=True) | ~models.Q(base=models.F("id")),
                name="calendars_base_is_another",
            )
        ]


class CalendarDay(models.Model):
    """One day of a calendar, local date. A day without a row counts by its weekday.

    A day that was declared locally stands beside the official one and counts before it, so that it can be taken back.
    """

    class Kind(models.TextChoices):
        """Why the day is worked or not."""

        WORKDAY = "workday", "工作日"
        WEEKEND = "weekend", "周末"
        PUBLIC_HOLIDAY = "public_holiday", "节假日"
        ADJUSTED_WORKDAY = "adjusted_workday", "调休上班"

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days", verbose_name="日历")
    on = models.DateField("日期")
    is_workday = models.BooleanField("是否工作日")
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    name = models.CharField("节日", max_length=50, blank=True, default="")
    name_en = models.CharField("英文节日名", max_length=80, blank=True, default="")
    provisional = models.BooleanField("暂定", default=False)
    source = models.CharField("来源", max_length=100)
    is_local = models.BooleanField("本地规定", default=False)

    class Meta:
        verbose_name = "日历日"
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on", "is_local"], name="calendars_one_row_per_day"),
            models.CheckConstraint(
                condition=models.Q(is_workday=True, kind__in=["workday", "adjusted_workday"])
                | models.Q(is_workday=False, kind__in=["weekend", "public_holiday"]),
                name="calendars_kind_fits_workday",
            ),
        ]
