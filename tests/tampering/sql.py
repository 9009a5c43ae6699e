# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody with the database's password: SQL, past every act and past the guard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import EntryRow


def sql(statement: str, *values: Any) -> int:
    """Run a statement as psql or the sqlite shell would; say how many rows it touched."""
    with opened_for("all"), connection.cursor() as cursor:
        cursor.execute(statement, [_written(value) for value in values])
        return int(cursor.rowcount)


def change(row: Model, **columns: Any) -> None:
    """UPDATE one row, column by column."""
    key = row._meta.pk
    assert key is not None
    names = ", ".join(f'"{name}" = %s' for name in columns)
    touched = sql(
        f"UPDATE {row._meta.db_table} SET {names} WHERE {key.column} = %s", *columns.values(), row.pk
    )
    assert touched == 1


def remove(*rows: Model) -> None:
    """DELETE rows."""
    for row in rows:
        key = row._meta.pk
        assert key is not None
        assert sql(f"DELETE FROM {row._meta.db_table} WHERE {key.column} = %s", row.pk) == 1


def copy(row: Model, **columns: Any) -> None:
    """INSERT a row like another, with other values in some columns."""
    given = {field.column: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if row._meta.pk is not None and row._meta.pk.get_internal_type() == "BigAutoField":
        del given[row._meta.pk.column]
    given |= columns
    places = ", ".join(["%s"] * len(given))
    values = [
        field.get_db_prep_save(given[field.column], connection)
        for field in row._meta.concrete_fields
        if field.column in given
    ]
    names = ", ".join(f'"{field.column}"' for field in row._meta.concrete_fields if field.column in given)
    assert sql(f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({places})", *values) == 1


def entry(kind: str, subject: str, *, nth: int = 0) -> int:
    """The position of the nth entry of a kind about something."""
    rows = EntryRow.objects.filter(kind=kind, subject=subject).order_by("position")
    return rows.values_list("position", flat=True)[nth]


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
