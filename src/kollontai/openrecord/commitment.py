# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tie an entry to a text or name that is kept outside the record and can be erased.

A commitment is a salted hash. With bytes and salt anybody can check that this, and nothing else, was
committed to; once both are deleted it says nothing about what it was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_TAG = b"kollontai/commit/v1"
SALT_BYTES = 32


def new_salt() -> bytes:
    """Draw a fresh salt; every field of every entry has its own."""
    return secrets.token_bytes(SALT_BYTES)


def commit(*, org: str, kind: str, field: str, author: str, salt: bytes, value: bytes) -> bytes:
    """Hash a value so that it is bound to its organisation, its place in the entry and its author.

    Each part is preceded by its length (8 bytes, big endian): no two different lists of parts give
    the same bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes.")
    parts = (_TAG, org.encode(), kind.encode(), field.encode(), author.encode(), salt, value)
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()


def opens(
    commitment: bytes, *, org: str, kind: str, field: str, author: str, salt: bytes, value: bytes
) -> bool:
    """Tell whether this value and salt are what was committed to."""
    if len(salt) != SALT_BYTES:
        return False
    again = commit(org=org, kind=kind, field=field, author=author, salt=salt, value=value)
    return hmac.compare_digest(commitment, again)
