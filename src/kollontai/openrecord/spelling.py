# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the formats of the record spell bytes (standard base64) and sizes (decimal): one way each."""

from __future__ import annotations

from base64 import b64decode, b64encode


def to_base64(data: bytes) -> str:
    """Spell bytes in base64."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read base64; ValueError for anything but the one spelling (padding, spare bits and all)."""
    data = b64decode(text, validate=True)
    if to_base64(data) != text:
        raise ValueError("This is not base64 in its one spelling.")
    return data


def hash_from_base64(text: str) -> bytes:
    """Read the base64 of a SHA-256 hash, or raise ValueError."""
    data = from_base64(text)
    if len(data) != 32:
        raise ValueError("This is not the base64 of a SHA-256 hash.")
    return data


def size_from_decimal(text: str) -> int:
    """Read a size or index as it is written: decimal, no leading zero, below 2^63; or raise ValueError."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (text[0] == "0" and text != "0"):
        raise ValueError("This is not a size.")
    size = int(text)
    if size >= 2**63:
        raise ValueError("This is not a size.")
    return size
