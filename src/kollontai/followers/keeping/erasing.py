# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing another's words by law: only what a court has ordered, said on the record with the order's text.

Article 7 lets others' words go by law only, with three jurors by lot, the author told seven days before; a
court order at once, and reviewed in seven days. This release has no juries, so nothing goes on anybody's
reading of a statute: only a court's order (docs/decisions/0019). The author is told with the act; the entry,
the hash and the order stay.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from kollontai import clock
from kollontai.chapters.accounts import post
from kollontai.chapters.accounts import steps as accounts
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.members import steps as members
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record import sequencer
from kollontai.chapters.record.act import Act, perform_for_operator
from kollontai.chapters.record.models import Content, Organisation
from kollontai.followers.keeping.backup import NotNow
from kollontai.openrecord.kinds.operators import ContentErasedByOrder

PARTS = ("court", "number", "date", "statute", "words")
REVIEW = timedelta(days=7)
LONGEST = 100_000


class NoOrder(Exception):
    """The order is not given as it must be; the message is one sentence."""


def read_order(data: bytes) -> dict[str, str]:
    """Read an order from its TOML file: court, number, date, statute with its text, and its own words."""
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NoOrder(f"The order cannot be read: {str(error)[:200]}.") from None
    wrong = [name for name in PARTS if not isinstance(found.get(name), str) or not found[name].strip()]
    if wrong or found.keys() - set(PARTS):
        raise NoOrder(f"An order names {', '.join(PARTS)}, each in words, and nothing else.")
    if len(data) > LONGEST:
        raise NoOrder("The order is longer than a text on the record may be.")
    return {name: found[name].strip() for name in PARTS}


def words_of(organisation: Organisation, contribution_id: str) -> tuple[Member, list[Content]]:
    """Every version of a contribution, and what came with it; whose they are."""
    contribution = Contribution.objects.filter(organisation=organisation, pk=contribution_id).first()
    if contribution is None:
        raise NotNow(f"There is no contribution {contribution_id!r} in {organisation.slug}.")
    versions = contribution.versions.select_related("text").order_by("version")
    files = contribution.attachments.select_related("name", "file").order_by("at", "pk")
    return contribution.author, [
        *(one.text for one in versions), *(said for one in files for said in (one.name, one.file))
    ]  # fmt: skip


def name_of(organisation: Organisation, member_id: str) -> tuple[Member, list[Content]]:
    """Every name under which a member ever came: who left and came back may have had another."""
    member = Member.objects.filter(organisation=organisation, pk=member_id).first()
    if member is None:
        raise NotNow(f"There is no member {member_id!r} in {organisation.slug}.")
    return member, members.names_of(member) or [member.name]


def erase_by_order(
    organisation: Organisation, author: Member, contents: Sequence[Content], order: Mapping[str, str]
) -> int:
    """Delete words and their salts, put the order on the record, tell the author; how many texts went."""
    wanted = [content.pk for content in contents]

    def run(this: Act) -> int:
        rows = Content.objects.filter(organisation=organisation, pk__in=wanted, erased_at=None, held_until="")
        gone = list(rows.order_by("pk"))
        if not gone:
            raise NotNow("These words are erased already.")
        rows.update(value=None, salt=None, erased_at=this.at)
        this.record(
            ContentErasedByOrder(tuple(one.commitment for one in gone), this.at + REVIEW),
            order=json.dumps(dict(order), ensure_ascii=False, sort_keys=True),
        )
        _tell(organisation, author, order)
        return len(gone)

    count = perform_for_operator(organisation.pk, "erase", run).value
    sequencer.sequence(organisation.pk)
    return count


def _tell(organisation: Organisation, author: Member, order: Mapping[str, str]) -> None:
    """Write to the author; in the same transaction, so that nobody's words go without a letter."""
    contact = Contact.objects.filter(member=author).exclude(email="").first()
    if contact is None:
        return
    with override(accounts.languages_of([contact.email]).get(contact.email)):
        subject, body = _("Something of yours was erased"), _words_to_the_author(organisation, order)
    post.queue(contact.email, subject, body, at=clock.now())


def _words_to_the_author(organisation: Organisation, order: Mapping[str, str]) -> str:
    return _(
        "Something that is yours in %(name)s was erased, because a court ordered it:\n\n"
        "%(court)s, %(number)s, %(date)s\n\n%(statute)s\n\n%(words)s\n\n"
        "That it was erased, and the order, stand on the record. Whoever thinks it wrong can say so there."
    ) % {"name": str(organisation.name), **order}
