"""Take a file in, and give it to the thing that it belongs to."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from PIL import Image

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.copying import copy_in
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.files import images, rules
from yiwang.core.files import store as content
from yiwang.core.files.aside import aside_before, draft_aside, put_aside, read_aside, take_aside_away
from yiwang.core.files.models import StoredFile
from yiwang.core.files.moving import bring_back, copy_to, missing, try_out
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold

__all__ = [
    "aside_before",
    "bring_back",
    "claim",
    "copy_to",
    "draft_aside",
    "missing",
    "put_aside",
    "read_aside",
    "store",
    "take_aside_away",
    "try_out",
]

NOT_TAKEN = "只接收 JPEG、PNG、WebP 图片，PDF 文档和 MP4 视频。"
HEIC_ADVICE = "这是 HEIC 图片。请在手机相机设置中选“兼容性最佳”，或另存为 JPEG 后再传。"


@transaction.atomic
def store(
    actor: Actor, *, stream: BinaryIO, name: str, area_code: str | None = None, file_id: UUID | None = None
) -> StoredFile:
    """Take in what `stream` holds, as the actor's own until a room claims it.

    The bytes are kept before this returns; the row stands or falls with the caller's transaction. A
    `file_id` that the client chose makes a repeated upload the same file.
    Raises Invalid on the field "file": file_empty, file_type_not_taken, heic_not_taken, file_too_large
    (`most_mib`), file_damaged, too_many_pixels; Conflict file_id_taken; Unavailable files_away.
    """
    head = stream.read(rules.HEAD_BYTES)
    kind = known_kind(head)
    draft = content.write_draft(head, stream, kind.most_bytes, lambda: too_large(kind.most_bytes))
    try:
        # Before the thumbnail as well: one that lies there from an earlier upload must not be swept away now.
        lock_content(draft.sha256)
        looks = inspected(draft, kind)
        if file_id and (before := uploaded_before(file_id)):
            return same_upload(before, actor, draft)
        content.keep(draft)
    finally:
        draft.path.unlink(missing_ok=True)
    return StoredFile.objects.create(
        id=file_id or uuid7(),
        sha256=draft.sha256,
        size_bytes=draft.size_bytes,
        media_type=kind.media_type,
        name=rules.safe_name(name, kind),
        width_px=looks.width_px if looks else None,
        height_px=looks.height_px if looks else None,
        taken_at=looks.taken_at if looks else None,
        uploaded_by_id=actor.user_id,
        area_code=area_code or "",
    )


def known_kind(head: bytes) -> rules.Kind:
    """The kind that the first bytes tell; raises Invalid when it is none that is taken."""
    if not head:
        raise Invalid("file_empty", "文件是空的。", field="file")
    kind = rules.sniff(head)
    if kind is None:
        heic = rules.is_heic(head)
        code, advice = ("heic_not_taken", HEIC_ADVICE) if heic else ("file_type_not_taken", NOT_TAKEN)
        raise Invalid(code, advice, field="file")
    return kind


def too_large(most_bytes: int) -> Invalid:
    """The refusal of a file beyond its kind's limit."""
    most_mib = most_bytes // rules.MIB
    return Invalid(
        "file_too_large", f"文件超过 {most_mib} MB，请压缩后再传。", field="file", most_mib=most_mib
    )


def inspected(draft: content.Draft, kind: rules.Kind) -> images.Looks | None:
    """What a picture looks like, its thumbnail made; None for other kinds. Raises Invalid."""
    damaged = Invalid("file_damaged", "文件已损坏，请重新选择。", field="file")
    if kind is rules.MP4:
        with draft.path.open("rb") as video:
            if not rules.has_movie(video, draft.size_bytes):
                raise damaged
    if kind.family != "image":
        return None
    try:
        return images.look_at(draft.path, kind, lambda small: keep_thumbnail(draft.sha256, small))
    except images.TooManyPixels:
        raise Invalid("too_many_pixels", "图片像素过多，请缩小后再传。", field="file") from None
    except images.Damaged as error:
        raise damaged from error


def keep_thumbnail(sha256: str, small: Image.Image) -> None:
    """Write the small picture down, unless it is there."""
    key = content.thumbnail(sha256)
    if content.size_of(key) is not None:
        return
    draft = content.new_draft()
    try:
        images.save_small(small, draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        content.keeper().put(key, draft)
    finally:
        draft.unlink(missing_ok=True)


def uploaded_before(file_id: UUID) -> StoredFile | None:
    """The file with an id that a client chose; others who bring the same id wait until this one is done."""
    hold(f"files:{file_id}")
    return StoredFile.objects.filter(pk=file_id).first()


def same_upload(before: StoredFile, actor: Actor, draft: content.Draft) -> StoredFile:
    """The file as it was taken in before; raises Conflict when its id stands for something else."""
    if before.uploaded_by_id != actor.user_id or before.sha256 != draft.sha256:
        raise Conflict("file_id_taken", "这个文件编号已被使用。", field="id")
    return before


def lock_content(sha256: str) -> None:
    """Keep the sweep away from this content until the caller's transaction ends."""
    hold(f"files:{sha256}")


@transaction.atomic
def claim(actor: Actor, file_ids: Iterable[UUID], *, area_code: str) -> dict[UUID, StoredFile]:
    """Make files part of something that a room keeps, at a place; returns them by id.

    From then on that room decides who gets links to them. A file may be claimed again by its uploader.
    Raises Invalid file_not_found on the field "photos" for a file that the actor did not upload.
    """
    wanted = set(file_ids)
    found = {
        file.pk: file
        for file in StoredFile.objects.select_for_update().filter(pk__in=wanted, uploaded_by=actor.user_id)
    }
    if missing := wanted - found.keys():
        listed = sorted(str(one) for one in missing)
        raise Invalid(
            "file_not_found", "照片不存在或不是您上传的，请重新上传。", field="photos", files=listed
        )
    now = clock.now()
    fresh = [file for file in found.values() if file.claimed_at is None]
    for file in fresh:
        file.claimed_at, file.area_code = now, area_code
    StoredFile.objects.bulk_update(fresh, ["claimed_at", "area_code"])
    return found


def release(file_ids: Iterable[UUID]) -> int:
    """Make files no longer part of what the only room that claimed them keeps; they go with the sweep. How many."""
    return StoredFile.objects.filter(pk__in=list(file_ids)).update(claimed_at=None)


@dataclass(frozen=True, slots=True)
class Again:
    """The contents of a file uploaded once more: under which id, by whom, when (aware)."""

    id: UUID
    file: StoredFile
    person: UUID | None
    at: datetime


@transaction.atomic
def store_again(uploads: Iterable[Again]) -> None:
    """Uploads of a past whose contents are here already: new rows on the same bytes."""
    copy_in(
        [
            StoredFile(
                id=upload.id,
                sha256=upload.file.sha256,
                size_bytes=upload.file.size_bytes,
                media_type=upload.file.media_type,
                name=upload.file.name,
                width_px=upload.file.width_px,
                height_px=upload.file.height_px,
                taken_at=upload.file.taken_at,
                uploaded_by_id=upload.person,
                created_at=upload.at,
            )
            for upload in uploads
        ]
    )


@transaction.atomic
def claim_past(places: Mapping[UUID, tuple[str, datetime, UUID | None]]) -> dict[UUID, StoredFile]:
    """Make files part of something past: each at its place (area code) since its moment; returns them by id.

    Left out are those that are not there, and those that another than the named person uploaded.
    """
    stored = StoredFile.objects.select_for_update().in_bulk(list(places))
    found = {key: file for key, file in stored.items() if file.uploaded_by_id == places[key][2]}
    fresh = [file for file in found.values() if file.claimed_at is None]
    for file in fresh:
        file.area_code, file.claimed_at, _ = places[file.pk]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE files_storedfile AS f SET area_code = v.area_code, claimed_at = v.claimed_at"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS v(id, area_code, claimed_at)"
            " WHERE f.id = v.id",
            [[f.pk for f in fresh], [f.area_code for f in fresh], [f.claimed_at for f in fresh]],
        )
    return found
