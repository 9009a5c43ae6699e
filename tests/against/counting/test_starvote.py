# SPDX-License-Identifier: AGPL-3.0-or-later
"""starvote: STAR on random scores, ties told apart from winners."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kollontai.counting.errors import TieNeedsDecision
from kollontai.counting.ratings import star

starvote: Any = pytest.importorskip("starvote", reason="starvote is not installed", exc_type=ImportError)


def test_the_same_winner_or_the_same_unbreakable_tie() -> None:
    dice = random.Random(5)
    tied = 0
    for _ in range(300):
        names = [*"abcd"][: dice.randint(2, 4)]
        ballots = [{name: dice.randint(0, 5) for name in names} for _ in range(dice.randint(1, 6))]
        try:
            theirs = starvote.star_voting(ballots, tiebreaker=None)[0]
        except starvote.UnbreakableTieError:
            theirs = None
        try:
            ours = star([(ballot, 1) for ballot in ballots], names).winners[0]
        except TieNeedsDecision:
            ours = None
            tied += 1
        assert ours == theirs
    assert tied
