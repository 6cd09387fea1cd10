"""Uploads that resume: begun with a length, continued part by part, finished through `actions.store`.

How far an upload is stands in the database, its parts lie where all content lies. A part counts once it is both kept
and noted; whoever is cut off asks how far it is and goes on from there, at whatever web server.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.http import UnreadablePostError

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, DomainError, Invalid, NotFound, Refused, TooMany
from yiwang.core.files import actions, rules, store
from yiwang.core.files.models import KEPT_FOR, StoredFile, Upload, UploadPart
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold

MOST_OPEN = 20
MOST_OPEN_BYTES = 5 * rules.MOST_BYTES
# What is lost at most when the line breaks within a part that carries no checksum.
SEGMENT = 4 * rules.MIB
_CHUNK = 256 * 1024
ALGORITHMS = ("sha256", "sha1")


class TooLarge(Invalid):
    """Longer than any file that is taken."""

    status = 413


class Gone(NotFound):
    """It was there; it was refused, or its time is over."""

    status = 410


class ChecksumMismatch(DomainError):
    """What arrived is not what was sent (tus 1.0, checksum)."""

    status = 460


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a part's digest must be."""

    algorithm: str
    digest: bytes

    @classmethod
    def read(cls, header: str) -> "Checksum":
        """From `sha256 <base64>`. Raises Invalid `bad_checksum`."""
        algorithm, _, encoded = header.strip().partition(" ")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            digest = b""
        if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
            known = "、".join(ALGORITHMS)
            raise Invalid("bad_checksum", f"校验值无法识别，支持 {known}。", field="Upload-Checksum")
        return cls(algorithm, digest)


@transaction.atomic
def begin(actor: Actor, *, length: int, name: str, upload_id: UUID | None) -> Upload:
    """Begin an upload of `length` bytes; its id becomes the file's. The same id again gives the same upload.

    Raises TooLarge file_too_large, Invalid file_empty, Conflict upload_id_taken, TooMany too_many_uploads.
    """
    if length > rules.MOST_BYTES:
        most = rules.MOST_BYTES // rules.MIB
        raise TooLarge(
            "file_too_large", f"文件超过 {most} MB，请压缩后再传。", field="Upload-Length", most_mib=most
        )
    if length < 1:
        raise Invalid("file_empty", "文件是空的。", field="Upload-Length")
    hold(f"files.uploads:{actor.user_id}")
    if upload_id is not None and (known := Upload.objects.filter(pk=upload_id).first()):
        if (known.user_id, known.length) != (person_of(actor), length):
            raise Conflict("upload_id_taken", "这个上传编号已被使用。", field="id")
        return known
    if upload_id is not None and StoredFile.objects.filter(pk=upload_id).exists():
        raise Conflict("upload_id_taken", "这个上传编号已被使用。", field="id")
    _refuse_too_many(actor, length)
    return Upload.objects.create(
        id=upload_id or uuid7(), user_id=person_of(actor), name=name[:150], length=length
    )


def _refuse_too_many(actor: Actor, length: int) -> None:
    mine = Upload.objects.filter(user_id=person_of(actor), file__isnull=True, problem="")
    open_bytes = mine.aggregate(total=Sum("length"))["total"] or 0
    if mine.count() >= MOST_OPEN or open_bytes + length > MOST_OPEN_BYTES:
        raise TooMany(
            "too_many_uploads", "未完成的上传过多，请先完成或取消。", retry_after_s=60, most=MOST_OPEN
        )


def get_upload_for(actor: Actor, upload_id: UUID) -> Upload:
    """One's own upload. Raises NotFound upload_not_found, Gone upload_refused / upload_expired."""
    row = Upload.objects.select_related("file").filter(pk=upload_id, user_id=person_of(actor)).first()
    if row is None:
        raise NotFound("upload_not_found", "没有这个上传，请重新开始。")
    if row.problem:
        raise Gone("upload_refused", "这个上传已被拒收。", reason=row.problem)
    if row.file is None and row.expires_at < clock.now():
        raise Gone("upload_expired", "上传已过期，请重新开始。")
    return row


def append(
    actor: Actor, upload_id: UUID, *, offset: int, stream: BinaryIO, checksum: Checksum | None
) -> Upload:
    """Take the bytes that `stream` holds as those from `offset` on; the last ones make it a file.

    With a checksum all of them count or none; without one, what arrived before a break counts. Raises as
    `get_upload_for`, Conflict wrong_offset (`offset`: where it is), Invalid more_than_announced, ChecksumMismatch,
    what `actions.store` raises (then the upload is over), Unavailable.
    """
    upload = get_upload_for(actor, upload_id)
    if offset != upload.offset:
        raise wrong_offset(upload.offset)
    most = upload.length - offset
    body = _Body(stream, checksum)
    for draft, size in body.drafts(most if checksum else min(most, SEGMENT), most):
        try:
            upload = _take(actor, upload_id, offset, draft, size)
        finally:
            draft.unlink(missing_ok=True)
        offset += size
    return upload


def person_of(actor: Actor) -> UUID:
    """Whose upload it is: only people upload in parts. Raises Refused."""
    if actor.user_id is None:
        raise Refused("people_only", "只有人员可以分段上传。")
    return actor.user_id


def wrong_offset(offset: int) -> Conflict:
    """The refusal of a part that does not begin where the upload is."""
    return Conflict("wrong_offset", "上传位置不符，请从当前位置继续。", field="Upload-Offset", offset=offset)


@dataclass(slots=True)
class _Body:
    """A part on its way in, cut into pieces that are written to drafts of this machine."""

    stream: BinaryIO
    checksum: Checksum | None

    def drafts(self, at_once: int, most: int) -> Iterator[tuple[Path, int]]:
        """Drafts with their sizes; a part with a checksum is one draft, verified. Raises Invalid, ChecksumMismatch."""
        taken = 0
        while taken < most:
            draft, size = store.new_draft(), 0
            digest = hashlib.new(self.checksum.algorithm) if self.checksum else None
            with draft.open("xb") as out:
                while size < at_once and (
                    piece := self._read(min(_CHUNK, at_once - size, most - taken - size))
                ):
                    size += len(piece)
                    out.write(piece)
                    if digest is not None:
                        digest.update(piece)
            if size == 0 or (digest and self.checksum and digest.digest() != self.checksum.digest):
                draft.unlink()
                if size == 0 and self.checksum is None:
                    return
                raise ChecksumMismatch("checksum_mismatch", "内容与校验值不符，请重传这一段。")
            if taken + size == most and self._read(1):
                draft.unlink()
                raise Invalid("more_than_announced", "内容超过声明的长度。", field="Upload-Length")
            taken += size
            yield draft, size
            if size < at_once:
                return

    def _read(self, most: int) -> bytes:
        """The next bytes; none at the end, and none after a break."""
        try:
            return self.stream.read(most)
        except (UnreadablePostError, OSError):
            return b""


def _take(actor: Actor, upload_id: UUID, offset: int, draft: Path, size: int) -> Upload:
    """Keep a piece, then note it: only both together count."""
    first = draft.open("rb")
    with first:
        head = first.read(rules.HEAD_BYTES)
    key = f"{store.UPLOADS}/{upload_id}/{offset:012d}-{uuid4().hex}"
    store.keeper().put(key, draft)
    try:
        with transaction.atomic():
            upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
            if upload is None:
                raise NotFound("upload_not_found", "没有这个上传，请重新开始。")
            if upload.offset != offset:
                raise wrong_offset(upload.offset)
            if offset == 0 and (size >= rules.HEAD_BYTES or size == upload.length):
                _check_kind(head, upload.length)
            UploadPart.objects.create(upload=upload, offset=offset, size_bytes=size, key=key)
            upload.offset, upload.touched_at = offset + size, clock.now()
            if upload.offset == upload.length:
                _finish(actor, upload)
            upload.save(update_fields=["offset", "touched_at", "file"])
    except Invalid as error:
        _refuse(upload_id, error)
        store.keeper().remove(key)
        raise
    except DomainError:
        store.keeper().remove(key)
        raise
    # Anything else may have come after the commit (a connection lost while it answered): then the piece counts.
    # What was never noted is swept away later, `forget_lost_parts`.
    return upload


def _check_kind(head: bytes, length: int) -> None:
    """What is not taken need not be sent to its end."""
    kind = actions.known_kind(head)
    if length > kind.most_bytes:
        raise actions.too_large(kind.most_bytes)


def _finish(actor: Actor, upload: Upload) -> None:
    parts = list(upload.parts.order_by("offset"))
    upload.file = actions.store(
        actor, stream=cast(BinaryIO, Joined(parts)), name=upload.name, file_id=upload.pk
    )
    keys = [part.key for part in parts]
    UploadPart.objects.filter(upload=upload).delete()
    transaction.on_commit(partial(_remove, keys))


def _refuse(upload_id: UUID, error: Invalid) -> None:
    """The upload is over, and says why to who asks again."""
    keys = list(UploadPart.objects.filter(upload=upload_id).values_list("key", flat=True))
    with transaction.atomic():
        Upload.objects.filter(pk=upload_id).update(problem=error.code)
        UploadPart.objects.filter(upload=upload_id).delete()
    _remove(keys)


def _remove(keys: list[str]) -> None:
    for key in keys:
        store.keeper().remove(key)


class Joined:
    """Parts read one after the other as one stream; `read(n)` gives n bytes except at the end."""

    def __init__(self, parts: list[UploadPart]) -> None:
        self._pieces = (
            piece for part in parts for piece in store.read_part(part.key, 0, part.size_bytes - 1)
        )
        self._ahead = b""

    def read(self, most: int) -> bytes:
        """The next bytes."""
        found = [self._ahead]
        size = len(self._ahead)
        while size < most and (piece := next(self._pieces, b"")):
            found.append(piece)
            size += len(piece)
        whole = b"".join(found)
        self._ahead = whole[most:]
        return whole[:most]


def end(actor: Actor, upload_id: UUID) -> None:
    """Give an upload up; a file that it became stays. Raises NotFound."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, user_id=person_of(actor)).first()
        if upload is None:
            raise NotFound("upload_not_found", "没有这个上传，请重新开始。")
        keys = list(upload.parts.values_list("key", flat=True))
        upload.delete()
    _remove(keys)


def forget_uploads() -> int:
    """Remove uploads that nobody went on with for a day, with their parts; returns how many."""
    removed = 0
    for upload_id in Upload.objects.filter(touched_at__lt=clock.now() - KEPT_FOR).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            row = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload_id).first()
            if row is None or row.touched_at >= clock.now() - KEPT_FOR:
                continue
            keys = list(row.parts.values_list("key", flat=True))
            row.delete()
        _remove(keys)
        removed += 1
    return removed


def forget_lost_parts(older_than: float) -> int:
    """Remove parts that were kept and never noted (a kill in between), last written before a moment; how many."""
    removed = 0
    for key in store.keeper().older_than(store.UPLOADS, older_than):
        if not UploadPart.objects.filter(key=key).exists():
            store.keeper().remove(key)
            removed += 1
    return removed
