# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who shortens, and when. Article 2.

1. Only members shorten: a tenth of those concerned who do not lead on the matter, five at the least. No
   leader proposes it, supports it or counts for it.
2. A letter from outside, posted in the letter box, names a date that comes before the vote would end.
3. One text is asked about with yes or no. It stands entitled when the issue is shortened, and is fixed from
   then on.
4. No big decision is shortened, for a machine cannot tell which of them is about persons or rules; nor a text
   that would change anything by itself.
5. The vote still ends by the date. A unit shortens a few times a year, no more. Afterwards the clock asks
   when the letter came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.deliberation.classes import BIG
from kollontai.chapters.deliberation.rules import ARTICLE, Place, may
from kollontai.chapters.deliberation.stages import Doing
from kollontai.chapters.deliberation.timetable import WHO_SHORTENS
from kollontai.chapters.record.refusal import Refusal

SHARE, LEAST, A_YEAR = WHO_SHORTENS
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Matter:
    """What is known of an issue that somebody wants to shorten."""

    weight: str
    texts: int  # that are entitled to the paper now
    a_draft: bool  # the one of them is a draft, not made by amendments
    effects: bool  # it would change something by itself
    lately: int  # how often its unit shortened within a year
    most: int
    would_end: datetime | None  # the vote, in its ordinary time
    may_end: datetime | None  # the vote, shortened now


@dataclass(frozen=True)
class Proposing:
    """What is known when somebody proposes to shorten."""

    place: Place
    matter: Matter
    letter_here: bool
    proposed: bool
    before: datetime  # the date that the letter names


def may_propose(facts: Proposing, *, at: datetime) -> Refusal | None:
    """A member concerned who is no leader on it, once for each issue, by a letter and its date."""
    refusal = may_shorten(facts.place, facts.matter, at=at)
    if refusal is not None:
        return refusal
    if facts.proposed:
        return Refusal("shortening-proposed-already", ARTICLE)
    if not facts.letter_here:
        return Refusal("no-such-letter", ARTICLE)
    return _in_time(facts.matter, facts.before)


@dataclass(frozen=True)
class Backing:
    """What is known when somebody stands behind a proposal to shorten."""

    place: Place
    matter: Matter
    supports: bool
    before: datetime


def may_back(facts: Backing, *, at: datetime) -> Refusal | None:
    """A member concerned who is no leader on it, once; as long as it would still help."""
    refusal = may_shorten(facts.place, facts.matter, at=at)
    if refusal is None and facts.supports:
        return Refusal("already-supports", ARTICLE)
    return refusal or _in_time(facts.matter, facts.before)


def may_shorten(place: Place, matter: Matter, *, at: datetime) -> Refusal | None:
    """Whether an issue can be shortened at all, and this person may have a part in it."""
    if place.is_member and place.leads:
        return Refusal("leaders-do-not-shorten", ARTICLE)
    refusal = may(Doing.SHORTEN, place, at=at)
    if refusal is not None:
        return refusal
    if matter.weight == BIG:
        return Refusal("big-keeps-its-times", ARTICLE)
    if matter.effects:
        return Refusal("effects-keep-their-times", ARTICLE)
    if matter.texts != 1 or not matter.a_draft:
        return Refusal("one-text-to-shorten", ARTICLE, facts={"texts": matter.texts})
    if matter.lately >= matter.most:
        return Refusal("shortened-often-enough", ARTICLE, facts={"most": matter.most})
    return None


def _in_time(matter: Matter, before: datetime) -> Refusal | None:
    if before.tzinfo is None:
        return Refusal("letter-time-unclear", ARTICLE)
    if matter.would_end is None or matter.may_end is None or before >= matter.would_end:
        return Refusal("date-not-pressing", ARTICLE, facts={"ends": matter.would_end})
    if matter.may_end > before:
        return Refusal("too-late-to-shorten", ARTICLE, facts={"ends": matter.may_end})
    return None


def needed(members: int, limits: Mapping[str, int]) -> int:
    """How many of so many members who do not lead shorten an issue; counts round up."""
    return max(-(-members * limits[SHARE] // 10_000), limits[LEAST])
