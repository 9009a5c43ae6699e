# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a stage of an issue ends. Article 2.

1. A stage has the days its issue was born with, and ends in the evening. Quiet days do not count, and no
   stage ends on one.
2. Where the members have a voting day, the reply lasts until its evening, so that votes open together. Drafts
   close at the middle of the reply's own time all the same.
3. Where members have shortened an issue its stages have hours in place of days: no more than they would have
   had, counted to the minute, on any day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.charter.calendar import Days, phase_end, voting_evening
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


def ends(
    stage: Stage, begins: datetime, *, weight: str, limits: Mapping[str, int], days: Days, shortened: bool
) -> Ends:
    """When a stage ends that counts from this moment."""
    own = phase_end(begins, limits[days_key(stage, weight)], days.zone, days.quiet)
    if shortened:
        own = min(own, begins + limits[hours_key(stage)] * HOUR)
    elif stage is Stage.REPLY and days.voting_day:
        return Ends(own, voting_evening(own, days))
    return Ends(own, own)


def vote_ends(
    stage: Stage,
    stage_ends: datetime,
    *,
    weight: str,
    limits: Mapping[str, int],
    days: Days,
    shortened: bool,
) -> datetime:
    """When the vote will end of an issue whose stage ends then, if the clock is not late."""
    end = stage_ends
    for following in TIMED[TIMED.index(stage) + 1 :]:
        end = ends(following, end, weight=weight, limits=limits, days=days, shortened=shortened).at
    return end
