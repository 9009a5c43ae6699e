# SPDX-License-Identifier: AGPL-3.0-or-later
"""Yes/no votes: exact thresholds."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.counting.errors import WrongBallots
from kollontai.counting.yesno import count_yes_no

HALF, TWO_THIRDS, NONE = Fraction(1, 2), Fraction(2, 3), Fraction(0)


@pytest.mark.parametrize(
    ("yes", "no", "majority", "strictly", "carried"),
    [
        (50, 50, HALF, True, False),
        (50, 50, HALF, False, True),
        (51, 50, HALF, True, True),
        (66, 34, TWO_THIRDS, False, False),
        (67, 33, TWO_THIRDS, False, True),
        (2, 1, TWO_THIRDS, False, True),
        (2, 1, TWO_THIRDS, True, False),
        (0, 0, HALF, False, False),
        (0, 0, HALF, True, False),
        (6666666666666666, 3333333333333334, TWO_THIRDS, False, False),
        (6666666666666667, 3333333333333333, TWO_THIRDS, False, True),
    ],
)
def test_more_than_and_at_least_are_kept_apart(
    yes: int, no: int, majority: Fraction, strictly: bool, carried: bool
) -> None:
    result = count_yes_no(yes, no, 0, roll=yes + no, quorum=NONE, majority=majority, strictly=strictly)
    assert result.carried is carried


@pytest.mark.parametrize(("yes", "met"), [(12, False), (13, True)])
def test_a_quorum_rounds_up(yes: int, met: bool) -> None:
    result = count_yes_no(yes, 0, 0, roll=100, quorum=Fraction(1, 8), majority=HALF, strictly=True)
    assert result.yes_needed_for_quorum == 13
    assert result.quorum_met is met
    assert result.carried is met


def test_abstentions_stand_outside_the_base() -> None:
    result = count_yes_no(3, 2, 95, roll=100, quorum=NONE, majority=HALF, strictly=True)
    assert result.carried
    assert result.base == 5


def test_the_result_can_say_itself() -> None:
    result = count_yes_no(24, 18, 4, roll=60, quorum=Fraction(1, 8), majority=TWO_THIRDS, strictly=False)
    assert result.sentence() == (
        "Not carried: 24 yes, 18 no, 4 abstained, of 60 on the roll; "
        "yes is not at least 2/3 of the 42 who said yes or no (28 needed); "
        "the quorum of 8 yes (12.5 % of the roll) is met."
    )
    assert json.loads(json.dumps(result.to_json()))["majority"] == "2/3"


def test_more_votes_than_the_roll_are_refused() -> None:
    with pytest.raises(WrongBallots, match="only 3 members are on the roll"):
        count_yes_no(2, 2, 0, roll=3, quorum=NONE, majority=HALF, strictly=True)


def test_a_float_threshold_is_refused() -> None:
    with pytest.raises(WrongBallots, match="exact fraction"):
        count_yes_no(2, 1, 0, roll=3, quorum=0.5, majority=HALF, strictly=True)  # type: ignore[arg-type]


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.fractions(0, 1),
    st.fractions(0, 1),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_the_numbers_needed_say_the_same_as_the_fractions(
    yes: int, no: int, quorum: Fraction, majority: Fraction, strictly: bool, others: int
) -> None:
    roll = yes + no + others
    result = count_yes_no(yes, no, 0, roll=roll, quorum=quorum, majority=majority, strictly=strictly)
    enough = yes > majority * (yes + no) if strictly else yes >= majority * (yes + no)
    assert result.carried == (enough and yes >= quorum * roll and yes > 0)
