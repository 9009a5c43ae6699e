# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record's signing key, and beside it the last head it signed. Neither is ever in a backup."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from kollontai.chapters.record.files import write_durably
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.keys import SigningKey, VerifierKey


class KeyMissing(Exception):
    """The signing key of a record is not where it should be."""


class HasKey(Protocol):
    """An organisation, or as much of it as names its key."""

    @property
    def slug(self) -> str: ...
    @property
    def origin(self) -> str: ...


def key_path(organisation: HasKey) -> Path:
    """Where the key lies."""
    return _beside(settings.KEYS, f"{organisation.slug}.key")


def last_path(organisation: HasKey) -> Path:
    """Where the last head it signed is written down."""
    return _beside(settings.KEYS, f"{organisation.slug}.last-signed")


@lru_cache(maxsize=256)
def _beside(keys: Path, name: str) -> Path:
    return Path(keys) / name


def create(organisation: HasKey) -> SigningKey:
    """Make the key of a new record; a key that is already there is never overwritten."""
    path = key_path(organisation)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = SigningKey.generate(organisation.origin)
    try:
        key.save(path)
    except FileExistsError:
        found = load(organisation)
        if found.name != organisation.origin:
            raise KeyMissing(f"{path.name} is the key of another record, {found.name}.") from None
        return found
    return key


def load(organisation: HasKey) -> SigningKey:
    """Read the key."""
    path = key_path(organisation)
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise KeyMissing(
            f"The signing key {path.name} is missing; without it nothing can be put on the record."
        ) from None
    return _load(str(path), stamp)


@lru_cache(maxsize=64)
def _load(path: str, stamp: int) -> SigningKey:
    return SigningKey.load(Path(path))


def next_path(organisation: HasKey) -> Path:
    """Where the key lies that is to follow; there only while one is brought in."""
    return _beside(settings.KEYS, f"{organisation.slug}.key.next")


def old_path(organisation: HasKey) -> Path:
    """Where the key before lies, as long as it signs beside the new one."""
    return _beside(settings.KEYS, f"{organisation.slug}.key.old")


def signers(organisation: HasKey) -> list[SigningKey]:
    """The key that signs; while it changes, the one that follows it or went before it signs too."""
    found = [load(organisation)]
    for path in (next_path(organisation), old_path(organisation)):
        try:
            other = _load(str(path), path.stat().st_mtime_ns)
        except FileNotFoundError:
            continue
        if other not in found:
            found.append(other)
    return found


def verifiers(organisation: HasKey) -> list[VerifierKey]:
    """The public halves of the keys that sign."""
    return [key.verifier for key in signers(organisation)]


def remember(organisation: HasKey, size: int, root: bytes) -> None:
    """Write down the head that was just committed with its signature."""
    write_durably(last_path(organisation), Checkpoint(organisation.origin, size, root).format())


def last_signed(organisation: HasKey) -> Checkpoint | None:
    """The last head this key signed, as far as the note beside it knows."""
    try:
        return Checkpoint.parse(last_path(organisation).read_bytes())
    except FileNotFoundError:
        return None
