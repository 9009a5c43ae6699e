# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock opens an election before a term ends."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.rules import nominations_due
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.elections import facts, steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.open_before_end")
def open_before_end(this: Act, *, subject: str, due: datetime) -> None:
    """Open nominations so early that voting closes before the term ends; nobody puts it off. Article 1.

    All seats of the post that are free on the same day are filled together. Where half a term ends long
    before the rest that it served, what is left of the rest is filled.
    """
    term = term_of(this, subject)
    if term is None:
        return
    limits = limits_now(this.organisation_id)
    opens_at = nominations_due(term.ends_at, limits=limits)
    if this.at < opens_at:  # votes are shorter now; a small house that grows is looked at every day
        this.deadline("elections.open_before_end", subject=subject, due=min(opens_at, this.at + DAY))
        return
    due = max(due, opens_at)  # a clock that stood since an earlier look finds it due since then
    fills = facts.ending_seats(term.post, term.ends_at, at=this.at)
    if fills:
        steps.open_election(
            this, term.post, why="term-over", seats=len(fills), due=due, fills=fills, begins_at=term.ends_at
        )
    rest = facts.rest_left(term, limits=limits)
    halves = facts.halves_ending(term, rest, at=this.at) if rest else []
    if halves:
        steps.open_election(
            this,
            term.post,
            why="term-over",
            seats=len(halves),
            due=due,
            fills=halves,
            begins_at=term.ends_at,
            ends_at=rest,
        )
