# SPDX-License-Identifier: AGPL-3.0-or-later
"""pref_voting: Schulze, ranked pairs, minimax on random rankings and on the Debian votes' matrices."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from math import factorial, prod

import pytest

from kollontai.counting.condorcet import minimax, ranked_pairs
from kollontai.counting.errors import TieNeedsDecision
from kollontai.counting.rankings import Ranking
from kollontai.counting.schulze import schulze

pytest.importorskip("pref_voting", reason="pref_voting is not installed", exc_type=ImportError)


def elections() -> list[list[tuple[tuple[int, ...], int]]]:
    dice = random.Random(16)
    made = []
    for _ in range(150):
        many = dice.randint(2, 6)
        lines = [
            (tuple(dice.sample(range(many), many)), dice.randint(1, 9)) for _ in range(dice.randint(1, 12))
        ]
        made.append(lines)
    return made


@pytest.mark.filterwarnings("ignore")
def test_the_same_winners_by_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    # For elections this small the peer would spend all its time on making machine code.
    monkeypatch.setattr(pytest.importorskip("numba").config, "DISABLE_JIT", 1)
    from pref_voting.c1_methods import smith_set
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.margin_based_methods import minimax as their_minimax
    from pref_voting.margin_based_methods import ranked_pairs as their_pairs
    from pref_voting.profiles import Profile

    compared = 0
    for lines in elections():
        many = len(lines[0][0])
        options = [str(number) for number in range(many)]
        ours: list[tuple[Ranking, int]] = [(tuple((str(c),) for c in order), times) for order, times in lines]
        peer = Profile([list(order) for order, _ in lines], rcounts=[times for _, times in lines])
        cast = sum(times for _, times in lines)
        result = schulze(
            ours, [*options, "quo"], status_quo="quo", roll=cast, quorum=Fraction(0), majority=None
        )
        # All ballots rank everybody, so margins and winning votes agree.
        assert {int(option) for option in result.tied} == set(beat_path(peer))
        mine = minimax(ours, options)
        assert {int(option) for option in mine.winners} == set(their_minimax(peer))
        assert {int(option) for option in mine.smith} == set(smith_set(peer))
        try:
            pairs = ranked_pairs(ours, options)
        except TieNeedsDecision:
            continue
        groups = Counter((one.votes, one.against) for one in pairs.locked)
        if prod(map(factorial, groups.values())) > 24:
            continue  # the peer tries every order of equal pairs, and would not end
        assert {int(option) for option in pairs.winners} == set(their_pairs(peer))
        compared += 1
    assert compared > 40
