# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet days and the voting day: what a vote may set of them. Article 2.

1. Quiet days are days of one calendar year, so many at most. They make phases longer and never shorter.
2. Nobody is surprised by them, or by their going: every day that is added or taken away lies at least a year
   ahead when it is voted in force.
3. Votes of issues open together on one day of each month, where the members want that: one of the first 28,
   or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 2
MOST, AHEAD = "N.quiet_days", "N.quiet_ahead"
LONGEST = 1_000  # signs of a list of days
LAST_VOTING_DAY = 28


def read_days(text: str) -> frozenset[date] | None:
    """Days and runs of days, as 2030-08-01 or 2030-08-01..2030-08-14; None where that is something else."""
    if len(text) > LONGEST:
        return None
    found: set[date] = set()
    for part in text.split():
        first, _, last = part.partition("..")
        try:
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            return None
        if len(first) != 10 or len(last or first) != 10 or not 0 <= (end - day).days < 366:
            return None
        found |= {day + timedelta(days=offset) for offset in range((end - day).days + 1)}
    return frozenset(found)


def may_set_quiet_days(
    year: int,
    text: str,
    *,
    there: Mapping[int, frozenset[date]],
    zone: str,
    limits: Mapping[str, int],
    at: datetime | None,
) -> Refusal | None:
    """Whether a vote may make these the quiet days of a year. `there`: those that stand, by year."""
    days = read_days(text)
    if days is None or not 1 <= year <= 9_998 or at is None:
        return Refusal("quiet-days-unreadable", ARTICLE)
    if any(day.year != year for day in days):
        return Refusal("quiet-days-of-one-year", ARTICLE, facts={"year": year})
    if len(days) > limits[MOST]:
        return Refusal("too-many-quiet-days", ARTICLE, facts={"most": limits[MOST]})
    moved = days ^ there.get(year, frozenset())
    if not moved:
        return Refusal("effect-changes-nothing", ARTICLE, facts={"title": str(year)})
    if begins(min(moved), zone) < at + limits[AHEAD] * DAY:
        return Refusal("quiet-days-too-soon", ARTICLE, facts={"days": limits[AHEAD]})
    return None


def begins(day: date, zone: str) -> datetime:
    """When a day begins in a zone, in UTC."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def may_set_voting_day(day: int, there: int) -> Refusal | None:
    """Whether a vote may make this the voting day; 0 for none."""
    if not 0 <= day <= LAST_VOTING_DAY:
        return Refusal("voting-day-unusable", ARTICLE, facts={"last": LAST_VOTING_DAY})
    return Refusal("effect-changes-nothing", ARTICLE, facts={"title": str(day)}) if day == there else None
