# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days, phases and lateness, worked out afresh from the programme's table of limits.

A day is 86,400 seconds. A phase ends at the first 20:00 in the organisation's zone after its days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ORDINARY_LATENESS = timedelta(minutes=15)
"""How late the clock may be without anybody's time being counted from a later moment."""
QUARTER = timedelta(days=91)

_EVENING = 20


def zone_of(name: str) -> ZoneInfo | None:
    """Find a time zone by its name; None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def later(moment: datetime, days: int) -> datetime:
    """Count whole days on; a number of days nobody could live to see ends at the end of time."""
    try:
        return moment + days * DAY
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def earlier(moment: datetime, days: int) -> datetime:
    """Count whole days back; past the beginning of time there is nothing."""
    try:
        return moment - days * DAY
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def near(one: datetime, other: datetime) -> bool:
    """Whether two moments are the same to the minute."""
    return abs(one - other) <= MINUTE


def end_of_phase(begins: datetime, days: int, zone: ZoneInfo, lasts: timedelta = timedelta(0)) -> datetime:
    """Say when a phase of so many days is over: at eight in the evening, never a minute too soon.

    `lasts`: it is no shorter than that.
    """
    least = max(later(begins, days), begins + lasts)
    try:
        here = least.astimezone(zone)
        for ahead in (0, 1, 2):
            evening = (here + ahead * DAY).replace(hour=_EVENING, minute=0, second=0, microsecond=0, fold=0)
            moment = evening.astimezone(UTC)
            if moment >= least:
                return moment
    except (OverflowError, ValueError):
        pass
    return least


def day_of(text: str) -> date | None:
    """A day as the record spells it; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def evening_on(day: date, zone: ZoneInfo) -> datetime:
    """Eight in the evening of that day."""
    return datetime(day.year, day.month, day.day, _EVENING, tzinfo=zone).astimezone(UTC)


def without_quiet(begins: datetime, ends: datetime, quiet: frozenset[date], zone: ZoneInfo) -> datetime:
    """Move an evening on, so that as many days that are not quiet lie between as would else lie there."""
    first = begins.astimezone(zone).date()
    wanted = (ends.astimezone(zone).date() - first).days
    counted, day = 0, first
    while counted < wanted:
        day += DAY
        if day not in quiet:
            counted += 1
    return evening_on(day, zone)


def without_quiet_days(begins: datetime, ends: datetime, quiet: frozenset[date], zone: ZoneInfo) -> timedelta:
    """How long a phase lasts if its quiet days, from the day after its beginning on, do not count."""
    first, last = (one.astimezone(zone).date() for one in (begins, ends))
    return ends - begins - len([day for day in quiet if first < day <= last]) * DAY


def counts_from(due: datetime | None, at: datetime) -> datetime:
    """Say from when the next phase counts: from its due time, or, after an outage, from when it began."""
    if due is not None and timedelta(0) <= at - due <= ORDINARY_LATENESS:
        return due
    return at


def middle(begins: datetime, ends: datetime) -> datetime:
    """Find the middle of a phase, on the whole minute before it."""
    return (begins + (ends - begins) / 2).replace(second=0, microsecond=0)
