# SPDX-License-Identifier: AGPL-3.0-or-later
"""What members pay, and every figure there was, with the vote that set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.charter.queries import dues_history
from kollontai.chapters.deliberation.models import Issue
from kollontai.web.house import House
from kollontai.web.numbers import money


@dataclass(frozen=True)
class DuesShown:
    """One figure of the dues."""

    amount: str
    since: datetime
    issue: int | None


def dues_of(house: House) -> list[DuesShown]:
    """Every figure, the latest first, for members; in at most two queries."""
    rows = dues_history(house.id) if house.member else []
    numbers = dict(Issue.objects.filter(pk__in=[row.issue for row in rows]).values_list("pk", "number"))
    return [DuesShown(money(row.amount), row.since, numbers.get(row.issue)) for row in rows]
