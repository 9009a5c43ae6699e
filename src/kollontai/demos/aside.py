# SPDX-License-Identifier: AGPL-3.0-or-later
"""All rows of the house put aside in a folder, and laid back: whatever database it runs on."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql
from psycopg.errors import QueryCanceled

from kollontai.chapters.record.turns import may_be_tried_again

PATIENCE = 60  # seconds
AT_ONCE = "500ms"
"""How long others may be kept waiting for tables that are not all to be had.

Well under PostgreSQL's `deadlock_timeout` of 1 s: where this waits for somebody who waits for this, it is
this that gives way, and never a member's page or the clock.
"""
PIECE = 1 << 16  # bytes
STAYS = "django_migrations"
"""It says how the other tables are made, and is not laid back with them."""
_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position
"""
_COUNTING = """
SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
FROM information_schema.columns
WHERE table_schema = current_schema() AND (is_identity = 'YES' OR column_default LIKE 'nextval(%%')
"""


def put(folder: Path) -> None:
    """Put every row aside, all of them as they are at one moment."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(folder / "database") as copy:
            _sqlite().backup(copy)
        copy.close()
        return
    (folder / "rows").mkdir()
    with transaction.atomic(), _cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in _tables():
            out = _copying(cursor, table, "TO STDOUT")
            with (folder / "rows" / table).open("wb") as file, cursor.copy(out) as rows:
                for piece in rows:
                    file.write(piece)


def is_there(folder: Path) -> bool:
    """Whether rows of a database of this kind lie aside."""
    return (folder / ("database" if connection.vendor == "sqlite" else "rows")).exists()


def lay_back(folder: Path, meanwhile: Callable[[], None]) -> None:
    """Let every row be as it was put aside. `meanwhile` lays back the files, while nobody writes.

    The rows first: who publishes files at the same time publishes what stands in the rows.
    """
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(folder / "database")
        try:
            copy.backup(_sqlite())
        finally:
            copy.close()
        meanwhile()
        return
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _lay_back_tables(folder / "rows", meanwhile)
            return
        except OperationalError as error:
            gave_way = isinstance(error.__cause__, QueryCanceled) or may_be_tried_again(error)
            if not gave_way or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0, 0.5))  # noqa: S311 - jitter, not a secret


def _lay_back_tables(folder: Path, meanwhile: Callable[[], None]) -> None:
    with transaction.atomic(), connection.wrap_database_errors, _cursor() as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, _tables()))
        cursor.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(AT_ONCE))
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))  # until all is there
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for file in sorted(folder.iterdir()):
            with file.open("rb") as rows, cursor.copy(_copying(cursor, file.name, "FROM STDIN")) as into:
                while piece := rows.read(PIECE):
                    into.write(piece)
        for table, column, sequence in cursor.execute(_COUNTING, ()).fetchall():
            counted = sql.SQL("SELECT setval(%s, COALESCE(max({}), 0) + 1, false) FROM {}")
            cursor.execute(counted.format(sql.Identifier(column), sql.Identifier(table)), (sequence,))
        meanwhile()


def _copying(cursor: Any, table: str, where: str) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(one) for (one,) in cursor.execute(_COLUMNS, (table,)))
    whole = sql.SQL("COPY {} ({}) {} (FORMAT binary)")
    return whole.format(sql.Identifier(table), columns, sql.SQL(where))


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - {STAYS})


def _cursor() -> Any:
    """A cursor of the driver: rows come and go here in bulk, as no act writes them."""
    connection.ensure_connection()
    assert connection.connection is not None
    return connection.connection.cursor()


def _sqlite() -> sqlite3.Connection:
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
