# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody writes a public table outside an act, whatever the code above asks for.

Every SQL statement of this process passes here. INSERT, UPDATE and DELETE on a public table need an
open frame; on a private table, an open `private_write`. Migrations are let through as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

_WRITE = re.compile(
    r"""\s*(?:WITH\b.*?\)\s*)?(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?(?:\s+ONLY)?|
        DELETE\s+FROM(?:\s+ONLY)?|TRUNCATE(?:\s+TABLE)?)\s+["`]?(?P<table>\w+)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_open_for: ContextVar[str] = ContextVar("open_for", default="")


class OutsideFrame(Exception):
    """Code tried to write a table of the members outside an act."""


@cache
def kinds_of_tables() -> dict[str, str]:
    """Map every table of ours to who may write it."""
    kinds: dict[str, str] = {}
    for model in apps.get_models(include_auto_created=True):
        kinds[model._meta.db_table] = getattr(model, "table_kind", "machinery")
    return kinds


@contextmanager
def opened_for(kind: str) -> Iterator[None]:
    """Let writes of this kind of table through: "public" (acts), "private", or "all" (migrations)."""
    token = _open_for.set(kind)
    try:
        yield
    finally:
        _open_for.reset(token)


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse a write outside its frame; let everything else through."""
    found = _WRITE.match(sql)
    if found:
        kind = kinds_of_tables().get(found["table"], "machinery")
        now_open = _open_for.get()
        if kind != "machinery" and now_open != "all" and now_open != kind:
            raise OutsideFrame(f"{found['table']} is written by acts alone ({kind} table).")
    return execute(sql, params, many, context)


def install(sender: object, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Put the guard on a new connection."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
