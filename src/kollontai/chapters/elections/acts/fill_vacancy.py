# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock sees to a seat that fell vacant before its time."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.charter.calendar import next_begins
from kollontai.chapters.elections import facts, rules, steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.elections.models import Election
from kollontai.chapters.elections.rules import State
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.fill_vacancy")
def fill_vacancy(this: Act, *, subject: str, due: datetime) -> None:
    """Open the by-election for the rest of a term, and ask who is next in line to act until then. Article 1.

    A by-election of the same post for the same rest fills this seat too, while its nominations run. Where so
    little is left that the next in line serves it, no by-election is held; nor where members have voted so
    few seats that none is free. Who acted and stopped leaves
    nothing to be filled: the by-election runs.
    """
    term = term_of(this, subject)
    if term is None or term.how == "acting" or term.post.ended_at is not None:
        return
    limits = limits_now(this.organisation_id)
    wanted = rules.needs_by_election(ends_at=term.ends_at, at=this.at, limits=limits)
    if wanted and not facts.free_seats(term.post, at=this.at):
        bodies.look_ahead_again(this, term.post)  # another seat may be filled after its term
        return  # and nobody acts in a seat that nobody is elected to
    if wanted and not facts.has_by_election(term) and not _joins(this, term, due=due):
        steps.open_election(
            this, term.post, why="vacancy", seats=1, due=due, fills=[term.pk], ends_at=term.ends_at
        )
    steps.ask_next_in_line(this, term, due=due)


def _joins(this: Act, term: Term, *, due: datetime) -> bool:
    """Let a by-election that runs fill this seat too, where one can."""
    running = term.post.elections.filter(state=State.NOMINATIONS, ends_at=term.ends_at, begins_at=None)
    ids = list(running.order_by("opened_at", "pk").values_list("pk", flat=True))
    this.lock(*(f"election:{pk}" for pk in ids))
    for election in (
        Election.objects.select_related("organisation").filter(pk__in=ids).order_by("opened_at", "pk")
    ):
        closes_at = facts.close_with(election, begins=next_begins(due, this.at))
        if rules.fills_too(
            facts.nominating(election),
            rest=term.ends_at,
            closes_at=closes_at,
            vote_closes_at=facts.expected_close(election, closes_at),
            at=this.at,
        ):
            steps.fill_with(this, election, term, closes_at=closes_at, due=due)
            return True
    return False
