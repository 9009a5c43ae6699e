# SPDX-License-Identifier: AGPL-3.0-or-later
"""A moment on the record: UTC, whole seconds, one spelling (2026-02-19T09:42:00Z)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache


def write_time(moment: datetime) -> str:
    """Spell a moment; ValueError when it is not in UTC or not on a whole second."""
    if moment.microsecond or moment.tzinfo is None or moment.utcoffset():
        raise ValueError("A moment on the record is in UTC, in whole seconds.")
    return moment.isoformat()[:19] + "Z"


def read_time(text: object) -> datetime:
    """Read a moment; ValueError for anything but its one spelling."""
    if type(text) is not str:
        raise ValueError("A moment on the record is a text.")
    return _read(text)


@lru_cache(maxsize=4096)  # entries of one minute share its text
def _read(text: str) -> datetime:
    if not _SPELLING.fullmatch(text):
        raise ValueError("A moment on the record reads like 2026-02-19T09:42:00Z.")
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)


_SPELLING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
