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
from django.db import OperationalError, connection

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
    with _turn, _file_lock(Path(settings.HOME) / "write-turn"):
        _held.depth = 1
        try:
            yield
        finally:
            _held.depth = 0


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock file between processes and threads."""
    with _file_lock(path):
        yield


def may_be_tried_again(error: OperationalError) -> bool:
    """Tell a lost race (serialisation failure, deadlock, busy) from a real fault."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in {"40001", "40P01"}:
        return True
    text = str(error).lower()
    return "database is locked" in text or "database table is locked" in text
