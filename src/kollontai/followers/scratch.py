# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders in which something lies in clear for a while: a restored copy, an export that is audited.

Each goes with the work. A process that is killed clears nothing away, so each folder has a lock file that is
held while somebody works there, by the process and by those it starts: what nobody holds was left behind, and
whoever works next clears it away. So does the keeper, every hour; the doctor names it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from kollontai import clock

DRILL, AUDIT, BACKUP, RESTORE = "kollontai-drill-", "kollontai-audit-", ".backup-", ".restore-"
IN_HOME = (BACKUP, RESTORE)
"""Where a copy of the database lies in clear, it lies where the database does; the others lie in TMPDIR."""
LOCK = "held"
NO_LOCK_YET = 3600.0
"""Seconds after which a folder without a lock file was left behind, too."""


@dataclass(frozen=True)
class Scratch:
    """A folder to work in, and what keeps it: to be handed on to whoever works there too."""

    folder: Path
    lock: int


@contextmanager
def folder(kind: str) -> Iterator[Scratch]:
    """A new folder that is gone afterwards; what others left of any kind is cleared away first."""
    sweep()
    place = Path(tempfile.mkdtemp(prefix=kind, dir=_where(kind)))
    lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (place / "lock").rename(place / LOCK)  # so that nobody finds it before it is held
        (place / "work").mkdir(mode=0o700)
        yield Scratch(place / "work", lock)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(lock)


def left() -> list[str]:
    """What killed processes left behind: folders, and databases of drills."""
    return [str(place) for place in _folders() if _is_left(place)] + _databases()


def sweep() -> int:
    """Clear away what killed processes left behind; say how much."""
    cleared = 0
    for place in _folders():
        if _is_left(place):
            shutil.rmtree(place, ignore_errors=True)
            cleared += not place.exists()
    for name in _databases():
        with suppress(DatabaseError), connection.cursor() as cursor:  # the doctor names what stays
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cleared += 1
    return cleared


def _where(kind: str) -> Path:
    return Path(settings.HOME) if kind in IN_HOME else Path(tempfile.gettempdir())


def _folders() -> Iterator[Path]:
    """Ours, of every kind; never one of somebody else's, nor a link."""
    for kind in (DRILL, AUDIT, BACKUP, RESTORE):
        for place in sorted(_where(kind).glob(f"{kind}*")):
            with suppress(OSError):
                if not place.is_symlink() and place.is_dir() and place.stat().st_uid == os.geteuid():
                    yield place


def _is_left(place: Path) -> bool:
    try:
        lock = os.open(place / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        with suppress(OSError):
            return clock.machine_time().timestamp() - place.stat().st_mtime > NO_LOCK_YET
        return False
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


# --- Databases of drills (PostgreSQL) ----------------------------------------------------------------


@contextmanager
def held_database() -> Iterator[str]:
    """A name for a database of a drill, held by this process on its connection to the real one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        name = f"kollontai_drill_{cursor.fetchone()[0]}_{secrets.token_hex(6)}"
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _databases() -> list[str]:
    """Databases of drills beside this one that nobody holds any more. Another house's bear another number."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT drill.datname FROM pg_database drill, pg_database ours "
            "WHERE ours.datname = current_database() "
            "AND starts_with(drill.datname, 'kollontai_drill_' || ours.oid || '_') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall() if _is_free(cursor, name)]


def _is_free(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
    if not cursor.fetchone()[0]:
        return False
    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    return True
