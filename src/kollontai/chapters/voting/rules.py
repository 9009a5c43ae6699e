# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of voting (article 12).

Who stands on the roll may vote, once, from the opening until the moment that was frozen with it. Nobody
else may, for nobody else; no vote is changed; nobody closes a poll, lengthens it, or sees a result before
everybody. A poll closes by the clock, and earlier only when everybody on its roll has voted. A secret ballot
has at most five ranks where fewer than 200 may vote; the world sees its sums from ten ballots up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.record.refusal import Refusal

ARTICLE = 12


@dataclass(frozen=True)
class Voting:
    """What is known when somebody wants to vote."""

    is_member: bool
    on_roll: bool
    has_voted: bool
    is_open: bool
    opens_at: datetime
    closes_at: datetime
    outside: bool = False


def may_vote(facts: Voting, *, at: datetime) -> Refusal | None:
    """Whoever is on the roll may vote once, while the poll is open."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.on_roll:
        return Refusal("not-on-the-roll", ARTICLE)
    if facts.outside:
        return Refusal("vote-held-outside", ARTICLE)
    if facts.has_voted:
        return Refusal("already-voted", ARTICLE)
    if at < facts.opens_at:
        return Refusal("vote-not-open-yet", ARTICLE, until=facts.opens_at)
    if not facts.is_open or at >= facts.closes_at:
        return Refusal("vote-closed", ARTICLE, facts={"closed": facts.closes_at})
    return None


SMALL_ROLL = 200
FEW_RANKS, MANY_RANKS = 5, 30


def most_ranks(*, on_roll: int) -> int:
    """How many ranks a secret ballot has: few where few vote, so that no ranking gives its voter away."""
    return FEW_RANKS if on_roll < SMALL_ROLL else MANY_RANKS


def may_close(*, cast: int, on_roll: int, closes_at: datetime, at: datetime) -> bool:
    """A poll closes at its hour, or when everybody on its roll has voted; never otherwise."""
    return at >= closes_at or cast == on_roll
