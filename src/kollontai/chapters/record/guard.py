# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody writes a public table outside an act, whatever the code above asks for.

Every SQL statement of this process passes here. INSERT, UPDATE, DELETE and their kin on a public table
need an open frame; on a private table, an open `private_write`. Migrations are let through as a whole.
It keeps us from mistakes. Whoever may change the code may change this too: the auditor is for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

_PIECE = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<text>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])
      | (?P<word>[^\W\d]\w*)
      | (?P<mark>\S)""",
    re.VERBOSE | re.DOTALL,
)
_BEGINS_A_WRITE = frozenset({"insert", "update", "delete", "replace", "truncate", "merge", "copy"})
_MAY_STAND_BETWEEN = frozenset(
    {"into", "from", "only", "table", "or", "abort", "fail", "ignore", "replace", "rollback"}
)

_open_for: ContextVar[str] = ContextVar("open_for", default="")


class OutsideFrame(Exception):
    """Code tried to write a table of the members outside an act."""


@cache
def kinds_of_tables() -> dict[str, str]:
    """Map every table of ours to who may write it."""
    kinds: dict[str, str] = {}
    for model in apps.get_models(include_auto_created=True):
        kinds[model._meta.db_table.lower()] = getattr(model, "table_kind", "machinery")
    return kinds


@contextmanager
def opened_for(kind: str) -> Iterator[None]:
    """Let writes of this kind of table through: "public" (acts), "private", or "all" (migrations)."""
    token = _open_for.set(kind)
    try:
        yield
    finally:
        _open_for.reset(token)


def tables_written(sql: str) -> frozenset[str]:
    """Name every table a text of SQL may write, in small letters, wherever in the text it does so."""
    return _remembered_long(sql) if len(sql) > 4_000 else _remembered(sql)


def _tables_written(sql: str) -> frozenset[str]:
    found = set()
    pieces = [
        (piece.lastgroup, piece.group().lower())
        for piece in _PIECE.finditer(sql)
        if piece.lastgroup not in {"comment", "text"}
    ]
    for place, (kind, word) in enumerate(pieces):
        if kind != "word" or word not in _BEGINS_A_WRITE:
            continue
        at = place + 1
        while at < len(pieces) and pieces[at][0] == "word" and pieces[at][1] in _MAY_STAND_BETWEEN:
            at += 1
        name = ""
        while at < len(pieces) and pieces[at][0] in {"word", "name"}:
            name = pieces[at][1]
            if at + 1 < len(pieces) and pieces[at + 1][1] in {
                ".",
                ",",
            }:  # a schema before it, or one more table
                if pieces[at + 1][1] == ",":
                    found.add(_plain(name))
                at += 2
                continue
            break
        found.add(_plain(name))
    return frozenset(found)


_remembered = lru_cache(maxsize=2_048)(_tables_written)
_remembered_long = lru_cache(maxsize=16)(_tables_written)  # many rows at once, again and again as many


def _plain(name: str) -> str:
    return name.strip('"`[]').replace('""', '"')


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse a write outside its frame; let everything else through."""
    now_open = _open_for.get()
    if now_open != "all":
        kinds = kinds_of_tables()
        for table in tables_written(str(sql)):
            kind = kinds.get(table, "machinery")
            if kind not in ("machinery", now_open):
                raise OutsideFrame(f"{table} is written by acts alone ({kind} table).")
    return execute(sql, params, many, context)


def install(sender: object, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Put the guard on a new connection."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
