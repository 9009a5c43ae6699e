# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQL written by hand, straight to the database: for the few statements that every act runs.

What Django does around a statement costs more than these statements themselves. The guard sees them all
the same, and where somebody looks on (a debugger, a test that counts statements), they go Django's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import connections

from kollontai.chapters.record.guard import guard

LONG = 2_000
"""Letters beyond which a statement is not remembered: many rows at once, seldom twice as many."""


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement, its places marked with %s; give all it answers."""
    return list(_run(sql, values).fetchall())


def change(sql: str, values: Sequence[Any] = ()) -> int:
    """Run one statement that changes rows; give how many."""
    return int(_run(sql, values).rowcount)


def in_one_breath(*statements: str) -> None:
    """Run statements that have no values and touch no table: on PostgreSQL one journey to the server."""
    database = connections["default"]
    database.ensure_connection()
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            for statement in statements:
                database.connection.execute(statement)
        else:
            _cursor()(database.connection).execute("; ".join(statements), prepare=False)


def _run(sql: str, values: Sequence[Any]) -> Any:
    database = connections["default"]
    if database.queries_logged or database.execute_wrappers != [guard]:
        cursor = database.cursor()
        cursor.execute(sql, values)
        return cursor
    database.close_if_health_check_failed()  # as Django does: the server may have begun anew meanwhile
    database.ensure_connection()
    with database.wrap_database_errors:
        return guard(_execute, sql, values, False, {"connection": database})


def _execute(sql: str, values: Sequence[Any], many: bool, context: dict[str, Any]) -> Any:
    database = context["connection"]
    if database.vendor == "sqlite":
        sql = _with_question_marks(sql) if len(sql) < LONG else sql.replace("%s", "?")
        return database.connection.execute(sql, values)
    return _cursor()(database.connection).execute(sql, values)


@cache
def _cursor() -> Any:
    """PostgreSQL's own cursor: after some times it keeps a statement, read and planned."""
    from psycopg import Cursor

    return Cursor


@lru_cache(maxsize=512)
def _with_question_marks(sql: str) -> str:
    return sql.replace("%s", "?")
