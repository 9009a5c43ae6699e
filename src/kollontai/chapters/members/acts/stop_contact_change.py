# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stop a change of address before it takes effect."""

from __future__ import annotations

from kollontai.chapters.members import rules, steps
from kollontai.chapters.members.models import Contact
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import ContactChangeStopped


@act(locks=lambda kw: ("joining",))
def stop_contact_change(this: Act) -> Contact:
    """Stop the change of one's own address, as its owner or from the old address. Article 12."""
    contact = (
        Contact.objects.select_related("member")
        .filter(organisation=this.organisation_id, member=this.actor)
        .first()
    )
    require(rules.must_have_contact(contact is not None))
    assert contact is not None
    require(rules.may_stop_contact_change(contact.pending_from, at=this.at))

    steps.forget_change(this, contact.member)
    contact.pending_email, contact.pending_from = "", None
    this.record(ContactChangeStopped(member=this.actor))
    return contact
