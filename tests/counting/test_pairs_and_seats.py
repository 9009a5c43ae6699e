# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ranked pairs, minimax, apportionment: textbook examples and properties."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting.apportionment import apportion
from kollontai.counting.condorcet import minimax, ranked_pairs, smith_set
from kollontai.counting.errors import TieNeedsDecision, WrongBallots
from kollontai.counting.rankings import Ranking


def letters(*ballots: tuple[int, str]) -> list[tuple[Ranking, int]]:
    return [(tuple((letter,) for letter in text), times) for times, text in ballots]


TENNESSEE = letters((42, "mnck"), (26, "nckm"), (15, "cknm"), (17, "kcnm"))


def test_the_capital_of_tennessee_is_nashville() -> None:
    for result in (ranked_pairs(TENNESSEE, "mnck"), minimax(TENNESSEE, "mnck")):
        assert result.winners == ("n",)
        assert result.condorcet == "n"
        assert result.smith == ("n",)
        assert result.matrix[1] == (58, 0, 68, 68)
        assert "n is chosen." in result.sentences()
        assert json.loads(json.dumps(result.to_json()))["winners"] == ["n"]


def test_a_circle_is_cut_at_its_weakest_pair() -> None:
    ballots = letters((8, "abc"), (7, "bca"), (6, "cab"))
    result = ranked_pairs(ballots, "abc")
    assert result.condorcet is None
    assert result.smith == ("a", "b", "c")
    assert result.winners == ("a",)
    assert [pair.kept for pair in result.locked] == [True, True, False]
    assert minimax(ballots, "abc").winners == ("a",)


def test_equal_pairs_in_a_circle_need_a_published_order() -> None:
    ballots = letters((1, "abc"), (1, "bca"), (1, "cab"))
    with pytest.raises(TieNeedsDecision, match="Which pair comes first"):
        ranked_pairs(ballots, "abc")
    assert len(ranked_pairs(ballots, "abc", tie_break="cab").winners) == 1
    assert minimax(ballots, "abc").winners == ("a", "b", "c")


@st.composite
def votes(draw: st.DrawFn) -> list[tuple[Ranking, int]]:
    orders = st.permutations("abcd").map(lambda order: tuple((letter,) for letter in order))
    return draw(st.lists(st.tuples(orders, st.integers(1, 5)), min_size=1, max_size=7))


@settings(max_examples=60, deadline=None)
@given(votes())
def test_who_beats_everybody_is_chosen_by_every_method(ballots: list[tuple[Ranking, int]]) -> None:
    pairs = ranked_pairs(ballots, "abcd", tie_break="abcd")
    for result in (pairs, minimax(ballots, "abcd"), minimax(ballots, "abcd", by="margins")):
        if result.condorcet is not None:
            assert result.winners == (result.condorcet,)
    assert set(pairs.winners) <= set(pairs.smith)


@settings(max_examples=60, deadline=None)
@given(votes())
def test_the_smith_set_is_the_smallest_that_beats_all_others(ballots: list[tuple[Ranking, int]]) -> None:
    matrix = minimax(ballots, "abcd").matrix

    def beats_all(group: tuple[int, ...]) -> bool:
        return all(matrix[a][b] > matrix[b][a] for a in group for b in range(4) if b not in group)

    smallest = next(
        group for many in range(1, 5) for group in itertools.combinations(range(4), many) if beats_all(group)
    )
    assert smith_set(matrix) == smallest


TEXTBOOK = {"yellow": 47000, "white": 16000, "red": 15900, "green": 12000, "blue": 6000, "pink": 3100}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("dhondt", [5, 2, 2, 1, 0, 0]),
        ("sainte-lague", [4, 2, 2, 1, 1, 0]),
        ("largest-remainder", [5, 2, 1, 1, 1, 0]),
        ("droop-remainder", [5, 2, 2, 1, 0, 0]),
    ],
)
def test_the_textbook_example_is_shared_out_as_in_the_textbook(method: str, expected: list[int]) -> None:
    result = apportion(TEXTBOOK, 10, method=method)  # type: ignore[arg-type]
    assert [seats for _, seats in result.given] == expected
    assert json.loads(json.dumps(result.to_json()))["given"]["yellow"] == expected[0]


def test_every_unit_gets_its_minimum() -> None:
    for method in ("sainte-lague", "dhondt", "largest-remainder"):
        result = apportion({"a": 100, "b": 1, "c": 0}, 5, method=method, minimum=1)  # type: ignore[arg-type]
        assert result.given == (("a", 3), ("b", 1), ("c", 1))


def test_a_tie_for_the_last_seat_stops_and_asks() -> None:
    with pytest.raises(TieNeedsDecision, match="Who gets the last seat"):
        apportion({"a": 10, "b": 10}, 3)
    assert apportion({"a": 10, "b": 10}, 3, tie_break=["b", "a"]).of("b") == 2
    assert not apportion({"a": 10, "b": 10}, 4).by_lot


def test_seats_must_reach_for_the_minimum() -> None:
    with pytest.raises(WrongBallots, match="too few"):
        apportion({"a": 1, "b": 1}, 1, minimum=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6), st.integers(0, 30), st.integers(0, 2))
def test_all_seats_are_given_and_sainte_lague_keeps_its_inequality(
    sizes: list[int], more: int, minimum: int
) -> None:
    if not any(sizes):
        return
    units = {str(at): size for at, size in enumerate(sizes)}
    seats = minimum * len(sizes) + more
    order = list(units)
    for method in ("sainte-lague", "dhondt", "largest-remainder", "droop-remainder"):
        result = apportion(units, seats, method=method, minimum=minimum, tie_break=order)  # type: ignore[arg-type]
        assert sum(given for _, given in result.given) == seats
        assert all(given >= minimum for _, given in result.given)
    if minimum == 0:
        told = dict(apportion(units, seats, tie_break=order).given)
        for one in units:
            for other in units:
                if told[one]:
                    assert Fraction(units[one], 2 * told[one] - 1) >= Fraction(
                        units[other], 2 * told[other] + 1
                    )
