# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keep a copy of the demonstration as it was built, and go back to it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.turns import write_turn
from kollontai.demos.build import Tidewater


def _prepared() -> Path:
    return Path(settings.HOME) / "prepared"


def keep_copy() -> None:
    """Put the demonstration aside as it is now."""
    shutil.rmtree(_prepared(), ignore_errors=True)
    _prepared().mkdir(parents=True)
    with write_turn():
        if connection.vendor == "sqlite":
            with sqlite3.connect(_prepared() / "database") as copy:
                _raw().backup(copy)
            copy.close()
        for name, folder in _folders().items():
            shutil.copytree(folder, _prepared() / name)


def start_again() -> None:
    """Go back to the first day; on PostgreSQL by building it once more."""
    if connection.vendor != "sqlite" or not (_prepared() / "database").exists():
        build(lambda _: None)
        return
    with write_turn():
        for name, folder in _folders().items():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(_prepared() / name, folder)
        copy = sqlite3.connect(_prepared() / "database")
        try:
            copy.backup(_raw())
        finally:
            copy.close()
    cache.clear()


def build(say: Callable[[str], None]) -> None:
    """Empty the house and build the demonstration in it."""
    with opened_for("all"):
        call_command("flush", interactive=False, verbosity=0)
    for folder in _folders().values():
        shutil.rmtree(folder / "tidewater", ignore_errors=True)
        for old in folder.glob("tidewater.*"):
            old.unlink()
    synced, settings.FSYNC = settings.FSYNC, False  # a demonstration that is lost is built again
    try:
        Tidewater(say).build()
    finally:
        settings.FSYNC = synced
    keep_copy()


def _folders() -> dict[str, Path]:
    return {"record": Path(settings.RECORD), "keys": Path(settings.KEYS)}


def _raw() -> sqlite3.Connection:
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
