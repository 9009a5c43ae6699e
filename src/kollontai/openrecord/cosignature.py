# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cosignatures (C2SP tlog-cosignature, version 1): a witness's word that a record only grew.

It says: at this time, this was the largest consistent tree I had seen under this origin. The bytes are
the time in seconds (8 bytes, big endian), then an Ed25519 signature over that time and the whole text.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kollontai.openrecord.errors import BadSignature
from kollontai.openrecord.note import Signature, SigningKey, VerifierKey


def cosign(key: SigningKey, text: bytes, *, time: int) -> Signature:
    """Cosign the text of a checkpoint at a time in seconds since 1970."""
    return Signature(key.name, key.verifier.key_id, key.sign(text, time=time))


def verify_cosignature(key: VerifierKey, text: bytes, signature: Signature) -> datetime:
    """Check a witness's signature, and tell when it was given."""
    if (signature.name, signature.key_id) != (key.name, key.key_id) or not key.verifies(text, signature.blob):
        raise BadSignature(f"This is no cosignature by {key.name} under this checkpoint.")
    return time_of(signature)


def time_of(signature: Signature) -> datetime:
    """Read when a cosignature says it was given; check the signature before believing it."""
    try:
        return datetime.fromtimestamp(int.from_bytes(signature.blob[:8], "big"), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature(f"The cosignature by {signature.name} names no possible time.") from None
