# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quiet days and the voting day, as the charter page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kollontai.chapters.charter.queries import quiet_days, voting_days
from kollontai.web.house import House


@dataclass(frozen=True)
class Run:
    """Quiet days that follow each other."""

    first: date
    last: date


@dataclass(frozen=True)
class DaysShown:
    """What holds now: runs of quiet days from this year on, and the voting day (0 for none)."""

    quiet: list[Run]
    voting_day: int

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.quiet or self.voting_day)


def days_of(house: House) -> DaysShown:
    """What holds now, in two queries."""
    voting = voting_days(house.id)
    runs: list[Run] = []
    for day in sorted(day for days in quiet_days(house.id).values() for day in days):
        if day.year < house.now.year:
            continue
        if runs and day - runs[-1].last == timedelta(days=1):
            runs[-1] = Run(runs[-1].first, day)
        else:
            runs.append(Run(day, day))
    return DaysShown(runs, voting[0].day if voting else 0)
