# SPDX-License-Identifier: AGPL-3.0-or-later
"""The yes of many who are moving in, in one transaction: the rule, the rows and the entries of
`accept_invitation`.

This is no power and stands on no list of acts: saying yes in the name of others is nobody's right, and no
page, route or command may lead here but the building of a demonstration (an import contract keeps it).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.models import Member, Standing
from kollontai.chapters.record.act import Act, Actor, Refusal, perform_step, require
from kollontai.openrecord.kinds.members import MemberAdmitted


def accept_many(organisation_id: str, member_ids: Sequence[str], *, auth: str) -> list[Member]:
    """Let each say yes to their own invitation, all or none; who may not move in at once is refused."""
    nobody = Actor(organisation_id, "accept-many", auth)  # each entry names its member
    return perform_step(nobody, "accept_many", partial(_accept, member_ids=member_ids)).value


def _accept(this: Act, *, member_ids: Sequence[str]) -> list[Member]:
    this.lock("joining")
    found = Member.objects.filter(organisation=this.organisation_id).in_bulk(list(member_ids))
    limits = queries.limits_now(this.organisation_id)
    for member_id in member_ids:
        member = found.get(member_id)
        person = queries.person(member)
        require(rules.may_accept(person, this.organisation.founded_at, limits, at=this.at))
        if not rules.admits_at_once(person, limits, at=this.at):
            require(Refusal("not-invited", 9))
        assert member is not None
        member.standing, member.joined_at = Standing.MEMBER, this.at
        fact = MemberAdmitted(member=member.pk, unit=member.unit_id, ground="moving-in", due=None)
        this.record(fact, actor=member.pk)
    Member.objects.bulk_update(found.values(), ["standing", "joined_at"], batch_size=100)
    return list(found.values())
