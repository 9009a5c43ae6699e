# SPDX-License-Identifier: AGPL-3.0-or-later
"""pyrankvote counts STV in floats: who is elected is compared, disagreements are listed and explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kollontai.counting.files import blt
from kollontai.counting.stv import count

pyrankvote = pytest.importorskip("pyrankvote", reason="pyrankvote is not installed", exc_type=ImportError)
WARDS = Path(__file__).parents[2] / "data" / "counting" / "stv-scottish"
NAMES: dict[str, Any] = json.loads((WARDS / "expected.json").read_text())
# See DISAGREEMENTS.md, "pyrankvote".
KNOWN = {"aberdeenshire_2017_ward9"}


@pytest.mark.parametrize("ward", NAMES)
def test_the_same_people_are_elected(ward: str) -> None:
    ballots = blt.read((WARDS / f"{ward}.blt").read_text(), fast=False)
    people = [pyrankvote.Candidate(f"{at} {name}") for at, name in enumerate(ballots.candidates)]
    papers = [
        paper
        for ranks, times in ballots.papers
        for paper in [pyrankvote.Ballot([people[c] for c in ranks])] * times  # type: ignore[index]
    ]
    peer = pyrankvote.single_transferable_vote(people, papers, number_of_seats=ballots.seats)
    theirs = sorted(people.index(one) for one in peer.get_winners())
    agree = theirs == sorted(count(ballots).elected)
    assert agree is (ward not in KNOWN)
