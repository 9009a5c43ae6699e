# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say yes to an invitation."""

from __future__ import annotations

from kollontai.chapters.members import queries, rules, steps
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda kw: ("joining",))
def accept_invitation(this: Act, *, account_id: str | None = None) -> Member:
    """Say yes to one's own invitation; nobody can say it for another. Article 9.

    Who moves in is a member at once; anybody else waits, as every applicant does.
    """
    member = queries.here(this.organisation_id, this.actor)
    person = queries.person(member)
    limits = queries.limits_now(this.organisation_id)
    require(rules.may_accept(person, this.organisation.founded_at, limits, at=this.at))
    assert member is not None

    steps.link_account(member, account_id)
    if rules.admits_at_once(person, limits, at=this.at):
        steps.admit(this, member, ground="moving-in")
    else:
        steps.wait_for_admission(this, member)
    return member
