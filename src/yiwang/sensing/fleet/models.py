"""Who moves, where they were, and where they are.

Positions are EPSG:4326, degrees; metres, metres per second, degrees from north. They stand in partitions of one day of
the district each, so that forgetting a day is dropping a table.
"""

from django.contrib.gis.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import User


class Mover(models.Model):
    """Something that moves: a person of the staff, later a vehicle."""

    class Kind(models.TextChoices):
        """What it is."""

        PERSON = "person", "人员"
        VEHICLE = "vehicle", "车辆"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    made_at = models.DateTimeField("建立时间", default=clock.now)

    class Meta:
        verbose_name = "移动对象"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(user__isnull=False), name="fleet_person_is_somebody"
            )
        ]


class Position(models.Model):
    """Where a mover was at a moment; `quality` (rules.Quality) says whether it is shown. Never two of one moment.

    `claimed_at` is the moment by the phone's own clock: by it and the device a position that is sent again is known.
    """

    pk = models.CompositePrimaryKey("mover_id", "at")
    mover = models.ForeignKey(
        Mover, models.CASCADE, db_constraint=False, db_index=False, related_name="+", verbose_name="移动对象"
    )
    at = models.DateTimeField("时间")
    device_id = models.UUIDField("设备", null=True)
    claimed_at = models.DateTimeField("设备时间")
    received_at = models.DateTimeField("收到时间")
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    accuracy_m = models.FloatField("精度（米）", null=True)
    speed_mps = models.FloatField("速度（米/秒）", null=True)
    heading = models.FloatField("方向", null=True)
    source = models.PositiveSmallIntegerField("来源", default=1)
    quality = models.PositiveSmallIntegerField("质量", default=0)

    class Meta:
        verbose_name = "位置"


class LastPosition(models.Model):
    """Where a mover is: the newest position that is not filtered out."""

    mover = models.OneToOneField(
        Mover, models.CASCADE, primary_key=True, related_name="last", verbose_name="移动对象"
    )
    at = models.DateTimeField("时间")
    location = models.PointField("位置", srid=4326, geography=True)
    accuracy_m = models.FloatField("精度（米）", null=True)
    speed_mps = models.FloatField("速度（米/秒）", null=True)
    heading = models.FloatField("方向", null=True)
    battery = models.PositiveSmallIntegerField("电量（%）", null=True)

    class Meta:
        verbose_name = "最新位置"
        indexes = [models.Index(fields=["at"], name="fleet_last_by_time")]
