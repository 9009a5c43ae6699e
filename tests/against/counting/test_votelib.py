# SPDX-License-Identifier: AGPL-3.0-or-later
"""votelib: exact fractions too; the same people in the wards it can count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kollontai.counting.apportionment import apportion
from kollontai.counting.files import blt
from kollontai.counting.stv import count

pytest.importorskip("votelib", reason="votelib is not installed", exc_type=ImportError)
WARDS = Path(__file__).parents[2] / "data" / "counting" / "stv-scottish"
NAMES: dict[str, Any] = json.loads((WARDS / "expected.json").read_text())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ward", list(NAMES)[:30])
def test_the_same_people_are_elected(ward: str) -> None:
    from votelib.evaluate.sequential import TransferableVoteSelector

    ballots = blt.read((WARDS / f"{ward}.blt").read_text(), fast=False)
    try:
        peer = TransferableVoteSelector(quota_function="droop").evaluate(ballots.merged(), ballots.seats)
    except RuntimeError as error:
        pytest.skip(f"votelib stops here: {error}")
    assert sorted(peer) == sorted(count(ballots).elected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("ours", "theirs"), [("dhondt", "d_hondt"), ("sainte-lague", "sainte_lague")])
def test_the_same_seats_are_shared_out(ours: Any, theirs: str) -> None:
    from votelib.evaluate.proportional import HighestAverages

    sizes = {"a": 4711, "b": 2003, "c": 1009, "d": 307, "e": 55}
    for seats in range(1, 60):
        peer = HighestAverages(theirs).evaluate(sizes, seats)
        told = dict(apportion(sizes, seats, method=ours).given)
        assert {unit: given for unit, given in told.items() if given} == dict(peer)
