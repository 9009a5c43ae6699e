# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: the whole database in one file that only the holder of a key can open.

Inside the seal is a tar archive: the database first, `manifest.json` last, which says of each file its
SHA-256 and size, which release made it, and how far each record was. Pictures and papers lie in the
database. The keys and the published record are never in it: a thief of backups can sign nothing, and a
restored copy is held against what was signed.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection

from kollontai.chapters.record import keys
from kollontai.chapters.record.files import sync_folder
from kollontai.chapters.record.turns import file_lock_if_free
from kollontai.followers import scratch
from kollontai.followers.keeping import databases
from kollontai.followers.keeping.strongbox import BoxKey, Opening, PrivateBoxKey, Sealing, Unopened
from kollontai.openrecord import canonical
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.spelling import to_base64
from kollontai.openrecord.times import read_time, write_time

DATABASE, MANIFEST = "database", "manifest.json"
LARGEST_MANIFEST = 10_000_000


class NotNow(Exception):
    """A backup cannot be made or used as things are; the message is one sentence."""


def release() -> str:
    """The running release."""
    return metadata.version("kollontai")


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself."""

    made_at: datetime
    release: str
    database: str
    demo: bool
    migrations: tuple[str, ...]
    organisations: tuple[dict[str, Any], ...]
    files: tuple[dict[str, Any], ...]

    def summary(self) -> list[str]:
        """One line for each record."""
        return [f"{one['slug']}: {one['size']} entries, root {one['root']}" for one in self.organisations]


def make(to: Path, key: BoxKey, *, at: datetime) -> Backup:
    """Write a backup into a new file; either the whole of it is there afterwards, or nothing."""
    if to.exists():
        raise NotNow(f"{to} is there already; a backup is never written over another.")
    with _work_folder() as work, beside(to) as out:
        copied = databases.copy_out(work / DATABASE)
        sealing = Sealing(out, key)
        backup = _pack(sealing, work / DATABASE, copied, at)
        sealing.close()
    return backup


def _pack(sealing: Sealing, database: Path, copied: databases.Copied, at: datetime) -> Backup:
    with tarfile.open(fileobj=cast(BinaryIO, sealing), mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.add(database, DATABASE, filter=_plain)
        with database.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        values = {
            "v": 1,
            "made_at": write_time(at.replace(microsecond=0)),
            "release": release(),
            "database": connection.vendor,
            "demo": bool(settings.DEMO),
            "migrations": list(copied.migrations),
            "organisations": [
                {
                    "id": head.id, "slug": head.slug, "origin": head.origin, "size": head.size,
                    "root": to_base64(head.root), "checkpoint": head.checkpoint.decode("utf-8"),
                    "vkey": _vkey(head),
                }
                for head in copied.heads
            ],
            "files": [{"name": DATABASE, "sha256": digest, "size": database.stat().st_size}],
        }  # fmt: skip
        data = canonical.encode(values)
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(data), 0o600
        archive.addfile(member, io.BytesIO(data))
    return _read_manifest(data)


def _vkey(head: databases.HeadThen) -> str:
    try:
        return str(keys.load(head).verifier)
    except keys.KeyMissing:
        return ""  # a house whose key is gone needs its backup all the more


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file without its owner's name."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def unpack(source: Path, key: PrivateBoxKey, into: Path) -> Backup:
    """Open a backup into an empty folder, and hold every file against its list."""
    found: dict[str, tuple[str, int]] = {}
    manifest: Backup | None = None
    with source.open("rb") as file:
        opening = Opening(file, key)
        try:
            with tarfile.open(fileobj=cast(BinaryIO, opening), mode="r|") as archive:
                for member in archive:
                    data = archive.extractfile(member)
                    if data is None or member.name not in (DATABASE, MANIFEST):
                        raise Unopened(f"The backup holds something unknown, {member.name[:100]!a}.")
                    if member.name == MANIFEST:
                        manifest = _read_manifest(data.read(LARGEST_MANIFEST))
                    else:
                        found[member.name] = _write(cast(BinaryIO, data), into / member.name)
        except tarfile.TarError as error:
            raise Unopened(f"The backup cannot be read: {error}.") from None
        while opening.read(1 << 20):
            pass  # to the end: it must be there
    if manifest is None:
        raise Unopened("The backup has no list of its files.")
    for one in manifest.files:
        if found.pop(one["name"], None) != (one["sha256"], one["size"]):
            raise Unopened(f"The {one['name']} in the backup is not the one on its list.")
    if found:
        raise Unopened(f"The backup holds files that are not on its list: {', '.join(sorted(found))}.")
    return manifest


def _write(data: BinaryIO, to: Path) -> tuple[str, int]:
    descriptor = os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        shutil.copyfileobj(data, file, 1 << 20)
        size = file.tell()
        file.seek(0)
        return file_digest(file, "sha256").hexdigest(), size


def _read_manifest(data: bytes) -> Backup:
    try:
        core = canonical.decode(data)
        if core["v"] != 1:
            raise Unopened("The backup is of a later kind than this release reads.")
        return Backup(
            read_time(core["made_at"]), core["release"], core["database"], core["demo"],
            tuple(core["migrations"]), tuple(core["organisations"]), tuple(core["files"]),
        )  # fmt: skip
    except (RecordError, ValueError, KeyError, TypeError):
        raise Unopened("The list of files in the backup cannot be read.") from None


# --- Files that are whole or not there ---------------------------------------------------------------


@contextmanager
def beside(to: Path) -> Iterator[BinaryIO]:
    """Write a file beside its place, sync it, and put it there only when all of it is written."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        hidden = to.parent / f".{to.name}.{secrets.token_hex(4)}"
        descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise NotNow(f"Nothing can be written to {to.parent}: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(to)
    except BaseException:
        with suppress(OSError):
            hidden.unlink()
        raise
    sync_folder(to.parent)


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder in the home for the plain copy."""
    home = Path(settings.HOME)
    with file_lock_if_free(home / ".backing-up") as ours:
        if not ours:
            raise NotNow("Another backup is being made here just now.")
        with scratch.folder(scratch.BACKUP) as place:
            yield place.folder
