# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schulze with a status quo: real votes, the worked examples of the paper, and properties."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise as neighbours
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.counting.errors import WrongBallots
from kollontai.counting.rankings import Ranking
from kollontai.counting.schulze import SchulzeResult, schulze

DATA = Path(__file__).parents[1] / "data" / "counting" / "condorcet"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
NONE = Fraction(0)


def debian(name: str, options: list[str]) -> Iterator[tuple[Ranking, int]]:
    """Ballots of a Debian tally sheet: one character per option, "-" unranked."""
    for line in (DATA / name).read_text(encoding="latin-1").splitlines():
        if line.startswith("V: "):
            marks = line[3 : 3 + len(options)]
            ranks = sorted({mark for mark in marks if mark != "-"})
            yield (
                tuple(
                    tuple(option for option, mark in zip(options, marks, strict=True) if mark == rank)
                    for rank in ranks
                ),
                1,
            )


def letters(*ballots: tuple[int, str]) -> list[tuple[Ranking, int]]:
    return [(tuple(tuple(rank) for rank in text.split()), times) for times, text in ballots]


def plain(ballots: list[tuple[Ranking, int]], options: str, **more: Any) -> SchulzeResult:
    """A vote in which nothing can drop out: the status quo is unranked by all."""
    roll = sum(times for _, times in ballots)
    return schulze(
        ballots, [*options, "quo"], status_quo="quo", roll=roll, quorum=NONE, majority=None, **more
    )


@pytest.mark.parametrize("name", ["debian_leader2006_tally.txt", "debian_leader2020_tally.txt"])
def test_a_debian_vote_gives_the_published_matrix_and_leader(name: str) -> None:
    expected = EXPECTED[name]
    options = [expected["options"][str(at + 1)] for at in range(len(expected["options"]))]
    result = schulze(
        debian(name, options),
        options,
        status_quo=options[-1],
        roll=1000,
        quorum=Fraction(47, 1000),
        majority=None,
    )
    assert result.ballots == expected["votes"]
    assert [list(row) for row in result.matrix] == expected["pairwise"]
    assert result.winner == expected["official_winner"]
    survivors = [options[at] for at in expected["options_surviving_default_check"]]
    assert [*result.remaining] == survivors + ([] if options[-1] in survivors else [options[-1]])


def test_the_first_example_of_the_paper_elects_e() -> None:
    # Schulze 2011, example 1: 45 voters, five options.
    ballots = letters(
        (5, "a c b e d"),
        (5, "a d e c b"),
        (8, "b e d a c"),
        (3, "c a b e d"),
        (7, "c a e b d"),
        (2, "c b a d e"),
        (7, "d c e b a"),
        (8, "e b a d c"),
    )
    result = plain(ballots, "abcde")
    assert result.winner == "e"
    assert result.strength("a", "e") == 24
    assert result.strength("e", "a") == 25
    assert result.path("e", "a")[0] == "e"
    assert result.sentences()[-1] == "e is chosen."


def test_options_below_the_quorum_or_without_a_majority_drop_out() -> None:
    ballots = letters((8, "a q b"), (5, "b q a"), (1, "c q"))
    result = schulze(ballots, [*"abcq"], status_quo="q", roll=40, quorum=Fraction(1, 8), majority=None)
    assert [(gone.option, gone.reason, gone.needed) for gone in result.dropped] == [
        ("b", "majority", 8),
        ("c", "quorum", 5),
    ]
    assert result.remaining == ("a", "q")


def test_a_charter_change_needs_two_thirds_exactly() -> None:
    for yes, no, winner in ((4, 2, "new"), (5, 3, "old"), (2, 1, "new"), (66, 34, "old")):
        result = schulze(
            [((("new",), ("old",)), yes), ((("old",), ("new",)), no)],
            ["new", "old"],
            status_quo="old",
            roll=100,
            quorum=NONE,
            majority=Fraction(2, 3),
        )
        assert result.winner == winner


def test_a_tie_that_contains_the_status_quo_keeps_it() -> None:
    result = schulze(
        [((("a",), ("old",)), 3), ((("old",), ("a",)), 3)],
        ["a", "old"],
        status_quo="old",
        roll=6,
        quorum=NONE,
        majority=Fraction(1, 2),
        tie_break=["a", "old"],
    )
    assert result.winner == "old"
    assert result.decided_by == "status-quo"
    assert not result.changed


def test_another_tie_is_reported_and_a_published_lot_can_decide_it() -> None:
    ballots = letters((1, "a b"), (1, "b a"))
    undecided = plain(ballots, "ab")
    assert undecided.tied == ("a", "b")
    assert undecided.winner is None
    assert undecided.sentences()[-1].endswith("the tie needs a decision.")
    decided = plain(ballots, "ab", tie_break=["quo", "b", "a"])
    assert decided.winner == "b"
    assert decided.decided_by == "lot"


def test_nothing_left_keeps_the_status_quo() -> None:
    result = schulze([((("q",), ("a",)), 2)], ["a", "q"], status_quo="q", roll=2, quorum=NONE, majority=None)
    assert result.winner == "q"
    assert json.loads(json.dumps(result.to_json()))["winner"] == "q"


@pytest.mark.parametrize(
    ("ballots", "says"),
    [
        ([((("a",), ("a",)), 1)], "twice"),
        ([((("x",),), 1)], "not an option"),
        ([((("a",),), 99)], "on the roll"),
    ],
)
def test_ballots_that_cannot_be_counted_are_refused(ballots: list[tuple[Ranking, int]], says: str) -> None:
    with pytest.raises(WrongBallots, match=says):
        schulze(ballots, ["a", "q"], status_quo="q", roll=3, quorum=NONE, majority=None)


@st.composite
def votes(draw: st.DrawFn) -> list[tuple[Ranking, int]]:
    options = [*"abcdq"]
    ballots: list[tuple[Ranking, int]] = []
    for _ in range(draw(st.integers(1, 9))):
        place = [draw(st.integers(0, 4)) for _ in options]
        ranking = tuple(
            tuple(option for option, at in zip(options, place, strict=True) if at == rank)
            for rank in range(4)
            if rank in place
        )
        ballots.append((ranking, draw(st.integers(1, 3))))
    return ballots


def of(ballots: list[tuple[Ranking, int]], options: list[str]) -> SchulzeResult:
    return schulze(ballots, options, status_quo="q", roll=100, quorum=Fraction(1, 50), majority=None)


@given(votes(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_options_does_not_matter(
    ballots: list[tuple[Ranking, int]], dice: Any
) -> None:
    first = of(ballots, [*"abcdq"])
    single = [(ranking, 1) for ranking, times in ballots for _ in range(times)]
    options = [*"abcdq"]
    dice.shuffle(single)
    dice.shuffle(options)
    second = of(single, options)
    assert (first.winner, set(first.tied), set(first.remaining)) == (
        second.winner,
        set(second.tied),
        set(second.remaining),
    )
    assert all(first.preferring(a, b) == second.preferring(a, b) for a in options for b in options)


@given(votes())
def test_every_path_has_the_strength_it_claims(ballots: list[tuple[Ranking, int]]) -> None:
    result = of(ballots, [*"abcdq"])
    for a in result.remaining:
        for b in result.remaining:
            if a != b and result.strength(a, b):
                path = result.path(a, b)
                assert len(set(path)) == len(path)
                assert min(result.preferring(x, y) for x, y in neighbours(path)) == result.strength(a, b)


@given(votes())
def test_a_winner_beats_the_status_quo_and_nobody_beats_a_winner_by_a_stronger_path(
    ballots: list[tuple[Ranking, int]],
) -> None:
    result = of(ballots, [*"abcdq"])
    assert result.tied
    if result.changed:
        assert result.winner is not None
        assert result.preferring(result.winner, "q") > result.preferring("q", result.winner)
        assert all(
            result.strength(result.winner, other) >= result.strength(other, result.winner)
            for other in result.remaining
        )
