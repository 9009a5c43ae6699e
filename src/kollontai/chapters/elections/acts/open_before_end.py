# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock opens an election before a term ends."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import facts, steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.open_before_end")
def open_before_end(this: Act, *, subject: str, due: datetime) -> None:
    """Open nominations so early that voting closes before the term ends; nobody puts it off. Article 1.

    All seats of the post that are free on the same day are filled together.
    """
    term = term_of(this, subject)
    if term is None:
        return
    fills = facts.ending_seats(term.post, term.ends_at)
    if fills:
        steps.open_election(
            this, term.post, why="term-over", seats=len(fills), due=due, fills=fills, begins_at=term.ends_at
        )
