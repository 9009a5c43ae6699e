# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house that stands still: restored from a backup, or handed over. It signs nothing until that is settled.

The file `stands-still` in the home says why, and for which records. Whoever deletes it by hand is left with
the other guards alone: what was signed last, what is published, and what witnesses have seen.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings

from kollontai.chapters.record.files import sync_folder, write_durably

RESTORED, HANDED_OVER = "restored", "handed-over"
NAME = "stands-still"
EVERY = "*"
"""Stands for every record of a home, also one that is yet to begin."""

_going_on: ContextVar[str] = ContextVar("going_on", default="")


def path() -> Path:
    """Where the note lies."""
    return Path(settings.HOME) / NAME


def note() -> dict[str, Any]:
    """What the note says; nothing where the house goes on as ever."""
    try:
        data = path().read_bytes()
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(data)
        if isinstance(found, dict) and isinstance(found.get("records"), dict):
            return found
    except ValueError:
        pass
    return {"why": "", "records": {EVERY: {}}}


def stand_still(why: str, records: Mapping[str, Mapping[str, Any]], **more: Any) -> None:
    """Write the note. `records`: for each organisation's id, or for every one, what it waits for."""
    write_durably(path(), json.dumps({"why": why, "records": records, **more}, indent=2).encode())


def go_on(organisation_id: str) -> None:
    """Take one record out of the note; with the last one the note goes."""
    found = note()
    found.get("records", {}).pop(organisation_id, None)
    if found.get("records"):
        write_durably(path(), json.dumps(found, indent=2).encode())
    else:
        path().unlink(missing_ok=True)
        sync_folder(Path(settings.HOME))


@contextmanager
def settling(organisation_id: str) -> Iterator[None]:
    """Let one record go on for the entry that says why it may."""
    token = _going_on.set(organisation_id)
    try:
        yield
    finally:
        _going_on.reset(token)


def why(organisation_id: str) -> str:
    """Why nothing is signed here, in one sentence; nothing where it is."""
    there = os.path.exists(f"{settings.HOME}/{NAME}")  # noqa: PTH110 - asked by every act
    if not there or _going_on.get() == organisation_id:
        return ""
    found = note()
    if organisation_id not in found.get("records", {}) and EVERY not in found.get("records", {}):
        return ""
    if found["why"] == RESTORED:
        return (
            f"This house was restored from a backup of {found.get('taken_at', 'an unknown day')}. Nothing is "
            "signed until it is known to be the newest: kollontai restore --go-on."
        )
    if found["why"] == HANDED_OVER:
        return (
            f"This house was handed over on {found.get('at', 'an unknown day')}; its records go on "
            "elsewhere. Nothing is signed here any more."
        )
    return f"This house stands still, and {path().name} in it does not say why. Nothing is signed."
