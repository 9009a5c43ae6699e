# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a notice concerns, who of them has a mail address and wants it now, and the letters to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation

from kollontai.chapters.accounts import post
from kollontai.chapters.accounts.steps import languages_of
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Contact, Standing
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.voting.models import OpenBallot, Poll, Voter
from kollontai.followers import telling, wishes


@dataclass(frozen=True)
class Reached:
    """Somebody with a mail address, and how they want notices."""

    member: str
    email: str
    language: str
    how: str
    standing: str

    @property
    def belongs(self) -> bool:
        """Whether they are a member: whoever is not is told of their own acts alone."""
        return self.standing == Standing.MEMBER

    @property
    def gone(self) -> bool:
        """Whether they left or said no: pages of their own are closed to them."""
        return self.standing in (Standing.LEFT, Standing.DECLINED)


Said = tuple[Reached, Callable[[], telling.Words]]
"""A reader, and what they are told, said in their language when it is written."""


def on_roll(poll: Poll) -> QuerySet[Contact]:
    """Those on the roll of a vote who belong still."""
    voters = Voter.objects.filter(poll=poll).values("member")
    return Contact.objects.filter(member__in=voters, member__standing="member")


def of_unit(election: Election) -> QuerySet[Contact]:
    """The members of the unit whose post it is; of the whole organisation, all."""
    found = Contact.objects.filter(organisation=election.organisation_id, member__standing="member")
    unit = election.post.unit
    return found if unit.parent_id is None else found.filter(member__unit=unit)


def voters_of(poll: Poll) -> frozenset[str]:
    """Who has voted, by the roll's marks in a secret vote, by the ballots in an open one. Never when."""
    marked = Voter.objects.filter(poll=poll, marked=True).values_list("member_id", flat=True)
    open_box = OpenBallot.objects.filter(poll=poll).values_list("voter_id", flat=True)
    return frozenset(marked) | frozenset(open_box)


def reached(
    organisation: Organisation, contacts: QuerySet[Contact], ways: Collection[str] = wishes.WAYS
) -> list[Reached]:
    """Of these contacts those with a mail address who want notices in one of these ways."""
    rows = list(
        contacts.filter(organisation=organisation).exclude(email="").order_by("member")
        .values_list(
            "member_id", "email", "account", "account__language", "account__read_in", "member__wish__how",
            "member__standing",
        )
    )  # fmt: skip
    by_address = languages_of(email for _, email, account, *_ in rows if account is None)
    found = (
        Reached(
            member, email, language or read_in or by_address.get(email, ""), how or wishes.DEFAULT, standing
        )
        for member, email, _, language, read_in, how, standing in rows
    )
    return [one for one in found if one.how in ways]


def send(organisation: Organisation, letters: Iterable[Said], *, at: datetime) -> int:
    """Put letters into the outbox, each in its reader's language."""
    by_language: dict[str, list[Said]] = defaultdict(list)
    for one, words in letters:
        by_language[one.language].append((one, words))
    written = 0
    for language, some in by_language.items():
        with translation.override(language or None):
            foot = telling.foot(organisation)
            written += post.queue_notices(_written(organisation, some, foot), at=at)
    return written


def _written(
    organisation: Organisation, letters: Iterable[Said], foot: str
) -> Iterable[tuple[str, str, str, str, datetime | None]]:
    for one, say in letters:
        words, ends = say(), wishes.address_to_stop(organisation, one.member)
        yield one.email, words.subject, telling.body(words, foot, ends), ends, words.until
