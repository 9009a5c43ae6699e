# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which matters get the times of a big decision, and since when. Article 2.

1. What a draft would change says which times it needs; nobody chooses shorter ones.
2. In the first days of their talk members who are no leaders on a matter may call it a big decision, each
   once. With as many of them as an item needs it is one.
3. A draft of the members' talk may declare an effect that needs the long times; then too the matter is a
   big decision.
4. What has become big is talked over anew, in full. It happens once in a matter's life, so nobody delays
   it twice.
5. From the leaders' stage on a draft declares only what one draft declared as a whole or in part when the
   members' talk ended. What was withdrawn or revised away by then is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kollontai.chapters.charter.calendar import NO_DAYS, phase_end
from kollontai.chapters.deliberation.effects import Effect, write
from kollontai.chapters.deliberation.rules import ARTICLE, Place, may
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.record.refusal import Refusal

BIG = "big"
CALL_DAYS = "N.call_big"
FIXED = (Stage.ANSWER, Stage.REPLY)
"""In these stages effects are fixed; in the members' talk they are not, and later no draft is put."""


@dataclass(frozen=True)
class Calling:
    """What is known when somebody calls a matter a big decision."""

    place: Place
    weight: str
    called: bool  # by this member
    until: datetime | None  # the last moment for it, while members talk


def call_until(talk_began: datetime, days: int, zone: str, quiet: frozenset[date] = NO_DAYS) -> datetime:
    """Until when members may call a matter big whose talk began then; quiet days do not count."""
    return phase_end(talk_began, days, zone, quiet)


def may_call_big(facts: Calling, *, at: datetime) -> Refusal | None:
    """A member who is no leader on it, in the first days of the talk, once; and not what is big already."""
    place = facts.place
    if place.is_member and place.leads:
        return Refusal("leaders-do-not-call-big", ARTICLE)
    refusal = may(Doing.CALL_BIG, place, at=at)
    if refusal is not None:
        return refusal
    if facts.weight == BIG:
        return Refusal("big-already", ARTICLE)
    if facts.called:
        return Refusal("called-big-already", ARTICLE)
    if facts.until is None or at >= facts.until:
        return Refusal("too-late-to-call-big", ARTICLE, facts={"since": facts.until})
    return None


def raises(weight: str, stage: Stage, *, needs_long_times: bool) -> bool:
    """Whether a draft with such effects makes the matter big: in the members' talk alone."""
    return needs_long_times and weight != BIG and stage is Stage.TALK


def may_still_declare(
    effects: Sequence[Effect], stage: Stage, fixed: Iterable[Sequence[Effect]]
) -> Refusal | None:
    """From the leaders' stage on: only what one draft declared when the talk ended, or a part of it.

    `fixed`: what each draft that stood then declared.
    """
    if stage not in FIXED or not effects:
        return None
    wanted = Counter(write([one]) for one in effects)
    if any(wanted <= Counter(write([one]) for one in declared) for declared in fixed):
        return None
    return Refusal("effects-fixed", ARTICLE)
