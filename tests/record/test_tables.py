# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables made at once are the tables one comes to by walking through the migrations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kollontai.chapters.record import tables
from tests.journeys import houses
from tests.record.two_ways import parts

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults

WIDER = {"column auth_group_permissions.id"}
"""A number of Django's own, in a table nobody uses, is an integer in one way and a big integer in the other."""


def schema(way: str, home: Path) -> dict[str, Any]:
    database = houses.new_database()
    given = {
        "KOLLONTAI_HOME": str(home),
        "KOLLONTAI_DEMO": "1",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    home.mkdir()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.record.two_ways", way],
            env=kept | given | ({"DATABASE_URL": database} if database else {}),
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    finally:
        houses.drop_database(database)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_both_ways_lead_to_the_same_tables(tmp_path: Path) -> None:
    at_once, walked = schema("at-once", tmp_path / "a"), schema("walked", tmp_path / "b")
    assert at_once.keys() == walked.keys()
    different = {name: (at_once[name], walked[name]) for name in walked if at_once[name] != walked[name]}
    assert different.keys() <= WIDER
    assert len([one for one in walked["migrations"] if not one.startswith(("auth.", "contenttypes."))]) > 30
    assert any("members_member" in name for name in walked)


@pytest.mark.django_db(transaction=True)
def test_where_there_are_tables_nothing_is_made_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> None:
        raise AssertionError("there are tables already")

    monkeypatch.setattr(tables, "make_all", made)
    walked: list[str] = []
    monkeypatch.setattr(tables, "call_command", lambda name, **_: walked.append(name))
    tables.bring_up_to_date()
    assert walked == ["migrate"]


def test_parts_are_told_apart_outside_of_brackets_and_quotes() -> None:
    told = parts("""CREATE TABLE "a" ("b" text DEFAULT 'x,(y', CHECK ("b" IN ('1', '2')), "a,b" int)""")
    assert told == sorted(["\"b\" text DEFAULT 'x,(y'", "CHECK (\"b\" IN ('1', '2'))", '"a,b" int'])
