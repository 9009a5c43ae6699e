# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows as the models read them, by statements that are put together once for each table.

For what acts are given by its id: to compose such a statement anew takes Django longer than the database to
answer it. They read the same on SQLite and PostgreSQL; tests/record/test_rows.py holds them against Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

from kollontai.chapters.record import by_hand

Row = TypeVar("Row", bound=Model)


def one_of(model: type[Row], organisation_id: str, pk: str | int, *related: str) -> Row | None:
    """One row of an organisation by its key, with the rows that it names.

    `related`: which of them, by the words that `select_related` takes.
    """
    sql, parts = _joined(model, related)
    found = by_hand.rows(sql, [organisation_id, pk])
    if not found:
        return None
    row: Row = made_of(model, found[0][: parts[0].width])
    at, made = parts[0].width, {"": row}
    for part in parts[1:]:
        columns = found[0][at : at + part.width]
        at += part.width
        holder = made.get(part.holder)
        if holder is not None:
            there = getattr(holder, part.column) is not None
            made[part.path] = made_of(part.model, columns) if there else None
            setattr(holder, part.name, made[part.path])
    return row


class _Part(NamedTuple):
    """A table within a joined statement: how many columns, and in what of which row it is kept."""

    model: type[Model]
    width: int
    path: str = ""
    holder: str = ""
    name: str = ""
    column: str = ""


@cache
def _joined(model: type[Model], related: tuple[str, ...]) -> tuple[str, list[_Part]]:
    wanted = {"": _Part(model, len(model._meta.concrete_fields))}
    aliases, joins = {"": "t0"}, []
    for path in related:
        steps = path.split("__")
        for depth, name in enumerate(steps):
            holder, here = "__".join(steps[:depth]), "__".join(steps[: depth + 1])
            if here in wanted:
                continue
            field: Any = wanted[holder].model._meta.get_field(name)
            other = field.related_model
            wanted[here] = _Part(other, len(other._meta.concrete_fields), here, holder, name, field.attname)
            aliases[here] = f"t{len(aliases)}"
            joins.append(
                f'LEFT JOIN "{other._meta.db_table}" {aliases[here]} '
                f'ON {aliases[here]}."{other._meta.pk.column}" = {aliases[holder]}."{field.column}"'
            )
    columns = ", ".join(columns_of(part.model, aliases[path]) for path, part in wanted.items())
    sql = (
        f'SELECT {columns} FROM "{model._meta.db_table}" t0 {" ".join(joins)} '  # noqa: S608 - names of ours
        f'WHERE t0.organisation_id = %s AND t0."{model._meta.pk.column}" = %s'
    )
    return sql, list(wanted.values())


@cache
def columns_of(model: type[Model], alias: str) -> str:
    """The columns of a table under a short name, as a statement by hand asks for them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made_of(model: type[Row], columns: Sequence[Any]) -> Row:
    """A row from its columns, in the order of `columns_of`, as the model reads it."""
    names, converters = _reading(model)
    values = list(columns)
    for place, convert, column in converters:
        values[place] = convert(values[place], column, connection)
    return model.from_db("default", names, values)


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple[int, Any, Any]]]:
    """What Django would find out for each row anew: its fields, and how their values are read."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    converters = []
    for place, field in enumerate(fields):
        column = field.get_col(table)
        converters += [
            (place, convert, column)
            for convert in connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        ]
    return [field.attname for field in fields], converters
