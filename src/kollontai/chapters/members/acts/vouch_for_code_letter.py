# SPDX-License-Identifier: AGPL-3.0-or-later
"""Let somebody without a mail address in by a letter."""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.chapters.accounts import paper
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.models import Contact, LetterVoucher
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import CodeLetterVouched


@dataclass(frozen=True)
class CodeLetter:
    """What the second who vouches is shown, once. `code` is empty for the first."""

    code: str


@act(locks=lambda kw: ("joining",))
def vouch_for_code_letter(this: Act, *, member_id: str) -> CodeLetter:
    """Vouch that somebody without a mail address is let in by a letter with a code. Article 9.

    It takes two members of the same unit, within thirty days. The second is shown the code and prints the
    letter; the code opens once, and nothing but the pages of that person.
    """
    person = queries.here(this.organisation_id, member_id)
    facts = queries.lettering(this.organisation, this.actor, person, at=this.at)
    require(rules.may_vouch_for_code_letter(facts, at=this.at))
    assert person is not None

    second = queries.first_for_letter(person, at=this.at) is not None
    LetterVoucher.objects.create(
        organisation_id=this.organisation_id, member=person, by_id=this.actor, at=this.at, second=second
    )
    this.record(CodeLetterVouched(member=person.pk, second=second))
    if not second:
        return CodeLetter("")
    contact = Contact.objects.select_related("account").get(member=person)
    if contact.account is None:
        contact.account = paper.without_mailbox(at=this.at)
        contact.save(update_fields=["account"])
    return CodeLetter(paper.draw(contact.account, at=this.at))
