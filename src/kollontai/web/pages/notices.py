# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is open to members now, by unit, as it is put on a wall for those who have no mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.elections.models import Election
from kollontai.chapters.voting import queries as voting
from kollontai.followers import telling
from kollontai.web.house import House


@dataclass(frozen=True)
class Posted:
    """One notice on a sheet."""

    words: telling.Words
    until: datetime


def open_now(house: House) -> list[tuple[str, list[Posted]]]:
    """The votes and nominations that are open, by unit, with whom each is for; what ends first on top."""
    found: list[tuple[str, Posted]] = []
    for poll in voting.running(house.me, at=house.now):
        words = telling.vote_opens(poll, house.organisation, posted=True)
        found.append((str(poll.unit.name), Posted(words, poll.closes_at)))
    elections = Election.objects.filter(organisation=house.organisation).nominating_at(house.now)
    for one in elections.select_related("post__title", "post__unit__name"):
        words = telling.nominations_open(one, house.organisation, posted=True)
        found.append((str(one.post.unit.name), Posted(words, one.closes_at)))
    sheets: dict[str, list[Posted]] = {}
    for unit, posted in sorted(found, key=lambda pair: pair[1].until):
        sheets.setdefault(unit, []).append(posted)
    return sorted(sheets.items())
