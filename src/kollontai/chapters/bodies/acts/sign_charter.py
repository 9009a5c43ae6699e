# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign the charter as one of its founders."""

from __future__ import annotations

from kollontai.chapters.bodies import queries, rules
from kollontai.chapters.bodies.models import Claim, Post
from kollontai.chapters.charter.queries import limits_in_force
from kollontai.chapters.members import queries as members
from kollontai.chapters.members import steps
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.founding import CharterSigned, OrganisationFounded


@act(locks=lambda kw: ("joining",))
def sign_charter(this: Act, *, account_id: str | None = None) -> Member:
    """Sign for oneself; nobody signs for another. Article 13.

    With the last name that is needed the organisation exists, and everybody who signed is a member of
    it. Who signs later, in the days in which founders bring others in, is a founder from then on.
    """
    member = members.here(this.organisation_id, this.actor)
    limits = members.limits_now(this.organisation_id)
    founded_at = this.organisation.founded_at
    require(rules.may_sign(members.person(member), founded_at, limits, at=this.at))
    assert member is not None

    member.signed_at = this.at
    member.save(update_fields=["signed_at"])
    steps.link_account(member, account_id)
    this.record(CharterSigned(member=member.pk))
    if founded_at is not None:
        steps.admit(this, member, ground="founder")
    else:
        _found_if_enough(this)
    member.refresh_from_db()
    return member


def _found_if_enough(this: Act) -> None:
    signers = list(queries.signers(this.organisation_id))
    listed = queries.listed(this.organisation_id).count()
    limits = limits_in_force(this.organisation_id, members=0)
    if not rules.is_founded(signed=len(signers), listed=listed, limits=limits):
        return
    this.organisation.founded_at = this.at
    this.organisation.save(update_fields=["founded_at"])
    this.record(OrganisationFounded(signed=len(signers), listed=listed))
    for signer in signers:
        steps.admit(this, signer, ground="founder")
    claimed = Claim.objects.filter(organisation=this.organisation_id)
    if claimed.exists():
        this.deadline("elections.open_confirmations", subject=this.organisation_id, due=this.at)
    for post in Post.objects.filter(organisation=this.organisation_id).exclude(claims__in=claimed):
        this.deadline("elections.open_for_new_seats", subject=post.pk, due=this.at)
