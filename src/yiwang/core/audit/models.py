"""Entries and seals, which the database itself refuses to change; personal values, which can be erased."""

import json
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

EntryDocument = dict[str, Any]


class ExactDecoder(json.JSONDecoder):
    """Reads numbers with a point as Decimal: a seal covers each digit, and a float would round some away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


ExactJSONField = partial(models.JSONField, encoder=DjangoJSONEncoder, decoder=ExactDecoder)


class Entry(models.Model):
    """One act. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE (migration 0002)."""

    at = models.DateTimeField("时间")
    actor_id = models.UUIDField("操作人", null=True)
    actor_name = models.CharField("操作人姓名", max_length=100)
    post = models.CharField("岗位", max_length=100, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True)
    via = models.CharField("途径", max_length=30)
    action = models.CharField("动作", max_length=100)
    object_type = models.CharField("对象类型", max_length=100)
    object_id = models.CharField("对象编号", max_length=100)
    before = ExactJSONField(verbose_name="变更前", null=True)
    after = ExactJSONField(verbose_name="变更后", null=True)
    personal = ExactJSONField(verbose_name="个人信息摘要", default=list)

    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_entry_by_object"),
            models.Index(fields=["actor_id", "id"], name="audit_entry_by_actor"),
            models.Index(fields=["at"], name="audit_entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def document(self) -> EntryDocument:
        """All stored fields, as the seal covers them."""
        return {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}


class Seal(models.Model):
    """One link of the chain. Position 0 is the genesis: a random hash that names the chain, without an entry."""

    position = models.BigIntegerField("链上位置", primary_key=True)
    entry = models.OneToOneField(
        Entry, verbose_name="审计记录", on_delete=models.DO_NOTHING, related_name="+", null=True
    )
    hash = models.BinaryField("散列", max_length=32)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "封条"
        constraints = [
            models.CheckConstraint(
                name="audit_seal_genesis_alone_has_no_entry",
                condition=Q(position=0, entry__isnull=True) | Q(position__gt=0, entry__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.position}"


class Unsealed(models.Model):
    """The sealer's queue: a trigger puts each new entry here, so one that commits late is not passed by."""

    entry = models.OneToOneField(
        Entry, verbose_name="审计记录", on_delete=models.DO_NOTHING, related_name="+", primary_key=True
    )

    class Meta:
        verbose_name = "待封存"

    def __str__(self) -> str:
        return f"#{self.entry_id}"


class SubjectKey(models.Model):
    """The secret of one person. Without it the digests in the chain say nothing and the values stay shut."""

    subject_id = models.UUIDField("个人", primary_key=True)
    secret = models.BinaryField("密钥", max_length=32)
    made_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "个人密钥"

    def __str__(self) -> str:
        return str(self.subject_id)


class PersonalValue(models.Model):
    """A personal value that an entry mentions, encrypted under its person's key; erased with it."""

    entry = models.ForeignKey(Entry, verbose_name="审计记录", on_delete=models.DO_NOTHING, related_name="+")
    subject = models.ForeignKey(SubjectKey, verbose_name="个人", on_delete=models.CASCADE, related_name="+")
    field = models.CharField("字段", max_length=100)
    ciphertext = models.BinaryField("密文")

    class Meta:
        verbose_name = "个人信息"

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"
