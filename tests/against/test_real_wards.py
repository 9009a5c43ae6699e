# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real wards cast into a secret box by as many members: the official people are seated, by official figures.

A small ward in every run; the largest, with 2,000 ballots over HTTP, 32 at a time, and ten more in the long
one. Ballots: tests/data/counting/README.md names source and licence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import audit_export
from tests.against.ward import DATA, SLUG, papers
from tests.journeys import houses
from tests.journeys.houses import House

ROOT = Path(__file__).parents[2]
WARDS: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
AT_ONCE = 32
FURTHER = [
    "argyll_bute_2022_ward11", "dundee_2012_ward6", "glasgow_2007_calton", "highland_2017_ward1",
    "moray_2012_ward4", "north_lanarkshire_2017_ward10", "sc_borders_2017_ward1", "shetland_2012_ward1",
    "shetland_2017_ward4", "aberdeen_2012_ward8",
]  # fmt: skip
EACH = [
    pytest.param("shetland_2022_ward5", 200, id="shetland_2022_ward5", marks=pytest.mark.any_database),
    pytest.param("edinburgh_2017_ward1", 2_000, id="edinburgh_2017_ward1", marks=pytest.mark.long),
    *(pytest.param(ward, 0, id=ward, marks=pytest.mark.long) for ward in FURTHER),
]


def do(home: Path, database: str, *words: object) -> None:
    """Do a task of the ward in a process of its own."""
    environment = {**os.environ, "KOLLONTAI_HOME": str(home), "KOLLONTAI_FSYNC": "0"}
    environment["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    ran = subprocess.run(
        [sys.executable, "-m", "tests.against.ward", *map(str, words)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3_000,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3_000:]


def cast_over_http(house: House, told: dict[str, Any], ballots: list[tuple[int, ...]]) -> list[str]:
    """Cast the first ballots by their owners' keys, many at a time; give the check codes."""

    def one(number: int) -> str:
        ranking = [[told["candidates"][at]] for at in ballots[number]]
        request = urllib.request.Request(
            f"{house.url}/api/v1/{SLUG}/acts/voting/cast_ballot",
            data=json.dumps({"poll_id": told["poll"], "ranking": ranking}).encode(),
            headers={"Authorization": f"Bearer {told['keys'][number]}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            said: dict[str, Any] = json.load(answer)
        return str(said["receipt"]["code"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(len(told["keys"]))))


@pytest.mark.faults
@pytest.mark.parametrize(("ward", "by_http"), EACH)
def test_the_official_people_are_seated_by_the_official_figures(
    ward: str, by_http: int, tmp_path: Path
) -> None:
    expected = WARDS[ward]
    ballots = list(papers(ward))
    house = House(tmp_path / "home", 0, houses.new_database())
    houses.new_house(house.home, house.database)
    do(house.home, house.database, "begin", ward, by_http)
    told = json.loads((house.home / "ward.json").read_text())
    codes = []
    if by_http:
        with houses.serving(house.home, house.database) as running:
            codes += cast_over_http(running, told, ballots)
    if ward in FURTHER:
        do(house.home, house.database, "cast_bulk", ward, 0, len(ballots))
    else:
        do(house.home, house.database, "cast", ward, by_http, len(ballots))
        codes += json.loads((house.home / f"codes-{by_http}").read_text())["codes"]
    do(house.home, house.database, "close")

    copy = tmp_path / "copy"
    assert house.command("export", SLUG, "--to", copy).returncode == 0
    report = audit_export(copy)
    assert report.ok, report.text()
    ((counted,),) = house.rows("SELECT value FROM record_content WHERE kind = 'poll.counted'")
    count = json.loads(bytes(counted))
    ((options,),) = house.rows("SELECT options FROM voting_poll WHERE about = 'election'")
    options = json.loads(options) if isinstance(options, str) else options
    on_paper = [options.index(member) + 1 for member in told["candidates"]]
    assert count["valid"] == expected["ballots"]
    assert sorted(on_paper.index(number) + 1 for number in count["elected"]) == expected["winners"]
    for stage, official in zip(count["stages"], expected["stages"], strict=True):
        assert [stage["tallies"][str(number)] for number in on_paper] == official["tallies"]
        assert stage["action"] == official["action"]
        if official["candidate"] is not None:
            assert on_paper.index(stage["candidate"]) + 1 == official["candidate"]
    seated = {member for (member,) in house.rows("SELECT member_id FROM bodies_term WHERE ended_at IS NULL")}
    assert seated == {told["candidates"][number - 1] for number in expected["winners"]}
    ((shown,),) = house.rows(
        "SELECT value FROM record_content WHERE kind = 'box.counted' AND field = 'ballots'"
    )
    found = {code for code, _choice in json.loads(bytes(shown))["ballots"]}
    assert len(found) == len(ballots)
    assert ward in FURTHER or found == set(codes), "every voter finds their check code, and no other is there"
