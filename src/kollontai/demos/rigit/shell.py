# SPDX-License-Identifier: AGPL-3.0-or-later
"""A statement of SQL on a visitor's copy: one at a time, on rows alone, and never for long.

The connection refuses whatever reaches beyond the rows of this one file: ATTACH, PRAGMA, extensions, tables
and triggers made or dropped. It is bounded in time, memory, size of the file, and rows shown.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

SECONDS = 2.0
MOST_ROWS = 40
MOST_COLUMNS = 12
LONGEST_CELL = 120
LONGEST_STATEMENT = 4_000  # characters
MOST_PAGES = 8_192  # of 4 KiB: 32 MiB
MOST_MEMORY = 48 * 1024 * 1024

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION,
    }
)  # fmt: skip
_NO_FUNCTION = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})


class NotHere(Exception):
    """The statement was not done: `why` is too-long, only-rows, too-slow, too-much or sql (`said`)."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.said = said


@dataclass(frozen=True)
class Outcome:
    """What a statement gave: names of columns, rows as text, whether there are more, and rows changed."""

    columns: list[str]
    rows: list[list[str]]
    more: bool
    changed: int


def run(database: Path, statement: str, *, seconds: float = SECONDS) -> Outcome:
    """Run one statement; raise NotHere, with nothing changed, where it reaches too far or takes too long."""
    if len(statement) > LONGEST_STATEMENT or "\0" in statement:
        raise NotHere("too-long")
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True, isolation_level=None)) as guarded:
        _guard(guarded, seconds)
        guarded.execute("BEGIN IMMEDIATE")
        guarded.set_authorizer(_may)
        before = guarded.total_changes
        try:
            outcome = _look(guarded.execute(statement))
        except (sqlite3.Error, sqlite3.Warning, MemoryError, UnicodeError, OverflowError) as error:
            guarded.set_authorizer(None)
            guarded.set_progress_handler(None, 0)
            if guarded.in_transaction:
                guarded.execute("ROLLBACK")
            raise _why(error) from None
        guarded.set_authorizer(None)
        guarded.set_progress_handler(None, 0)
        guarded.execute("COMMIT")
        return Outcome(*outcome, changed=guarded.total_changes - before)


def _guard(guarded: sqlite3.Connection, seconds: float) -> None:
    guarded.text_factory = lambda data: data.decode("utf-8", "replace")
    guarded.execute("PRAGMA temp_store=MEMORY")
    guarded.execute(f"PRAGMA max_page_count={MOST_PAGES}")
    guarded.execute(f"PRAGMA hard_heap_limit={MOST_MEMORY}")
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_LENGTH, 2_000_000),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 4 * LONGEST_STATEMENT),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
        (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    ):
        guarded.setlimit(limit, most)
    until = time.monotonic() + seconds
    guarded.set_progress_handler(lambda: time.monotonic() > until, 1_000)


def _may(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second in _NO_FUNCTION):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _look(cursor: sqlite3.Cursor) -> tuple[list[str], list[list[str]], bool]:
    columns = [str(one[0]) for one in cursor.description or ()][:MOST_COLUMNS]
    rows = cursor.fetchmany(MOST_ROWS + 1) if columns else []
    shown = [[_cell(value) for value in row[:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
    for _rest in iter(lambda: cursor.fetchmany(500), []):  # a statement with RETURNING goes on to its end
        pass
    return columns, shown, len(rows) > MOST_ROWS


def _cell(value: object) -> str:
    if value is None:
        return "NULL"
    text = f"x'{value[:40].hex()}'" if isinstance(value, bytes) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _why(error: BaseException) -> NotHere:
    said = str(error)
    if any(sign in said for sign in ("not authorized", "prohibited", "may not be modified", "VACUUM")):
        return NotHere("only-rows")
    if "interrupted" in said:
        return NotHere("too-slow")
    if isinstance(error, MemoryError) or "full" in said or "too big" in said or "out of memory" in said:
        return NotHere("too-much")
    return NotHere("sql", said[:200])
