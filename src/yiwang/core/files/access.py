"""The only way to a file's content: a link that was made for the one who asks."""

from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound, Refused
from yiwang.core.files import links
from yiwang.core.files.models import StoredFile


def get_file_for(actor: Actor, file_id: UUID, *, variant: str, expires: int, signature: str) -> StoredFile:
    """The file, if the link is signed for this actor and still good. Raises Refused or NotFound."""
    if not links.is_signed(file_id, variant, expires, actor.user_id, signature):
        raise Refused("link_not_yours", "这个链接无效，请从页面重新打开。")
    if links.has_expired(expires):
        raise Refused("link_expired", "链接已过期，请刷新页面。")
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound("file_not_found", "没有这个文件。")
    return file
