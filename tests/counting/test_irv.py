# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alternative vote: districts of New South Wales and Burlington 2009, round by round."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kollontai.counting.ballots import make
from kollontai.counting.errors import WrongBallots
from kollontai.counting.files import preflib, rankings_csv
from kollontai.counting.stv import count

DATA = Path(__file__).parents[1] / "data" / "counting" / "irv"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text())


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".soi")])
def test_a_district_elects_its_member_round_by_round(name: str) -> None:
    expected = EXPECTED[name]
    ballots = preflib.read((DATA / name).read_text())
    result = count(ballots, "irv")
    assert [c + 1 for c in result.elected] == expected["winner"]
    assert result.valid == expected["ballots"]
    assert list(result.candidates) == expected["candidates"]
    for stage, told in zip(result.stages, expected["rounds"], strict=False):
        assert {str(c + 1): v for c, v in enumerate(stage.tallies) if v} == {
            key: votes for key, votes in told["tallies"].items() if votes
        }
        assert stage.non_transferable == told["exhausted"]
    assert len(result.stages) == len(expected["rounds"])


def test_burlington_elects_bob_kiss_in_the_last_round() -> None:
    text = (DATA / "burlington_2009_mayor.csv").read_text()
    policy = rankings_csv.Policy(skipped="close-up", doubled="first", overvoted="stop")
    ballots = rankings_csv.read(text, policy=policy)
    result = count(ballots, "irv", seed="Burlington")
    assert [result.name(c) for c in result.elected] == ["Bob Kiss"]


def test_the_full_form_takes_only_ballots_that_rank_everybody() -> None:
    ballots = make(["a", "b", "c"], 1, [((0, 1, 2), 3), ((1, 0), 5), ((2, 1, 0), 1)])
    result = count(ballots, "irv-full")
    assert (result.valid, result.blank) == (4, 5)
    assert result.elected == (0,)


def test_one_seat_is_all_the_alternative_vote_fills() -> None:
    with pytest.raises(WrongBallots, match="fills one place"):
        count(make(["a", "b"], 2, [((0, 1), 1)]), "irv")
