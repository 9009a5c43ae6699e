# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock lets another address take effect."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.accounts import steps as accounts
from kollontai.chapters.accounts.models import Account
from kollontai.chapters.members import queries
from kollontai.chapters.members.models import Contact
from kollontai.chapters.record.act import Act, clock_act
from kollontai.openrecord.kinds.members import ContactChanged


@clock_act("members.change_contact")
def change_contact(this: Act, *, subject: str, due: datetime) -> None:
    """Let the address that a member asked for take effect, seven days after.

    The old address no longer opens anything here: the account behind it moves along, or, where the new
    address has an account already, that one speaks for the member, unless it speaks for another here: then
    the member keeps their own. Every device signs in again, and keys for programs end. Passkeys stay: they
    lie in devices, and are how a member comes in whose mailbox is another's.
    """
    this.lock("joining")
    contact = Contact.objects.filter(organisation=this.organisation_id, member=subject).first()
    if contact is None or contact.pending_from != due:
        return
    behind = contact.account or Account.objects.filter(email=contact.email).first()
    if behind is not None:
        accounts.move_address(behind, contact.pending_email)
        accounts.end_all_sessions(behind)
        accounts.end_programs(behind)
    found = Account.objects.filter(email=contact.pending_email).first()
    contact.account = behind if queries.opens_for_another(found, contact) else found
    contact.email, contact.pending_email, contact.pending_from = contact.pending_email, "", None
    contact.save()
    this.record(ContactChanged(member=subject, due=due))
