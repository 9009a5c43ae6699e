# SPDX-License-Identifier: AGPL-3.0-or-later
"""A world that was built by acts once is laid out again for each test: its rows and its files, as they were.

It is the same world every time, so it is built once for each process. The guard stands aside for this as
it does for the making of the test database; nothing here makes a row that no act has made.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from kollontai.chapters.record.guard import opened_for

UNTOUCHED = {"django_content_type", "auth_permission", "auth_group"}
"""Tables that the test database is made with."""


@dataclass(frozen=True)
class Kept:
    """Rows by table, a copy of the files, and the hour."""

    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    home: Path
    time: datetime


def keep(folder: Path, time: datetime) -> Kept:
    """Keep what is there now."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table not in UNTOUCHED:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows[table] = [one[0] for one in cursor.description], cursor.fetchall()
    shutil.copytree(settings.HOME, folder)
    return Kept(rows, folder, time)


def lay_out(kept: Kept) -> None:
    """Put it all back into an empty database and an empty home."""
    with opened_for("all"), connection.cursor() as cursor:
        for table, (columns, rows) in kept.rows.items():
            names, blanks = ", ".join(f'"{one}"' for one in columns), ", ".join(["%s"] * len(columns))
            if rows:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({blanks})', rows)
    shutil.copytree(kept.home, settings.HOME, dirs_exist_ok=True)
