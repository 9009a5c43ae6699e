# SPDX-License-Identifier: AGPL-3.0-or-later
"""Approval, score, STAR by its published transcripts, majority judgment by its definition."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting.errors import TieNeedsDecision, WrongBallots
from kollontai.counting.files import star as star_csv
from kollontai.counting.ratings import Rated, approval, majority_judgment, score, star

DATA = Path(__file__).parents[1] / "data" / "counting" / "star"
REAL = sorted(path.stem for path in DATA.glob("starvote_ballots_*.csv"))


def winners_of(name: str) -> list[str]:
    """Who the transcript names at its end; several in alphabetical order."""
    lines = (DATA / f"{name}.txt").read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if re.fullmatch(r"\[.*: Winners?\]", line))
    return [line.strip() for line in lines[at + 1 :] if line.strip()]


@pytest.mark.parametrize("name", REAL)
def test_a_real_star_election_chooses_as_its_transcript_says(name: str) -> None:
    ballots, candidates = star_csv.read((DATA / f"{name}.csv").read_text())
    result = star(ballots, candidates)
    assert list(result.winners) == winners_of(name)
    told = (DATA / f"{name}.txt").read_text()
    assert f"Tabulating {result.ballots} ballots" in told
    for candidate, total in zip(result.candidates, result.totals, strict=True):
        assert re.search(rf"^\s+{re.escape(candidate)}\s+-- +{total} ", told, flags=re.M)


def test_bloc_star_fills_five_places_as_its_transcript_says() -> None:
    name = "starvote_ballots_libertarian_party_2020_presidential_nomination_may"
    ballots, candidates = star_csv.read((DATA / f"{name}.csv").read_text())
    result = star(ballots, candidates, seats=5)
    assert sorted(result.winners) == sorted(winners_of(f"{name}_bloc_star"))


def small(name: str) -> tuple[list[Rated], list[str], dict[str, str]]:
    """Ballots of a `.starvote` file (plain form)."""
    text = (DATA / f"{name}.starvote").read_text()
    options = dict(re.findall(r"^\s*(\w+) = (\w+)\s*$", text.split("[ballots]")[0], flags=re.M))
    ballots: list[Rated] = []
    scores: dict[str, int] = {}
    times = 1
    for line in [*text.split("[ballots]")[1].splitlines(), ""]:
        line = line.split("#")[0].strip()
        if found := re.fullmatch(r"(\d+) ballots?:", line):
            if scores:
                ballots.append((scores, times))
                scores = {}
            times = int(found[1])
        elif "=" in line:
            key, _, value = line.partition("=")
            scores[key.strip()] = int(value)
        elif scores:
            ballots.append((scores, times))
            scores, times = {}, 1
    names = sorted({key for one, _ in ballots for key in one})
    return ballots, names, options


TIED = [
    "test_election_unbreakable_three_way_tie_for_first_in_score_round",
    "test_election_unbreakable_tie_for_second_in_score_round",
]
SMALL = [
    "test_election_a_space_fabric_odyssey",
    "test_election_breakable_tie_in_automatic_runoff_round_using_max_score_count_round",
    "test_election_bloc_star_unbreakable_tie_for_first",
]


@pytest.mark.parametrize("name", SMALL)
def test_a_small_star_election_chooses_as_its_transcript_says(name: str) -> None:
    ballots, candidates, options = small(name)
    result = star(ballots, candidates, seats=int(options.get("seats", "1")))
    assert sorted(result.winners) == sorted(winners_of(name))
    assert not result.by_lot


@pytest.mark.parametrize("name", TIED)
def test_an_unbreakable_star_tie_stops_and_asks(name: str) -> None:
    ballots, candidates, _ = small(name)
    with pytest.raises(TieNeedsDecision) as caught:
        star(ballots, candidates)
    told = (DATA / f"{name}.txt").read_text().splitlines()[-1]
    assert all(candidate in told for candidate in caught.value.tied)
    assert star(ballots, candidates, tie_break=candidates).by_lot


def test_scores_in_the_runoff_break_a_tie_of_preferences() -> None:
    ballots: list[Rated] = [({"a": 5, "b": 3}, 1), ({"a": 1, "b": 2}, 1), ({"c": 1}, 1)]
    result = star(ballots, ["a", "b", "c"])
    assert result.winners == ("a",)
    assert "a and b have points: 6 and 5." in result.sentences()


def test_approval_counts_marks_and_asks_at_a_tie() -> None:
    ballots = [(["a", "b"], 3), (["b"], 2), (["c"], 3)]
    result = approval(ballots, "abc")
    assert result.winners == ("b",)
    assert result.totals == (3, 5, 3)
    with pytest.raises(TieNeedsDecision, match="Who is chosen"):
        approval(ballots, "abc", seats=2)
    assert approval(ballots, "abc", seats=2, tie_break="cba").winners == ("b", "c")
    assert json.loads(json.dumps(result.to_json()))["totals"]["b"] == 5


def test_a_mean_counts_only_who_rated() -> None:
    ballots: list[Rated] = [({"a": 5}, 1), ({"a": 4, "b": 5}, 1)]
    assert score(ballots, "ab").winners == ("a",)
    result = score(ballots, "ab", mean=True)
    assert result.winners == ("b",)
    assert result.means == (Fraction(9, 2), Fraction(5))


def test_a_score_outside_the_scale_is_refused() -> None:
    with pytest.raises(WrongBallots, match="from 0 to 5"):
        score([({"a": 6}, 1)], "a")
    with pytest.raises(WrongBallots, match="does not stand"):
        score([({"z": 1}, 1)], "a")


GRADES = ["reject", "poor", "fair", "good", "excellent"]


def by_definition(ballots: list[Rated], candidates: str) -> set[str]:
    """Grades in a row, the lower middle one taken away again and again: the greatest sequence wins."""

    def sequence(name: str) -> list[int]:
        row = sorted(scores.get(name, 0) for scores, times in ballots for _ in range(times))
        taken = []
        while row:
            taken.append(row.pop((len(row) - 1) // 2))
        return taken

    best = max(sequence(name) for name in candidates)
    return {name for name in candidates if sequence(name) == best}


@st.composite
def graded(draw: st.DrawFn) -> list[Rated]:
    one = st.fixed_dictionaries({name: st.integers(0, 4) for name in "abc"})
    return draw(st.lists(st.tuples(one, st.integers(1, 4)), min_size=1, max_size=6))


@settings(max_examples=100, deadline=None)
@given(graded())
def test_majority_judgment_follows_its_definition(ballots: list[Rated]) -> None:
    result = majority_judgment(ballots, "abc", grades=GRADES)
    assert set(result.winners) == by_definition(ballots, "abc")
    assert result.tied is (len(result.winners) > 1)


@settings(max_examples=60, deadline=None)
@given(graded(), st.randoms(use_true_random=False))
def test_the_order_of_rated_ballots_does_not_matter(ballots: list[Rated], dice: object) -> None:
    single = [(scores, 1) for scores, times in ballots for _ in range(times)]
    dice.shuffle(single)  # type: ignore[attr-defined]
    assert star(ballots, "abc", tie_break="abc") == star(single, "abc", tie_break="abc")
    assert score(ballots, "abc", tie_break="abc") == score(single, "abc", tie_break="abc")
