"""What people decided about steps: looked through, or put off."""

from django.db import models

from yiwang.core import clock


class StepDecision(models.Model):
    """A person's word about one step, the last one counts. `mark` is what they saw when they confirmed it."""

    step = models.CharField("步骤", max_length=60, primary_key=True)
    later = models.BooleanField("以后再说")
    mark = models.CharField("核对内容", max_length=100, blank=True, default="")
    by = models.UUIDField("经办人", null=True)
    by_name = models.CharField("经办人姓名", max_length=100)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = "设置步骤的决定"
