# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask to join."""

from __future__ import annotations

from kollontai.chapters.members import queries, rules, steps
from kollontai.chapters.members.emails import tidy
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda kw: ("joining",))
def apply(this: Act, *, unit_id: str, name: str, email: str = "", account_id: str | None = None) -> Member:
    """Ask to join a unit; wait in the open; be admitted by the clock. Article 9.

    The actor is the applicant: a fresh id for somebody new, and for somebody who said no or left before
    the id they had, so that nobody sheds what they did here by leaving. `email` is for somebody new whom
    no account speaks for yet; else the address is the account's own, which was proved by a code, and never
    one that was only said.
    """
    member = queries.here(this.organisation_id, this.actor)
    proved = email if account_id is None else queries.email_of(account_id)
    name, email = name.strip(), tidy(proved or "")
    facts = queries.applying(this.organisation, member, unit_id=unit_id, name=name, email=email, at=this.at)
    require(rules.may_apply(facts, at=this.at))
    if member is not None:  # whoever had their name erased comes back as somebody new
        require(rules.must_have_contact(Contact.objects.filter(member=member).exists()))

    new = member is None
    if member is None:
        member = Member(id=this.actor, organisation_id=this.organisation_id)
    member.unit_id = unit_id
    member.ground = "application"
    steps.wait_for_admission(this, member, name=name)
    if new:
        Contact.objects.create(member=member, organisation_id=this.organisation_id, email=email)
    steps.link_account(member, account_id)
    return member
