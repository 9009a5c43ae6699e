# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a stage of an issue ends. Article 2.

1. A stage has the days its issue was born with, and ends in the evening. Quiet days do not count, and no
   stage ends on one.
2. Where the members have a voting day, the reply lasts until its evening, so that votes open together. Drafts
   close at the middle of the reply's own time all the same.
3. Members have no less time to reply than the leaders had to answer, also where a late clock, or one that is
   changed, gave these more than their days.
4. Where members have shortened an issue its stages have hours in place of days: no more than they would have
   had, counted to the minute, on any day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.charter.calendar import (
    NO_TIME,
    Days,
    next_begins,
    phase_end,
    time_had,
    voting_evening,
)
from kollontai.chapters.deliberation.stages import TIMED, Stage, days_key

HOUR = timedelta(hours=1)
WHO_SHORTENS = ("N.shorten_share", "N.shorten_least", "N.shorten_year")


@dataclass(frozen=True)
class Ends:
    """When a stage would end by its own time, and when it ends."""

    own: datetime
    at: datetime


def hours_key(stage: Stage) -> str:
    """Which limit says how many hours a stage of a shortened issue has."""
    return f"N.shorten_{stage.value}"


def leaders_had(
    talk_ended: datetime, answer_began: datetime, answer_ended: datetime, days: Days
) -> timedelta:
    """How long the leaders had to answer, from when their stage counts."""
    return time_had(next_begins(talk_ended, answer_began), answer_ended, days)


def ends(
    stage: Stage,
    begins: datetime,
    *,
    weight: str,
    limits: Mapping[str, int],
    days: Days,
    shortened: bool,
    leaders_had: timedelta = NO_TIME,
) -> Ends:
    """When a stage ends that counts from this moment."""
    least = leaders_had if stage is Stage.REPLY else NO_TIME
    own = phase_end(begins, limits[days_key(stage, weight)], days.zone, days.quiet, least)
    if shortened:
        own = min(own, begins + limits[hours_key(stage)] * HOUR)
    elif stage is Stage.REPLY and days.voting_day:
        return Ends(own, voting_evening(own, days))
    return Ends(own, own)


def to_come(
    stage: Stage,
    begins: datetime,
    stage_ends: datetime,
    *,
    weight: str,
    limits: Mapping[str, int],
    days: Days,
    shortened: bool,
) -> Iterator[tuple[Stage, datetime, datetime]]:
    """Every stage after this one, when it will begin and end if the clock is not late.

    `begins`: from when this stage counts.
    """
    for following in TIMED[TIMED.index(stage) + 1 :]:
        had = time_had(begins, stage_ends, days)
        begins = stage_ends
        stage_ends = ends(
            following, begins, weight=weight, limits=limits, days=days, shortened=shortened, leaders_had=had
        ).at
        yield following, begins, stage_ends
