"""Links to content: signed, expiring, good for one person only."""

import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from yiwang.core import clock

HOUR_S = 3600
VARIANTS = ("original", "thumbnail")


def address(file_id: UUID, variant: str, user_id: UUID | None) -> str:
    """A path that serves the content to this user for one to two hours.

    It stays the same within an hour, so that browsers can keep what they fetched.
    """
    expires = (int(clock.now().timestamp()) // HOUR_S + 2) * HOUR_S
    signature = sign(file_id, variant, expires, user_id)
    return f"/api/v1/files/{file_id}/content?variant={variant}&expires={expires}&signature={signature}"


def sign(file_id: UUID, variant: str, expires: int, user_id: UUID | None) -> str:
    """The signature in hex, HMAC-SHA-256 under the installation's key."""
    value = f"{file_id} {variant} {expires} {user_id}"
    return salted_hmac(
        "yiwang.core.files.links", value, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def is_signed(file_id: UUID, variant: str, expires: int, user_id: UUID | None, signature: str) -> bool:
    """Whether the signature is ours for exactly this."""
    return hmac.compare_digest(sign(file_id, variant, expires, user_id).encode(), signature.encode())


def has_expired(expires: int) -> bool:
    """Whether a link's time is over."""
    return clock.now().timestamp() >= expires
