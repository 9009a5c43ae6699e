# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask people in: one, or a whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.emails import tidy
from kollontai.chapters.members.models import Contact, Member, Standing
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.members import MemberInvited


@dataclass(frozen=True)
class Invitee:
    """Somebody to be asked in, and the unit they would belong to."""

    name: str
    email: str
    unit_id: str


@act(locks=lambda kw: ("joining",))
def invite(this: Act, *, invitees: Sequence[Invitee]) -> list[Member]:
    """Ask people in. Each belongs only by their own yes. Article 9.

    A list is taken whole or not at all: what cannot be used was to be seen in its preview.
    """
    asked = [(one.name.strip(), tidy(one.email), one.unit_id) for one in invitees]
    facts = queries.inviting(this.organisation, this.actor, asked, at=this.at)
    require(rules.may_invite(facts))
    assert facts.founded_at is not None
    limits = queries.limits_now(this.organisation_id)
    ground = rules.ground_of_invitation(facts.by, facts.founded_at, limits, at=this.at)

    members, contacts = [], []
    for name, email, unit_id in asked:
        member_id = new_id()
        fact = MemberInvited(member=member_id, unit=unit_id, ground=ground)
        content = this.record(fact, author=member_id, name=name)["name"]
        members.append(
            Member(
                id=member_id,
                organisation_id=this.organisation_id,
                unit_id=unit_id,
                name=content,
                standing=Standing.INVITED,
                ground=ground,
                invited_by=this.actor,
                invited_at=this.at,
            )
        )
        contacts.append(Contact(member_id=member_id, organisation_id=this.organisation_id, email=email))
    Member.objects.bulk_create(members, batch_size=500)
    Contact.objects.bulk_create(contacts, batch_size=500)
    return members
