# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock sees to a seat that fell vacant before its time."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import facts, rules, steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.fill_vacancy")
def fill_vacancy(this: Act, *, subject: str, due: datetime) -> None:
    """Open the by-election for the rest of a term, and ask who is next in line to act until then. Article 1.

    Where so little is left that the next in line serves it, no by-election is held. Who acted and stopped
    leaves nothing to be filled: the by-election runs.
    """
    term = term_of(this, subject)
    if term is None or term.how == "acting" or term.post.ended_at is not None:
        return
    limits = limits_now(this.organisation_id)
    if rules.needs_by_election(ends_at=term.ends_at, at=this.at, limits=limits):
        fills = facts.vacated_seats(term.post, term.ends_at)
        if fills:
            steps.open_election(
                this,
                term.post,
                why="vacancy",
                seats=len(fills),
                due=due,
                fills=fills,
                ends_at=term.ends_at,
            )
    steps.ask_next_in_line(this, term, due=due)
