# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leave the organisation."""

from __future__ import annotations

from kollontai.chapters.bodies import rules, steps
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.members import queries
from kollontai.chapters.members import steps as members
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda kw: ("joining",))
def leave(this: Act) -> Member:
    """Leave, at any time and for no ground that anybody asks. One's posts end with it. Article 13.

    Who votes on what is open stays as it was frozen; who has left casts no ballot.
    """
    member = queries.here(this.organisation_id, this.actor)
    require(rules.may_leave(queries.person(member)))
    assert member is not None

    for term in Term.objects.filter(member=member, ended_at=None).order_by("begins_at", "pk"):
        steps.end_term(this, term, why="left")
    members.let_go(this, member)
    return member
