# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of tests that PostgreSQL is spared: long enough to save time, and never so long that a question is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from kollontai.chapters.record import by_hand
from tests import asked

ROOT = Path(__file__).parents[1]
NOTED: asked.Asked = {
    "tests/a.py::test_one": (1.0, {"x", "y"}),
    "tests/a.py::test_two": (5.0, {"y", "z"}),
    "tests/b.py::test_three": (0.1, {"z"}),
    "tests/b.py::test_four": (9.0, {"x"}),
    "tests/record/c.py::test_five": (9.0, {"x"}),
}


def test_the_list_is_as_long_as_it_may_be() -> None:
    found = asked.to_be_listed(NOTED)
    assert found == ["tests/a.py::test_two", "tests/b.py::test_four"]
    kept = NOTED.keys() - set(found)
    assert set().union(*(NOTED[name][1] for name in kept)) == {"x", "y", "z"}


def test_whoever_asks_alone_is_named() -> None:
    assert asked.alone(NOTED, frozenset(asked.to_be_listed(NOTED))) == {}
    both = frozenset({"tests/a.py::test_two", "tests/b.py::test_three"})
    assert asked.alone(NOTED, both) == {"tests/a.py::test_two": 1, "tests/b.py::test_three": 1}
    assert asked.alone(NOTED, frozenset({"tests/gone.py::test_nothing"})) == {}


def test_a_statement_is_known_whatever_its_values() -> None:
    shape = asked._shape
    assert shape('SELECT "a" FROM "t" WHERE "b" IN (%s, %s) LIMIT 21') == shape(
        'SELECT "a" FROM "t" WHERE "b" IN (%s) LIMIT 3'
    )
    assert shape('INSERT INTO "t" ("a") VALUES (%s), (%s)') == shape('INSERT INTO "t" ("a") VALUES (%s)')
    assert shape('SELECT "a" FROM "t"') != shape('SELECT "b" FROM "t"')
    assert shape("SELECT 'x'") == shape("SELECT 'y'")
    assert shape('SAVEPOINT "s1403_x7"') == shape('SAVEPOINT "s99_x12"')


def test_statements_of_both_ways_are_noted_until_one_looks_away(db: None) -> None:
    noted: set[str] = set()
    by_djangos, by_hands = "SELECT 1 AS by_django", "SELECT 1 AS by_hand"
    away = asked.look_on(noted.add)
    try:
        by_hand.rows(by_hands)
        with connection.cursor() as cursor:
            cursor.execute(by_djangos)
    finally:
        away()
    assert noted == {asked._shape(by_hands), asked._shape(by_djangos)}
    by_hand.rows("SELECT 1 AS nobody_looks")
    assert len(noted) == 2


def test_who_is_on_the_list_is_there_and_may_be_on_it() -> None:
    for name in asked.listed():
        file, _, test = name.partition("::")
        assert not file.startswith(asked.ALWAYS), name
        assert (ROOT / file).exists(), f"{name} is gone: make asked"
        assert f"def {test.rpartition('::')[2]}(" in (ROOT / file).read_text("utf-8"), (
            f"{name} is gone: make asked"
        )


def test_the_list_is_followed_only_where_it_is_asked_for(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = request.node
    monkeypatch.setattr(asked, "listed", lambda: frozenset({asked.name_of(here)}))
    monkeypatch.setenv(asked.WHOLE, "noted")
    assert asked.leave_out([here]) == []
    monkeypatch.setenv(asked.WHOLE, "left-out")
    assert asked.leave_out([here]) == [here]
