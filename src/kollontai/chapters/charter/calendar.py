# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a phase ends. Days are counted in seconds; the end is an evening that people can keep in mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(seconds=86_400)
EVENING = time(20, 0)
LATENESS = timedelta(minutes=15)


NO_DAYS: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Days:
    """How an organisation counts days: its zone, its quiet days, the day of a month on which votes open."""

    zone: str
    quiet: frozenset[date] = NO_DAYS
    voting_day: int = 0  # none


NO_TIME = timedelta(0)


def phase_end(
    begins: datetime, days: int, zone: str, quiet: frozenset[date] = NO_DAYS, least: timedelta = NO_TIME
) -> datetime:
    """The first 20:00 in the organisation's zone at or after so many whole days, in UTC.

    A day is 86,400 seconds, also where clocks are changed: no phase is ever shorter than its days, nor than
    `least`. As many days that are not quiet pass, after the day on which it begins, as would pass if none
    were.
    """
    end = _plain_end(begins, max(days * DAY, least), zone)
    if not quiet:
        return end
    day, last = begins.astimezone(ZoneInfo(zone)).date(), end.astimezone(ZoneInfo(zone)).date()
    left = (last - day).days
    while left:
        day += timedelta(days=1)
        left -= day not in quiet
    return evening_of(day, zone)


def time_had(begins: datetime, ends: datetime, days: Days) -> timedelta:
    """How long a phase lasts, without its quiet days."""
    zone = ZoneInfo(days.zone)
    first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
    return ends - begins - DAY * sum(first < day <= last for day in days.quiet)


def voting_evening(after: datetime, days: Days) -> datetime:
    """The evening of the voting day at or after a moment; where it is quiet, of the next that is not."""
    day = after.astimezone(ZoneInfo(days.zone)).date()
    while day.day != days.voting_day or evening_of(day, days.zone) < after:
        day += timedelta(days=1)
    while day in days.quiet:
        day += timedelta(days=1)
    return evening_of(day, days.zone)


def _plain_end(begins: datetime, lasts: timedelta, zone: str) -> datetime:
    earliest = begins + lasts
    day = earliest.astimezone(ZoneInfo(zone)).date()
    # The evening of the day before may still lie ahead: a zone that jumps over a date line repeats days.
    for offset in range(-1, 4):
        end = evening_of(day + timedelta(days=offset), zone)
        if end >= earliest:
            return end
    raise AssertionError(f"No evening follows {earliest} in {zone}.")


def evening_of(day: date, zone: str) -> datetime:
    """20:00 of that day in that zone, in UTC."""
    return datetime.combine(day, EVENING, ZoneInfo(zone)).astimezone(UTC)


def next_begins(due: datetime, at: datetime) -> datetime:
    """The moment from which the phase after a deadline counts.

    A clock that was a little late adds no day; after an outage the phase counts from when the clock
    came, so that nobody loses time in which they could not act.
    """
    return due if at - due <= LATENESS else at
