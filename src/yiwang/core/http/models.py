"""What the HTTP floor remembers: the answers already given to writes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yiwang.core import clock


class GivenAnswer(models.Model):
    """The answer to one write, kept so that the same write sent again changes nothing (Idempotency-Key)."""

    user_id = models.UUIDField("用户")
    key = models.CharField("幂等键", max_length=200)
    fingerprint = models.CharField("请求指纹", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", default=0)
    content_type = models.CharField("内容类型", max_length=100, default="")
    body = models.BinaryField("应答", default=b"")
    created_at = models.DateTimeField("时间", default=clock.now, db_index=True)

    class Meta:
        verbose_name = "写入应答"
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="http_one_answer_per_key")]


class RequestFigure(models.Model):
    """How long the requests of one route took in one hour: a histogram by `rules.BOUNDS_MS`."""

    route = models.CharField("接口", max_length=200)
    hour = models.DateTimeField("小时")
    count = models.BigIntegerField("次数")
    errors = models.BigIntegerField("出错次数")
    total_ms = models.BigIntegerField("总耗时（毫秒）")
    buckets = ArrayField(models.IntegerField(), verbose_name="耗时分布")

    class Meta:
        verbose_name = "请求耗时"
        constraints = [models.UniqueConstraint(fields=["hour", "route"], name="http_one_figure_per_hour")]
