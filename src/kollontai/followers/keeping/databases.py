# SPDX-License-Identifier: AGPL-3.0-or-later
"""A copy of the whole database at one moment, taken while everybody goes on; and the way back.

SQLite: its own backup interface. PostgreSQL: its own pg_dump and pg_restore, of the server's major version
or a later one.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

HEADS = (
    "SELECT o.id, o.slug, o.origin, h.size, h.root, h.checkpoint"
    " FROM record_head h JOIN record_organisation o ON o.id = h.organisation_id ORDER BY o.slug"
)
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


class CannotCopy(Exception):
    """The database cannot be copied or brought back from here; the message is one sentence."""


@dataclass(frozen=True)
class HeadThen:
    """How far one record was in a copy."""

    id: str
    slug: str
    origin: str
    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True)
class Copied:
    """What a copy holds."""

    heads: tuple[HeadThen, ...]
    migrations: tuple[str, ...]


def copy_out(to: Path) -> Copied:
    """Write a copy of the database into a new file, as it is at one moment; say what it holds."""
    return _sqlite_out(to) if connection.vendor == "sqlite" else _postgresql_out(to)


def bring_in(copy: Path) -> None:
    """Make a copy the database of this home, which must have none yet."""
    if not is_empty():
        raise CannotCopy("There is a database here already; it is never overwritten.")
    if connection.vendor == "sqlite":
        _sqlite_in(copy)
    else:
        _postgresql_in(copy)


def is_empty() -> bool:
    """Whether there is no table here yet."""
    if connection.vendor == "sqlite":
        place = Path(str(connection.settings_dict["NAME"]))
        if not place.exists():
            return True
    return not connection.introspection.table_names()


def _read(execute: Any) -> Copied:
    heads = tuple(
        HeadThen(id, slug, origin, size, bytes(root), bytes(checkpoint))
        for id, slug, origin, size, root, checkpoint in execute(HEADS)
    )
    return Copied(heads, tuple(f"{app}.{name}" for app, name in execute(MIGRATIONS)))


# --- SQLite ------------------------------------------------------------------------------------------


def _sqlite_out(to: Path) -> Copied:
    name = str(connection.settings_dict["NAME"])
    if not Path(name).exists():
        raise CannotCopy("There is no database here yet: kollontai migrate.")
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy, pages=-1)  # in one go: writers go on beside it, and it never begins anew
            copy.execute("PRAGMA journal_mode=DELETE")
            return _read(lambda sql: copy.execute(sql).fetchall())
    except sqlite3.Error as error:
        raise CannotCopy(f"The database could not be copied: {error}.") from None


def _sqlite_in(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as found:
        try:
            said = found.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.Error as error:
            said = str(error)
    if said != "ok":
        raise CannotCopy(f"The database in the backup is damaged: {said}.")
    place = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for beside in ("", "-wal", "-shm"):
        Path(f"{place}{beside}").unlink(missing_ok=True)
    copy.chmod(0o600)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.rename(place)


# --- PostgreSQL --------------------------------------------------------------------------------------


def _postgresql_out(to: Path) -> Copied:
    program = _program("pg_dump", connection.pg_version // 10_000)  # type: ignore[attr-defined]
    with _one_snapshot() as (execute, snapshot):
        if "record_head" not in connection.introspection.table_names():
            raise CannotCopy("There is no database here yet: kollontai migrate.")
        copied = _read(execute)
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run([
            program, "--format=custom", "--no-owner", "--no-privileges", "--no-password",
            f"--snapshot={snapshot}", f"--file={to}",
        ])  # fmt: skip
    return copied


@contextmanager
def _one_snapshot() -> Iterator[tuple[Any, str]]:
    """See the database as it is at one moment, and let another program see the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.in_atomic_block or connection.savepoint_ids:
            raise CannotCopy("A backup is never made in the midst of something else.")
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]

        def execute(sql: str) -> list[Any]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        yield execute, snapshot


def _postgresql_in(copy: Path) -> None:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    program = _program("pg_restore", major)
    connection.close()
    _run([
        program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
        f"--dbname={connection.settings_dict['NAME']}", str(copy),
    ])  # fmt: skip


def _program(name: str, major: int) -> str:
    """Find PostgreSQL's own program, of the server's major version or the next later one."""
    found = {}
    installed = [str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    for path in [*installed, *filter(None, [shutil.which(name)])]:
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        version = re.search(r"(\d+)", said)
        if version:
            found.setdefault(int(version[1]), path)
    fitting = [version for version in sorted(found) if version >= major]
    if not fitting:
        there = f"; there is one of version {max(found)}" if found else ""
        raise CannotCopy(
            f"The server is PostgreSQL {major}, and no {name} of that version or a later one is here{there}: "
            f"install postgresql-client-{major}."
        )
    return found[fitting[0]]


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, env=_surroundings(), capture_output=True, text=True)
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise CannotCopy(f"{Path(command[0]).name} failed: {said[:300]}")


def _surroundings() -> dict[str, str]:
    """How PostgreSQL's programs reach the database; the password stands on no command line."""
    settings = connection.settings_dict
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {
        "PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"], "PGDATABASE": settings["NAME"],
    }  # fmt: skip
    for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        if option in settings["OPTIONS"]:
            given[f"PG{option.upper()}"] = str(settings["OPTIONS"][option])
    return kept | {name: str(value) for name, value in given.items() if value} | {"LC_ALL": "C"}
