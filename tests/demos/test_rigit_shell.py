# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shell of a visitor's copy: rows of one file, one statement, and an end to everything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kollontai.demos.rigit import shell
from kollontai.demos.rigit.shell import NotHere, run

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
BEYOND = {
    "another file": "ATTACH '{other}' AS other",
    "a file of one's own": "VACUUM INTO '{other}.copy'",
    "a setting": "PRAGMA journal_mode = DELETE",
    "a setting that is a function": "SELECT * FROM pragma_database_list",
    "an extension": "SELECT load_extension('{other}')",
    "a new table": "CREATE TABLE mine (x)",
    "a table that is asked for": "CREATE TABLE mine AS SELECT * FROM votes",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON votes BEGIN DELETE FROM votes; END",
    "a passing trigger": "CREATE TEMP TRIGGER t AFTER INSERT ON votes BEGIN DELETE FROM votes; END",
    "a view": "CREATE VIEW v AS SELECT * FROM votes",
    "an index": "CREATE INDEX i ON votes (who)",
    "a virtual table": "CREATE VIRTUAL TABLE words USING fts5(x)",
    "a table less": "DROP TABLE votes",
    "another table": "ALTER TABLE votes RENAME TO won",
    "the list of tables": "UPDATE sqlite_master SET sql = ''",
    "a transaction": "COMMIT",
    "a savepoint": "SAVEPOINT here",
    "figures": "ANALYZE",
}
TOO_LONG = {
    "counting for ever": f"{ENDLESS} SELECT max(i) FROM n",
    "rows for ever": f"{ENDLESS} SELECT * FROM n WHERE i < 0",
    "more rows than anybody reads": f"{ENDLESS} SELECT * FROM n",
    "every row by every row": "SELECT count(*) FROM many a, many b, many c, many d, many e",
}
TOO_MUCH = {
    "one large value": "SELECT zeroblob(100000000)",
    "one large value by chance": "SELECT randomblob(1000000000)",
    "a large value in a row": "UPDATE votes SET what = zeroblob(1999999999)",
    "a file that grows": f"INSERT INTO votes {ENDLESS} SELECT i, zeroblob(1000000) FROM n",
    "a sort in memory": f"{ENDLESS}, m AS (SELECT i, randomblob(100000) AS b FROM n LIMIT 100000) "
    "SELECT * FROM m ORDER BY b",
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with three votes in it, and beside it another."""
    for name in ("mine", "other"):
        with closing(sqlite3.connect(tmp_path / name)) as made, made:
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("CREATE TABLE votes (who, what, CHECK (json_valid('1')))")
            made.executemany("INSERT INTO votes VALUES (?, ?)", [("a", "yes"), ("b", "no"), ("c", b"\xff")])
            made.execute("CREATE TABLE many (i)")
            made.executemany("INSERT INTO many VALUES (?)", [(number,) for number in range(300)])
    return tmp_path / "mine"


def votes(database: Path) -> list[tuple[object, object]]:
    """What stands there, read by another connection."""
    with closing(sqlite3.connect(database)) as there:
        return there.execute("SELECT who, what FROM votes ORDER BY rowid").fetchall()


def test_rows_are_read(database: Path) -> None:
    seen = run(database, "SELECT who, what, NULL AS gone FROM votes")
    assert seen.columns == ["who", "what", "gone"]
    assert seen.rows == [["a", "yes", "NULL"], ["b", "no", "NULL"], ["c", "x'ff'", "NULL"]]
    assert (seen.more, seen.changed) == (False, 0)


def test_rows_are_changed_for_good(database: Path) -> None:
    assert run(database, "UPDATE votes SET what = 'no' WHERE who = 'a'").changed == 1
    assert run(database, "INSERT INTO votes VALUES ('d', 'no') RETURNING who").rows == [["d"]]
    assert run(database, "DELETE FROM votes WHERE who IN ('b', 'c')").changed == 2
    assert votes(database) == [("a", "no"), ("d", "no")]


@pytest.mark.parametrize("what", BEYOND)
def test_nothing_reaches_beyond_the_rows(database: Path, what: str) -> None:
    before, files = votes(database), sorted(path.name for path in database.parent.iterdir())
    with pytest.raises(NotHere) as refused:
        run(database, BEYOND[what].format(other=database.parent / "other"))
    assert refused.value.why == "only-rows"
    assert votes(database) == before == votes(database.parent / "other")
    assert sorted(path.name for path in database.parent.iterdir()) == files


@pytest.mark.parametrize("what", TOO_LONG)
def test_what_never_ends_is_ended(database: Path, what: str) -> None:
    with pytest.raises(NotHere) as refused:
        run(database, TOO_LONG[what], seconds=0.05)
    assert refused.value.why == "too-slow"


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_needs_too_much_room_is_not_done(database: Path, what: str) -> None:
    before = votes(database)
    with pytest.raises(NotHere) as refused:
        run(database, TOO_MUCH[what], seconds=30)
    assert refused.value.why == "too-much"
    assert votes(database) == before
    assert database.stat().st_size <= shell.MOST_PAGES * 4096


def test_what_was_half_changed_when_it_was_stopped_is_as_before(database: Path) -> None:
    before = votes(database)
    with pytest.raises(NotHere) as refused:
        run(database, f"INSERT INTO votes {ENDLESS} SELECT i, 'yes' FROM n", seconds=0.05)
    assert refused.value.why in ("too-slow", "too-much")
    assert votes(database) == before


def test_one_statement_at_a_time(database: Path) -> None:
    with pytest.raises(NotHere) as refused:
        run(database, "SELECT 1; DELETE FROM votes")
    assert refused.value.why == "sql"
    assert len(votes(database)) == 3


def test_only_so_many_rows_columns_and_letters_are_shown(database: Path) -> None:
    many = run(database, "SELECT i FROM many")
    assert (len(many.rows), many.more) == (shell.MOST_ROWS, True)
    wide = run(database, f"SELECT {', '.join('1' for _ in range(50))}")
    assert len(wide.columns) == len(wide.rows[0]) == shell.MOST_COLUMNS
    [[cell]] = run(database, "SELECT replace(hex(zeroblob(5000)), '0', 'x')").rows
    assert len(cell) == shell.LONGEST_CELL


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("SELECT FROM", "sql"),
        ("SELECT * FROM nowhere", "sql"),
        ("SELECT 'a\0b'", "too-long"),
        ("SELECT 1 --" + "x" * shell.LONGEST_STATEMENT, "too-long"),
        (f"SELECT {'(' * 500}1{')' * 500}", "sql"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_said_so(database: Path, statement: str, why: str) -> None:
    with pytest.raises(NotHere) as refused:
        run(database, statement)
    assert refused.value.why == why


def test_an_empty_statement_does_nothing(database: Path) -> None:
    assert run(database, "  ") == shell.Outcome([], [], False, 0)
