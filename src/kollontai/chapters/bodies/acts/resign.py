# SPDX-License-Identifier: AGPL-3.0-or-later
"""Give back a post one holds."""

from __future__ import annotations

from kollontai.chapters.bodies import rules, steps
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.record.act import Act, Refusal, act, require


@act(locks=lambda given: [f"term:{given['term_id']}"])
def resign(this: Act, *, term_id: str) -> Term:
    """Give back a post, at any time; the clock asks who is next in line and opens the election. Article 1."""
    term = Term.objects.filter(organisation=this.organisation_id, pk=term_id).first()
    if term is None:
        require(Refusal("no-such-term", 1))
    assert term is not None
    running = term.begins_at <= this.at < term.ends_at and term.ended_at is None
    require(rules.may_resign(own=term.member_id == this.actor, running=running))

    steps.end_term(this, term, why="resigned")
    return term
