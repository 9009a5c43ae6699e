# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record's signing key, and beside it the last head it signed. Neither is ever in a backup."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from kollontai.chapters.record.files import sync_folder, write_durably
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


def draw_next(organisation: HasKey) -> SigningKey:
    """The key that is to follow; drawn where there is none yet. It lies in its place whole or not at all."""
    path = next_path(organisation)
    if not path.exists():
        hidden = _hidden(path)
        hidden.unlink(missing_ok=True)
        SigningKey.generate(organisation.origin).save(hidden)
        hidden.rename(path)
        sync_folder(path.parent)
    return SigningKey.load(path)


def change_places(organisation: HasKey) -> None:
    """Let the key that follows be the present one, and that one the one before; begun again, it goes on."""
    present, old = key_path(organisation), old_path(organisation)
    with suppress(FileExistsError):
        os.link(present, old)
    next_path(organisation).rename(present)
    sync_folder(present.parent)


def is_changing(organisation: HasKey) -> bool:
    """Whether somebody was stopped while keys changed places: one key has two names, and another follows."""
    present, old = key_path(organisation), old_path(organisation)
    return next_path(organisation).exists() and old.exists() and old.samefile(present)


def destroy(path: Path) -> bool:
    """Overwrite a key, then remove it; say whether there was one.

    First it leaves its place, so that nobody reads half of one there. What was left half done is done too.
    """
    hidden = _hidden(path)
    with suppress(FileNotFoundError):
        path.rename(hidden)
    try:
        with hidden.open("r+b") as file:
            file.write(bytes(hidden.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    hidden.unlink()
    sync_folder(path.parent)
    return True


def _hidden(path: Path) -> Path:
    return path.with_name(f".{path.name}")


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
