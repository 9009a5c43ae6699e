# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of tests that PostgreSQL is spared: long enough to save time, and never so long that a question is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from kollontai import clock
from kollontai.chapters.bodies.queries import ended_terms, posts_held
from kollontai.chapters.record import by_hand, statements
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


def test_nobody_is_spared_for_what_another_asks_by_chance() -> None:
    by_chance = {
        "tests/test_random_life.py::test_six": (1.0, {"w", "v"}),
        "tests/a.py::test_seven": (9.0, {"w"}),
    }
    assert "tests/a.py::test_seven" not in asked.to_be_listed(NOTED | by_chance)
    assert asked.alone(NOTED | by_chance, frozenset({"tests/a.py::test_seven"})) == {
        "tests/a.py::test_seven": 1
    }
    assert by_chance.keys().isdisjoint(asked.to_be_listed(NOTED | by_chance))


def test_a_statement_is_known_whatever_its_values() -> None:
    shape = asked._shape
    assert shape('SELECT "a" FROM "t" WHERE "b" IN (%s, %s) LIMIT 21') == shape(
        'SELECT "a" FROM "t" WHERE "b" IN (%s) LIMIT 3'
    )
    assert shape('INSERT INTO "t" ("a") VALUES (%s), (%s)') == shape('INSERT INTO "t" ("a") VALUES (%s)')
    assert shape('SELECT "a" FROM "t"') != shape('SELECT "b" FROM "t"')
    assert shape("SELECT 'x'") == shape("SELECT 'y'")
    assert shape('SAVEPOINT "s1403_x7"') == shape('SAVEPOINT "s99_x12"')


def test_what_the_program_asks_is_noted_both_ways_until_one_looks_away(db: None) -> None:
    noted: set[str] = set()
    away = asked.look_on(noted.add)
    try:
        statements.last_moment("nobody")
        assert len(noted) == 1
        posts_held("nobody", at=clock.now())
        assert len(noted) > 1
        both = len(noted)
        list(ended_terms("nobody"))  # asked for by the test, however it was put together
        by_hand.rows("SELECT 1 AS one")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2 AS two")
        assert len(noted) == both
    finally:
        away()
    statements.standing_of("nobody")
    assert len(noted) == both


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
