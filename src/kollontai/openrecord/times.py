# SPDX-License-Identifier: AGPL-3.0-or-later
"""A moment on the record: UTC, whole seconds, one spelling (2026-02-19T09:42:00Z)."""

from __future__ import annotations

from datetime import UTC, datetime


def write_time(moment: datetime) -> str:
    """Spell a moment; ValueError when it is not in UTC or not on a whole second."""
    if moment.microsecond or moment.tzinfo is None or moment.utcoffset():
        raise ValueError("A moment on the record is in UTC, in whole seconds.")
    return moment.isoformat()[:19] + "Z"


def read_time(text: object) -> datetime:
    """Read a moment; ValueError for anything but its one spelling."""
    if type(text) is not str or len(text) != 20 or text[10] != "T" or text[19] != "Z":
        raise ValueError("A moment on the record reads like 2026-02-19T09:42:00Z.")
    moment = datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
    if write_time(moment) != text:
        raise ValueError("A moment on the record reads like 2026-02-19T09:42:00Z.")
    return moment
