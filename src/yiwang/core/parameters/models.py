"""Values that were set; what has none has its default."""

from django.db import models

from yiwang.core import clock


class SetValue(models.Model):
    """A parameter's own value. `version` counts the changes."""

    key = models.CharField("参数", max_length=60, primary_key=True)
    value = models.JSONField("值")
    version = models.PositiveIntegerField("修改次数", default=1)
    changed_at = models.DateTimeField("修改时间", default=clock.now)
    changed_by_name = models.CharField("修改人", max_length=100)

    class Meta:
        verbose_name = "参数值"
