"""What is known of a file; its bytes lie in the store under their SHA-256."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.ids import uuid7

# How long an upload that is under way is waited for.
KEPT_FOR = timedelta(days=1)


class StoredFile(models.Model):
    """One upload. The same content uploaded twice is two rows on the same bytes.

    Until a room claims it for something of its own it belongs to its uploader alone, and goes after a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.BigIntegerField("大小")
    media_type = models.CharField("类型", max_length=50)
    name = models.CharField("文件名", max_length=150)
    width_px = models.PositiveIntegerField("宽", null=True)
    height_px = models.PositiveIntegerField("高", null=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="上传人")
    area_code = models.CharField("区域代码", max_length=15, blank=True, default="")
    created_at = models.DateTimeField("上传时间", default=clock.now)
    claimed_at = models.DateTimeField("归档时间", null=True)

    class Meta:
        verbose_name = "文件"
        constraints = [
            models.CheckConstraint(name="files_sha256_is_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="files_size_positive", condition=Q(size_bytes__gt=0)),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="files_by_content"),
            models.Index(fields=["created_at"], name="files_unclaimed", condition=Q(claimed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.media_type})"

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class Upload(models.Model):
    """An upload that is under way, or has just become a file. Whoever does not go on for a day begins again.

    `offset` is how many bytes are kept and noted. `problem` is the code for which the whole was refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="上传人")
    name = models.CharField("文件名", max_length=150)
    length = models.BigIntegerField("总长度")
    offset = models.BigIntegerField("已收长度", default=0)
    problem = models.CharField("拒收原因", max_length=40, blank=True, default="")
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="+", null=True, verbose_name="文件")
    created_at = models.DateTimeField("开始时间", default=clock.now)
    touched_at = models.DateTimeField("最近时间", default=clock.now)

    class Meta:
        verbose_name = "上传"
        constraints = [
            models.CheckConstraint(
                name="files_upload_within_length",
                condition=Q(offset__gte=0, length__gt=0, offset__lte=models.F("length")),
            ),
            models.CheckConstraint(
                name="files_upload_whole_when_file",
                condition=Q(file__isnull=True) | Q(offset=models.F("length")),
            ),
        ]
        indexes = [models.Index(fields=["touched_at"], name="files_uploads_by_time")]

    @property
    def expires_at(self) -> datetime:
        """Until when it is waited for."""
        return self.touched_at + KEPT_FOR


class UploadPart(models.Model):
    """Bytes of an upload that are kept: from an offset on, under a key of the store."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts", verbose_name="上传")
    offset = models.BigIntegerField("起始位置")
    size_bytes = models.BigIntegerField("大小")
    key = models.CharField("存放处", max_length=120, unique=True)

    class Meta:
        verbose_name = "上传分段"
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="files_part_once")]
