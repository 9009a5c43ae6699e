# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say no to an invitation, or take back that one asked to join."""

from __future__ import annotations

from kollontai.chapters.members import queries, rules, steps
from kollontai.chapters.members.models import Member, Standing
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import InvitationDeclined


@act(locks=lambda kw: ("joining",))
def decline_invitation(this: Act) -> Member:
    """Say no: to an invitation, or to one's own waiting. Who said no is not asked again. Article 9."""
    member = queries.here(this.organisation_id, this.actor)
    require(rules.may_decline(queries.person(member)))
    assert member is not None

    member.standing = Standing.DECLINED
    member.save(update_fields=["standing"])
    this.cancel_deadlines("members.admit", subject=member.pk)
    steps.forget_change(this, member)
    this.record(InvitationDeclined(member=member.pk))
    return member
