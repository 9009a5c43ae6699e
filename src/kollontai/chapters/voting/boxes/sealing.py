# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key of a secret box, and ballots sealed to it. The key lies among the keys, never in the database.

One file for each box, `keys/<slug>.boxes/<poll>`: the private key and the server's secret for the lot, each
32 bytes. It is written durably before the box's row is committed, and destroyed after the count's. Where a
crash comes between, the keeper does it later.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kollontai.chapters.record import keys
from kollontai.chapters.record.files import make_folder, sync_folder
from kollontai.chapters.record.keys import HasKey
from kollontai.openrecord.note import sign_note

CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
OWN_SIGNS, SERVER_SIGNS = 4, 5


class Unreadable(Exception):
    """A sealed ballot does not open with the box's key, or holds no ballot."""


@dataclass(frozen=True)
class BoxKey:
    """What opens a box, and the server's secret for its lot. It shows in no repr."""

    private: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def public(self) -> str:
        """The key ballots are sealed to, in hex."""
        return bytes(PrivateKey(self.private).public_key).hex()

    @property
    def lot(self) -> str:
        """The server's word on its secret, before anybody has voted."""
        return sha256(self.secret).hexdigest()


# --- The key's file ----------------------------------------------------------------------------------


def folder(organisation: HasKey) -> Path:
    """Where the keys of an organisation's boxes lie."""
    return Path(settings.KEYS) / f"{organisation.slug}.boxes"


def create(organisation: HasKey, poll_id: str) -> BoxKey:
    """Make the key of a new box; it is on the disk when this returns."""
    key = BoxKey(bytes(PrivateKey.generate()), secrets.token_bytes(32))
    place = folder(organisation)
    make_folder(place)
    descriptor = os.open(place / poll_id, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private + key.secret)
        file.flush()
        if settings.FSYNC:
            os.fsync(file.fileno())
    if settings.FSYNC:
        sync_folder(place)
    return key


def load(organisation: HasKey, poll_id: str) -> BoxKey | None:
    """Read the key of a box; None where it is gone or is no key any more."""
    try:
        found = (folder(organisation) / poll_id).read_bytes()
    except FileNotFoundError:
        return None
    return BoxKey(found[:32], found[32:]) if len(found) == 64 and any(found) else None


def destroy(organisation: HasKey, poll_id: str) -> None:
    """Overwrite the key of a box, then remove it."""
    path = folder(organisation) / poll_id
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, bytes(64))
            if settings.FSYNC:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        path.unlink()
        if settings.FSYNC:
            sync_folder(path.parent)


def lying(organisation: HasKey) -> dict[str, float]:
    """The keys that lie here, by their polls, and when each was made (seconds since 1970)."""
    try:
        return {path.name: path.stat().st_mtime for path in folder(organisation).iterdir()}
    except FileNotFoundError:
        return {}


# --- Ballots -----------------------------------------------------------------------------------------


def size_for(options: list[str], most_ranks: int) -> int:
    """How long every ballot of a paper is, so that its length tells nothing: its longest, in bytes."""
    longest = sorted(options, key=len)[::-1][:most_ranks]
    code = "x" * (OWN_SIGNS + SERVER_SIGNS)
    return max(len(_spelt(code, {"ranking": longest})), len(_spelt(code, {"choice": longest[0]})))


def seal(public: str, size: int, code: str, said: dict[str, object]) -> bytes:
    """Seal a ballot; all of one poll are of one length."""
    return bytes(SealedBox(PublicKey(bytes.fromhex(public))).encrypt(_spelt(code, said).ljust(size)))


def unseal(key: BoxKey, sealed: bytes) -> tuple[str, dict[str, Any]]:
    """Open a ballot: its check code, and what it says."""
    try:
        ballot = json.loads(SealedBox(PrivateKey(key.private)).decrypt(sealed))
        return str(ballot.pop("code")), ballot
    except (CryptoError, ValueError, KeyError, AttributeError):
        raise Unreadable("A ballot in the box cannot be read.") from None


def _spelt(code: str, said: dict[str, object]) -> bytes:
    return json.dumps({"code": code, **said}, separators=(",", ":")).encode()


def draw_code(own: str = "") -> str:
    """A check code: four signs of the voter's or by chance, and five by chance."""
    return (own or draw_own_signs()) + _signs(SERVER_SIGNS)


def draw_own_signs() -> str:
    """Four signs by chance, for a voter who chose none."""
    return _signs(OWN_SIGNS)


def _signs(many: int) -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(many))


def promise(organisation: HasKey, poll_id: str, sealed_sha256: str) -> str:
    """The record key's signature that a sealed ballot lies in the box of a poll, as a signed note."""
    text = f"kollontai/promise/v1\n{organisation.origin}\n{poll_id}\n{sealed_sha256}\n"
    return sign_note(text.encode(), keys.load(organisation)).decode()
