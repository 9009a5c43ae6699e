# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a phase ends. Days are counted in seconds; the end is an evening that people can keep in mind."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(seconds=86_400)
EVENING = time(20, 0)
LATENESS = timedelta(minutes=15)


def phase_end(begins: datetime, days: int, zone: str) -> datetime:
    """The first 20:00 in the organisation's zone at or after so many whole days, in UTC.

    A day is 86,400 seconds, also where clocks are changed: no phase is ever shorter than its days.
    """
    earliest = begins + days * DAY
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
