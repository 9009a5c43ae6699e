# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make the tables of an empty database in one of two ways, and say what there is then.

`python -m tests.record.two_ways at-once|walked`, with KOLLONTAI_HOME and, for PostgreSQL, DATABASE_URL.
Prints an object in JSON: the name of each table, index and constraint, and what the database itself says of it.
"""

from __future__ import annotations

import json
import os
import sys


def main(way: str) -> None:
    """Make them, and print."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kollontai.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from kollontai.chapters.record import tables
    from kollontai.chapters.record.guard import opened_for

    if way == "at-once":
        tables.bring_up_to_date()
    else:
        with opened_for("all"):
            call_command("migrate", interactive=False, verbosity=0)
    told = of_sqlite() if connection.vendor == "sqlite" else of_postgresql()
    told["migrations"] = sorted(".".join(row) for row in _rows("SELECT app, name FROM django_migrations"))
    told["rows that come with it"] = [
        _rows("SELECT app_label, model FROM django_content_type ORDER BY 1, 2"),
        _rows("SELECT codename FROM auth_permission ORDER BY 1"),
    ]
    print(json.dumps(told))


def of_sqlite() -> dict[str, object]:
    """What SQLite keeps: the statements; a table's columns and constraints in no order."""
    rows = _rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {f"{kind} {name}": parts(sql) if kind == "table" else sql for kind, name, sql in rows}


def of_postgresql() -> dict[str, object]:
    """What PostgreSQL says of columns, indexes and constraints."""
    told: dict[str, object] = {}
    for table, column, *facts in _rows(
        "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity,"
        " character_maximum_length, collation_name FROM information_schema.columns WHERE table_schema = 'public'"
    ):
        told[f"column {table}.{column}"] = facts
    for name, definition in _rows("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"):
        told[f"index {name}"] = definition
    for table, name, definition in _rows(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    ):
        told[f"constraint {name} of {table}"] = definition
    return told


def parts(statement: str) -> list[str]:
    """The parts of a CREATE TABLE, sorted: those between commas outside of brackets and quotes."""
    found, depth, quoted = [""], 0, ""
    for sign in statement[statement.index("(") + 1 : statement.rindex(")")]:
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "\"'":
            quoted = sign
        depth += (sign == "(") - (sign == ")") if not quoted else 0
        if sign == "," and depth == 0 and not quoted:
            found.append("")
        else:
            found[-1] += sign
    return sorted(part.strip() for part in found)


def _rows(sql: str) -> list[tuple[str, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


if __name__ == "__main__":
    main(sys.argv[1])
