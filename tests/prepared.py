# SPDX-License-Identifier: AGPL-3.0-or-later
"""A world that was built by acts once is laid out again for each test: its rows and its files, as they were.

It is the same world every time, so it is built once: by one process, for itself and for those that test beside
it. The guard stands aside for this as it does for the making of the test database; nothing here makes a row
that no act has made.
"""

from __future__ import annotations

import copy
import functools
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from kollontai import clock
from kollontai.chapters.record import act as frame
from kollontai.chapters.record.guard import opened_for
from tests import asked, shared

UNTOUCHED = {"django_content_type", "auth_permission", "auth_group"}
"""Tables that the test database is made with."""
SHARED = "PYTEST_XDIST_WORKER" in os.environ
"""Whether there are others who would build the same."""

Build = TypeVar("Build", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kept:
    """Rows by table, a copy of the files, the hour, and what the builder gave back."""

    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    home: Path
    time: datetime
    value: Any
    asked: set[str]
    """What was asked of the database while it was built (tests/asked.py)."""


class _SomeClock:
    """Stands where the clock of a test stood in what is kept."""

    def __reduce__(self) -> str:
        return "_SOME_CLOCK"


_SOME_CLOCK = _SomeClock()
_kept: dict[object, Kept] = {}


def once(build: Build) -> Build:
    """Let a builder build each of its worlds once.

    For builders that make a world of nothing, by acts, from their arguments alone; one of the arguments may
    be the test's clock. Where there is a row or a key already, it builds.
    """

    @functools.wraps(build)
    def prepared(*given: Any, **named: Any) -> Any:
        every = [*given, *named.values()]
        now = next((one for one in every if hasattr(one, "pass_days")), None)
        if not _is_empty():
            return build(*given, **named)
        wanted = repr([one for one in given if one is not now]), repr({**named, "now": None})
        key = build.__module__, build.__qualname__, clock.now(), wanted
        if key in _kept:
            asked.was_asked(_kept[key].asked)
            return lay_out(_kept[key], now)
        with _shared(key) as file:
            if file is not None and file.exists():
                kept = _kept[key] = pickle.loads(file.read_bytes())
                asked.was_asked(kept.asked)
                value = lay_out(kept, now)
                _number_on(kept.rows)
                return value
            with asked.gathered() as within:
                value = build(*given, **named)
            _kept[key] = keep(value, now, within)
            if file is not None:
                file.write_bytes(pickle.dumps(_kept[key]))
            return value

    return prepared  # type: ignore[return-value]


def keep(value: Any, now: Any, within: set[str]) -> Kept:
    """Keep what is there now."""
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            if found := cursor.fetchall():
                rows[table] = [one[0] for one in cursor.description], found
    home = Path(tempfile.mkdtemp(prefix="world-", dir=os.environ[shared.PLACE]))
    shutil.copytree(settings.HOME, home, dirs_exist_ok=True)
    return Kept(rows, home, clock.now(), copy.deepcopy(value, {id(now): _SOME_CLOCK}), within)


def lay_out(kept: Kept, now: Any) -> Any:
    """Put it all back into empty tables and an empty home; give what the builder gave."""
    with opened_for("all"), transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in kept.rows.items():
            names, blanks = ", ".join(f'"{one}"' for one in columns), ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({blanks})', rows)
    shutil.copytree(kept.home, settings.HOME, dirs_exist_ok=True)
    if now is not None:
        now.time = kept.time
    assert clock.now() == kept.time, "a builder that lets time pass is given the clock"
    frame._last.acts.clear()  # what another test's acts left in this world has not happened
    return copy.deepcopy(kept.value, {id(_SOME_CLOCK): now})


@contextmanager
def _shared(key: object) -> Iterator[Path | None]:
    """Where processes that test side by side keep this world, one at a time; None where worlds are one's own."""
    if not SHARED:
        yield None
        return
    with shared.alone(f"worlds/{sha256(repr(key).encode()).hexdigest()}") as file:
        yield file


def _number_on(rows: Iterable[str]) -> None:
    """Let PostgreSQL give numbers after those of rows that another process has made."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.db_table in rows and model._meta.auto_field is not None:
                table, column = model._meta.db_table, model._meta.auto_field.column
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "
                    f"GREATEST(max(\"{column}\"), nextval(pg_get_serial_sequence('{table}', '{column}')))) "
                    f'FROM "{table}"'
                )


def _is_empty() -> bool:
    if settings.KEYS.exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{one}")' for one in _tables()))
        return not cursor.fetchone()[0]


@functools.cache
def _tables() -> tuple[str, ...]:
    found: Iterable[str] = (model._meta.db_table for model in apps.get_models())
    return tuple(table for table in found if table not in UNTOUCHED)
