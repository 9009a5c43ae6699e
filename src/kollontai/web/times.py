# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times as people say them, in the organisation's zone: "closes Sunday 22 Feb, 20:00", "3 days left"."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kollontai import clock

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
_now: ContextVar[datetime | None] = ContextVar("now", default=None)
SOON = timedelta(days=4)  # "3 days left" and less


@dataclass(frozen=True)
class Left:
    """How long until a moment: a numeral, its words, and whether it calls."""

    numeral: str
    words: str
    soon: bool
    over: bool = False


def left(until: datetime, now: datetime) -> Left:
    """Say how much time is left, in the largest unit that does not flatter."""
    rest = until - now
    if rest <= timedelta(0):
        return Left(_("Over"), _("since %(moment)s") % {"moment": moment(until)}, soon=False, over=True)
    if rest >= DAY:
        number = rest // DAY
        return Left(str(number), ngettext("day left", "days left", number), soon=rest < SOON)
    if rest >= HOUR:
        number = rest // HOUR
        return Left(str(number), ngettext("hour left, last day", "hours left, last day", number), soon=True)
    number = max(1, rest // timedelta(minutes=1))
    return Left(str(number), ngettext("minute left", "minutes left", number), soon=True)


def stand_at(now: datetime | None) -> None:
    """Let all times of one page be said as of one moment."""
    _now.set(now)


def _this_year(there: datetime) -> bool:
    return there.year == localtime(_now.get() or clock.now()).year


def moment(value: datetime) -> str:
    """Day and time: "Sunday 22 Feb, 20:00"; with the year where it is another one."""
    there = localtime(value)
    this_year, other = pgettext("form of a date", "l j M, H:i"), pgettext("form of a date", "l j M Y, H:i")
    return date_format(there, this_year if _this_year(there) else other)


def minute(value: datetime) -> str:
    """Day and time, short: "10 Feb, 14:20"."""
    there = localtime(value)
    this_year, other = pgettext("form of a date", "j M, H:i"), pgettext("form of a date", "j M Y, H:i")
    return date_format(there, this_year if _this_year(there) else other)


def day(value: datetime) -> str:
    """The day: "8 February"; with the year where it is another one."""
    there = localtime(value)
    this_year, other = pgettext("form of a date", "j F"), pgettext("form of a date", "j F Y")
    return date_format(there, this_year if _this_year(there) else other)


def full_day(value: datetime) -> str:
    """The day with its year: "8 February 2026"."""
    return date_format(localtime(value), pgettext("form of a date", "j F Y"))


def calendar_day(value: date) -> str:
    """A day of the calendar, whatever the zone: "8 February 2026"."""
    return date_format(value, pgettext("form of a date", "j F Y"))


def today(value: datetime) -> tuple[str, str]:
    """The day in two lines, for the top of a page."""
    there = localtime(value)
    return date_format(there, "l"), date_format(there, pgettext("form of a date", "j F Y"))


def day_of(begins: datetime, ends: datetime, now: datetime) -> tuple[int, int]:
    """Which day of how many a stage is in."""
    whole = max(1, round((ends - begins) / DAY))
    return min(whole, max(1, (now - begins) // DAY + 1)), whole
