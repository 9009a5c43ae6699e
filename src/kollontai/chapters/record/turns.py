# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose turn it is to write.

SQLite has one writer, and its own waiting is unfair: a lock in the process and a file lock between
processes give turns in order. PostgreSQL needs neither. Also here: which errors mean "try again".
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from kollontai.chapters.record import by_hand

_turn = threading.RLock()


class _Held(threading.local):
    depth = 0


_held = _Held()


@contextmanager
def write_turn() -> Iterator[None]:
    """Wait for the turn to write (SQLite); nothing on PostgreSQL. May be entered twice by one thread."""
    if connection.vendor != "sqlite" or _held.depth:
        yield
        return
    with _turn:
        descriptor = _turn_file(f"{settings.HOME}/write-turn")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _held.depth = 1
        try:
            yield
        finally:
            _held.depth = 0
            fcntl.flock(descriptor, fcntl.LOCK_UN)


_open_turn: tuple[str, int, int] = "", 0, -1


def _turn_file(path: str) -> int:
    """The lock file of the turn, kept open by this process; a child opens its own, or both would hold it."""
    global _open_turn
    of, process, descriptor = _open_turn
    if (of, process) != (path, os.getpid()):
        if process == os.getpid():
            os.close(descriptor)
        _open_turn = path, os.getpid(), _open(Path(path))
    return _open_turn[2]


@contextmanager
def durable_write() -> Iterator[None]:
    """Hold the write turn and let the database sync this one commit to the disk (earlier ones go with it)."""
    with write_turn():
        if connection.in_atomic_block:
            yield
            return
        to_the_disk, not_so_far = _SYNC[connection.vendor]
        by_hand.change(to_the_disk)
        try:
            yield
        finally:
            by_hand.change(not_so_far)


_SYNC = {
    "sqlite": ("PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"),
    "postgresql": ("SET synchronous_commit=on", "SET synchronous_commit=off"),
}

SYNC_THIS_COMMIT = "SET LOCAL synchronous_commit=on"
"""PostgreSQL, within a transaction."""


def sync_what_is_committed() -> None:
    """Bring what was committed without a sync to the disk."""
    if connection.in_atomic_block or not settings.FSYNC:
        return
    if connection.vendor == "postgresql":
        with durable_write(), transaction.atomic():  # whatever is committed with a sync takes the rest along
            by_hand.rows("SELECT pg_logical_emit_message(true, 'kollontai', '')")
        return
    name = str(connection.settings_dict["NAME"])
    try:
        descriptor = os.open(f"{name}-wal", os.O_RDONLY)
    except FileNotFoundError:
        return  # everything is in the database file, synced there
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock file between processes and threads."""
    with _locked(path, fcntl.LOCK_EX):
        yield


@contextmanager
def file_lock_if_free(path: Path) -> Iterator[bool]:
    """Hold a lock file if nobody else does; say whether it is held."""
    try:
        with _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield True
    except _Busy:
        yield False


class _Busy(Exception):
    """Somebody else holds the lock file."""


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    descriptor = _open(path)
    try:
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            raise _Busy from None
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def may_be_tried_again(error: DatabaseError) -> bool:
    """Tell a lost race from a real fault: serialisation failure, deadlock, busy, the same row at once.

    Two acts that make the same row at once both find that it is not there yet. The loser, run again,
    finds it, and its rule says the right thing about it.
    """
    state = getattr(error.__cause__, "sqlstate", None)
    if state in {"40001", "40P01", "23505"}:
        return True
    if isinstance(error, IntegrityError):
        return False  # SQLite has one writer: nobody else made that row meanwhile
    text = str(error).lower()
    return "database is locked" in text or "database table is locked" in text
