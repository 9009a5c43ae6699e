# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask to be reached at another address."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kollontai.chapters.accounts import post
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.emails import tidy
from kollontai.chapters.members.models import Contact
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import ContactChangeAsked


@act(locks=lambda kw: ("joining",))
def ask_contact_change(this: Act, *, email: str) -> Contact:
    """Ask for another address for oneself. The old one is told, and can stop it for seven days. Article 12.

    That the new address is one's own is proved by a code before this act is asked for.
    """
    contact = (
        Contact.objects.select_related("member")
        .filter(organisation=this.organisation_id, member=this.actor)
        .first()
    )
    require(rules.must_have_contact(contact is not None))
    assert contact is not None
    email = tidy(email)
    require(rules.may_ask_contact_change(queries.changing(this.organisation_id, contact, email=email)))

    contact.pending_email = email
    contact.pending_from = this.at + queries.limits_now(this.organisation_id)["C.wait"] * DAY
    contact.save(update_fields=["pending_email", "pending_from"])
    this.deadline("members.change_contact", subject=this.actor, due=contact.pending_from)
    this.record(ContactChangeAsked(member=this.actor, effective_at=contact.pending_from))
    if contact.email:
        post.queue(contact.email, _("Your address"), _words_to_the_old_address(this, contact), at=this.at)
    return contact


def _words_to_the_old_address(this: Act, contact: Contact) -> str:
    assert contact.pending_from is not None
    return _(
        "Somebody who is signed in as you at %(organisation)s has asked that you be reached at another"
        " address from %(day)s UTC on.\n\nIf that was you, there is nothing to do.\n\nIf it was not, sign in"
        " with this address before then and stop the change on the page of your own data."
    ) % {
        "organisation": str(this.organisation.name),
        "day": contact.pending_from.strftime("%Y-%m-%d %H:%M"),
    }
