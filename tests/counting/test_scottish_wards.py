# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sixty real wards, stage by stage, to the fifth decimal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kollontai.counting.files import blt
from kollontai.counting.stv import count

DATA = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish"
WARDS: dict[str, Any] = json.loads((DATA / "expected.json").read_text())


@pytest.mark.parametrize("ward", WARDS)
def test_a_scottish_ward_is_counted_as_declared(ward: str) -> None:
    expected = WARDS[ward]
    result = count(blt.read((DATA / f"{ward}.blt").read_text()))
    told: Any = result.to_json()
    assert told["rule"] == "scottish-stv"
    assert told["quota"] == str(expected["quota"])
    assert told["elected"] == expected["winners"]
    assert [
        {"tallies": [*stage["tallies"].values()], "action": stage["action"], "candidate": stage["candidate"]}
        for stage in told["stages"]
    ] == expected["stages"]
    assert result.valid == expected["ballots"]
    assert not result.by_lot


def test_the_official_report_of_a_ward_books_lost_decimals_as_non_transferable() -> None:
    report = json.loads((DATA / "official_stage_reports.json").read_text())["dundee_2022_ward5"]
    told: Any = count(blt.read((DATA / "dundee_2022_ward5.blt").read_text())).to_json()
    assert [stage["non_transferable_with_lost"] for stage in told["stages"]] == [
        stage["non_transferable"] for stage in report["stages"]
    ]
    assert [[*stage["tallies"].values()] for stage in told["stages"]] == [
        stage["votes"] for stage in report["stages"]
    ]
    names = [name for stage in report["stages"] for name in stage["elected"]]
    assert {told["candidates"][str(number)].split(" (")[0] for number in told["elected"]} == set(names)


@pytest.mark.parametrize("ward", list(WARDS)[:12])
def test_every_vote_is_accounted_for_at_every_stage(ward: str) -> None:
    result = count(blt.read((DATA / f"{ward}.blt").read_text()))
    for stage in result.stages:
        everything = sum(stage.tallies) + stage.non_transferable + stage.lost
        assert everything == result.valid * 10**5
        assert all(type(votes) is int for votes in (*stage.tallies, stage.non_transferable, stage.lost))
