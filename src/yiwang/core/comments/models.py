"""Comments, and what they said before they were changed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yiwang.core import clock
from yiwang.core.accounts.models import User


class Comment(models.Model):
    """What a person said about an object of an upper room (`object_type`, `object_id`).

    A deleted one keeps its place without words. `mentions` are the people it named who see the object.
    """

    object_type = models.CharField("对象类别", max_length=30)
    object_id = models.UUIDField("对象")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="作者")
    post = models.CharField("岗位", max_length=50, blank=True, default="")
    text = models.TextField("内容", blank=True)
    mentions = ArrayField(models.UUIDField(), default=list, verbose_name="提到的人")
    written_at = models.DateTimeField("时间", default=clock.now)
    edited_at = models.DateTimeField("修改时间", null=True)
    deleted_at = models.DateTimeField("删除时间", null=True)

    class Meta:
        verbose_name = "评论"
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="comments_of_object")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True) ^ models.Q(text=""),
                name="comments_deleted_is_empty",
            )
        ]


class FormerText(models.Model):
    """What a comment said before it was edited or deleted: the trace, kept apart so that it can be erased."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="former_texts", verbose_name="评论")
    text = models.TextField("原内容")
    until = models.DateTimeField("改动时间")

    class Meta:
        verbose_name = "评论原文"
        ordering = ["-id"]
