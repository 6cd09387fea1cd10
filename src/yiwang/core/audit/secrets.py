"""Digest and cipher of personal values under one person's secret."""

import hmac
import os
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET_BYTES = 32
_NONCE_BYTES = 12


def new_secret() -> bytes:
    """A fresh secret for one person: 32 random bytes."""
    return os.urandom(SECRET_BYTES)


def digest(secret: bytes, field: str, value: str) -> str:
    """HMAC-SHA-256 in hex: equal values of one person's field show as equal, and tell nothing else."""
    return hmac.new(_derived(secret, b"digest"), f"{field}\x00{value}".encode(), sha256).hexdigest()


def encrypt(secret: bytes, bound_to: str, value: str) -> bytes:
    """AES-256-GCM: nonce and ciphertext; opens only with the same `bound_to`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_derived(secret, b"cipher")).encrypt(nonce, value.encode(), bound_to.encode())


def decrypt(secret: bytes, bound_to: str, ciphertext: bytes) -> str:
    """The value again. Raises cryptography's InvalidTag when secret, binding or ciphertext differ."""
    nonce, rest = ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:]
    return AESGCM(_derived(secret, b"cipher")).decrypt(nonce, rest, bound_to.encode()).decode()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, b"yiwang.audit." + purpose, sha256).digest()
