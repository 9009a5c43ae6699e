# SPDX-License-Identifier: AGPL-3.0-or-later
"""Re-open nominations, countback, limits per category: what member elections ask of a count."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting.ballots import Ballots, make
from kollontai.counting.errors import Infeasible, TieNeedsDecision, WrongBallots
from kollontai.counting.files import blt
from kollontai.counting.stv import RULES, Constraint, count, countback, from_own_papers

WARDS = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish"
GREGORY = [name for name, rule in RULES.items() if not rule.one_seat and rule.family == "gregory"]
SEVERAL = [name for name, rule in RULES.items() if not rule.one_seat]


def papers(*lines: tuple[int, str]) -> list[tuple[tuple[int, ...], int]]:
    return [(tuple("ABCDEFR".index(letter) for letter in order), times) for times, order in lines]


def vote(seats: int, *lines: tuple[int, str]) -> Ballots:
    names = ["A", "B", "C", "D", "E", "F", "Re-open nominations"]
    return make(names, seats, papers(*lines))


RON = 6


def test_re_open_nominations_wins_a_place_and_the_rest_opens_again() -> None:
    result = count(vote(2, (60, "A"), (50, "R"), (10, "B")), reopen=RON, leave_out_unranked=True)
    assert result.elected == (0,)
    assert result.reopened == 1
    assert "Nominations open again for 1 place." in result.sentences()


def test_an_option_that_no_ballot_ranks_takes_no_part() -> None:
    result = count(vote(2, (6, "A"), (3, "B")), reopen=RON, leave_out_unranked=True)
    assert sorted(result.elected) == [0, 1]
    assert result.reopened == 0
    assert RON in result.left_out


def test_who_would_be_elected_by_default_is_not_while_re_open_nominations_is_still_in() -> None:
    # Three places, quota 26: A is elected; B and R are left for two places.
    result = count(vote(3, (60, "A"), (20, "B"), (21, "R")), reopen=RON, leave_out_unranked=True)
    assert result.elected == (0,)
    assert result.reopened == 2


def test_without_candidates_on_the_ballots_re_open_nominations_takes_everything() -> None:
    result = count(vote(3, (5, "R")), reopen=RON, leave_out_unranked=True)
    assert result.elected == ()
    assert result.reopened == 3


@pytest.mark.parametrize(("ron", "elected", "reopened"), [(40, (0,), 0), (51, (), 1)])
def test_a_single_post_is_won_against_re_open_nominations(
    ron: int, elected: tuple[int, ...], reopened: int
) -> None:
    result = count(vote(1, (30, "AB"), (19, "BA"), (ron, "R")), "irv", reopen=RON, leave_out_unranked=True)
    assert result.elected == elected
    assert result.reopened == reopened


def test_who_reaches_the_quota_in_the_same_stage_as_re_open_nominations_is_seated() -> None:
    result = count(vote(2, (40, "A"), (60, "R")), reopen=RON, leave_out_unranked=True)
    assert result.elected == (0,)
    assert result.reopened == 1


def test_the_next_in_line_takes_the_vacant_seat_and_the_seated_keep_theirs() -> None:
    ballots = blt.read((WARDS / "edinburgh_2017_ward1.blt").read_text())
    first = count(ballots)
    for leaver in first.elected:
        seated = [c for c in first.elected if c != leaver]
        back = countback(ballots, "scottish-stv", left=[leaver], seated=seated, seed="x")
        assert set(seated) < set(back.count.elected)
        assert len(back.next_in_line) == 1
        refused = countback(
            ballots, "scottish-stv", left=[leaver], seated=seated, aside=back.next_in_line, seed="x"
        )
        assert len(refused.next_in_line) == 1
        assert refused.next_in_line != back.next_in_line
        assert refused.sentences()[-1].startswith("Next in line: ")


def test_a_seated_member_with_the_fewest_votes_is_spared_in_a_recount() -> None:
    ballots = vote(2, (50, "A"), (30, "BC"), (5, "C"), (20, "D"))
    back = countback(ballots, "scottish-stv", left=[0], seated=[2])
    assert back.next_in_line == (1,)
    assert set(back.count.elected) == {1, 2}


def test_re_open_nominations_can_win_the_recount() -> None:
    ballots = vote(1, (50, "AR"), (30, "BR"), (25, "R"))
    first = count(ballots, "irv", reopen=RON, leave_out_unranked=True)
    assert first.elected == (0,)
    back = countback(ballots, "irv", left=[0], seated=[], reopen=RON)
    assert back.next_in_line == ()
    assert back.sentences()[-1] == "Nobody is next in line; the by-election fills the place."


def test_tasmania_looks_at_the_papers_that_elected_the_leaver() -> None:
    ballots = vote(2, (40, "ABC"), (30, "CB"), (10, "BC"), (9, "DB"))
    done = count(ballots, "hare-clark", seed="x")
    assert 0 in done.elected
    again = from_own_papers(done, 0, [1, 3], seed="x")
    assert again.elected == (1,)


@pytest.mark.parametrize("rule", [name for name in SEVERAL if name not in ("cambridge", "qpq")])
def test_limits_per_category_are_met_whatever_the_rule(rule: str) -> None:
    ballots = vote(3, (40, "AB"), (30, "BA"), (20, "CA"), (6, "DE"), (5, "ED"), (4, "FD"))
    women = Constraint("gender", "women", frozenset({3, 4, 5}), least=2)
    north = Constraint("region", "north", frozenset({0, 3, 5}), most=1)
    result = count(ballots, rule, constraints=[women, north], seed="limits")
    assert len(result.elected) == 3
    assert len(women.members & set(result.elected)) >= 2
    assert len(north.members & set(result.elected)) <= 1
    told = " ".join(note for stage in result.stages for note in stage.notes)
    assert "without breaking a limit" in told or "is guarded" in told


@pytest.mark.parametrize("rule", ["cambridge", "qpq"])
def test_rules_that_know_no_limits_say_so(rule: str) -> None:
    ballots = vote(2, (40, "AB"), (30, "BA"), (20, "CA"))
    with pytest.raises(WrongBallots, match=f"The rule {rule} knows no limits"):
        count(ballots, rule, constraints=[Constraint("gender", "women", frozenset({2}), least=1)])


@pytest.mark.parametrize("rule", ["qpq", "meek-prf", "ers97"])
def test_re_open_nominations_that_wins_a_place_opens_the_rest_by_other_rules_too(rule: str) -> None:
    result = count(vote(2, (60, "A"), (50, "R"), (10, "B")), rule, reopen=6, leave_out_unranked=True)
    assert result.elected == (0,)
    assert result.reopened == 1


def test_limits_that_nobody_can_meet_are_refused_before_the_count() -> None:
    ballots = vote(2, (3, "A"), (2, "B"))
    with pytest.raises(Infeasible, match="at least 3 of women"):
        count(ballots, constraints=[Constraint("gender", "women", frozenset({0, 1, 2}), least=3)])


@pytest.mark.parametrize("rule", GREGORY)
def test_members_keep_their_seats_under_every_rule(rule: str) -> None:
    ballots = vote(3, (40, "ABC"), (30, "BAD"), (20, "CAE"), (6, "DE"), (5, "ED"))
    back = countback(ballots, rule, left=[0], seated=[1, 4], seed="kept")
    assert {1, 4} < set(back.count.elected)
    assert len(back.next_in_line) == 1


def orders(most: int) -> st.SearchStrategy[list[tuple[tuple[int, ...], int]]]:
    ranking = st.lists(st.integers(0, most - 1), unique=True, min_size=1).map(tuple)
    return st.lists(st.tuples(ranking, st.integers(1, 9)), min_size=1, max_size=12)


def summary(ballots: Ballots, rule: str) -> Any:
    told: Any = count(ballots, rule, tie_order=range(len(ballots.candidates))).to_json()
    for stage in told["stages"]:
        del stage["notes"]  # they name candidates
    return {key: value for key, value in told.items() if key not in ("candidates", "title")}


@pytest.mark.parametrize("rule", [name for name in SEVERAL if not RULES[name].ordered])
@settings(max_examples=10, deadline=None)
@given(data=orders(5), seats=st.integers(1, 4), dice=st.randoms(use_true_random=False))
def test_the_order_and_merging_of_ballots_do_not_matter(
    rule: str, data: list[tuple[tuple[int, ...], int]], seats: int, dice: Any
) -> None:
    names = [*"abcde"]
    single = [(ranks, 1) for ranks, times in data for _ in range(times)]
    dice.shuffle(single)
    assert summary(make(names, seats, data), rule) == summary(make([*"vwxyz"], seats, single), rule)


@pytest.mark.parametrize("rule", [name for name in SEVERAL if not RULES[name].ordered])
@settings(max_examples=10, deadline=None)
@given(data=orders(5), seats=st.integers(1, 4))
def test_a_solid_coalition_gets_the_seats_its_quotas_buy(
    rule: str, data: list[tuple[tuple[int, ...], int]], seats: int
) -> None:
    ballots = make([*"abcde"], seats, data)
    result = count(ballots, rule, tie_order=range(5))
    assert len(result.elected) == min(seats, 5)
    # What the coalition may lose on the way: decimals cut off, and the quota as the rule rounds it.
    scale = 1 if RULES[rule].places is None else 10 ** RULES[rule].places * RULES[rule].papers_scale
    lost = result.stages[-1].lost
    for size in range(1, 5):
        for group in itertools.combinations(range(5), size):
            solid = sum(times for ranks, times in data if set(ranks[:size]) == set(group))
            quotas = max(0, math.floor((solid * scale - lost) / Fraction(result.quota)))
            if solid * scale == quotas * result.quota:  # s + 1 candidates might have it
                quotas = max(0, quotas - 1)
            # Cut off, the quota may go into all ballots once more than there are seats.
            assert len(set(group) & set(result.elected)) >= min(quotas, size, seats)


@given(orders(4), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_no_float_enters_any_figure(data: list[tuple[tuple[int, ...], int]], seats: int) -> None:
    for rule in SEVERAL:
        try:
            result = count(make([*"abcd"], seats, data), rule, tie_order=range(4))
        except TieNeedsDecision:
            continue
        for stage in result.stages:
            figures = [*stage.tallies, stage.non_transferable, stage.lost, stage.quota, stage.value]
            assert not any(isinstance(figure, float) for figure in figures)
        assert "e-" not in json.dumps(result.to_json()["stages"])


def test_re_open_nominations_is_never_next_in_line() -> None:
    """Where all who stood have left, keep their seats or said no, nobody is next: the seat stays open."""
    papers = (((0, 1), 8), ((1, 2), 6), ((2, 3), 3), ((3, 4), 2), ((4,), 1))
    ballots = Ballots(("Ada", "Ben", "Cleo", "Dai", "Re-open nominations"), 3, papers)
    asked = countback(ballots, "scottish-stv", left=[2], seated=[0, 1], seed="aa", reopen=4)
    assert asked.next_in_line == (3,)
    nobody = countback(ballots, "scottish-stv", left=[2], seated=[0, 1], aside=[3], seed="aa", reopen=4)
    assert nobody.next_in_line == ()
    assert (nobody.count.elected, nobody.count.reopened) == ((0, 1), 1)
