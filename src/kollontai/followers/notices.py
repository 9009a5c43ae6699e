# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices: the record is read by position, and whoever it concerns is told, in equal words.

    nominations open · a vote opens · a vote was counted, or annulled    to everybody it concerns
    that somebody is asked to stand, or to act, while they can answer    to them alone
    what was done in somebody's name                                     to them alone

A member's protected act is told a morning later without a word on which it was, so that no date of a mail
stands beside the minute of an entry. That somebody voted in secret is nowhere told with a time: on the last
day, and with the count, everybody reads what the roll says of them.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from kollontai.chapters.elections import queries
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.petitions.models import SignatureLink
from kollontai.chapters.record import standing
from kollontai.chapters.record.models import EntryRow, Head, Organisation
from kollontai.chapters.voting.models import Poll
from kollontai.followers import hours, places, recipients, telling, wishes
from kollontai.followers.models import Due, News, Place
from kollontai.openrecord.entries import Entry
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.kinds.elections import ActingOffered, NominationMade

TO_ALL = {
    "poll.opened": "vote-opens",
    "poll.counted": "vote-counted",
    "box.lost": "vote-annulled",
    "election.opened": "nominations",
}
"""Kinds of entry that concern everybody on a roll or in a unit, and the news they are."""
ASKS = frozenset({"nomination.made", "acting.offered"})
"""Kinds of entry by which somebody is asked a question that runs out."""
HIDDEN = frozenset({"petition.opened", "petition.signed", "signature.withdrawn"})
READ = frozenset(TO_ALL) | frozenset(telling.OWN) | ASKS | HIDDEN

log = logging.getLogger("kollontai.notices")


def keep_up(*, at: datetime) -> int:
    """Tell everything that is new anywhere; say how many letters were put into the outbox.

    Where a house stands still nothing is told: its record goes on elsewhere, and is told of there.
    """
    written = 0
    for organisation in Organisation.objects.filter(pk__in=places.behind(hours.NOTICES)):
        written += _carefully(organisation, lambda one: read_on(one, at=at))
    for organisation in Organisation.objects.filter(pk__in=hours.waiting(at=at)):
        written += _carefully(organisation, lambda one: hours.perform(one, at=at))
    return written


def _carefully(organisation: Organisation, do: Callable[[Organisation], int]) -> int:
    if standing.why(organisation.pk):
        return 0
    try:
        return do(organisation)
    except Exception:  # one house's trouble must not silence the others
        log.exception("Notices of %s could not be written", organisation.slug)
        return 0


def late(*, before: datetime) -> tuple[int, int]:
    """How many entries that old have not been looked at for notices, and how many hours are over untold.

    There are some only where something fails again and again, or no keeper runs.
    """
    read = dict(Place.objects.filter(follower=hours.NOTICES).values_list("organisation", "position"))
    behind = [one for one in places.behind(hours.NOTICES) if not standing.why(one)]
    entries = sum(
        EntryRow.objects.filter(organisation=one, position__gte=read.get(one, 0), at__lt=before).count()
        for one in behind
    )
    due = Due.objects.filter(due__lt=before).values_list("organisation", flat=True)
    return entries, sum(not standing.why(one) for one in due)


def read_on(organisation: Organisation, *, at: datetime) -> int:
    """Read what is new on a record and queue its notices; return how many."""
    written = 0
    while True:
        with places.at_its_place(organisation, hours.NOTICES, lambda one: hours.begin(one, at=at)) as place:
            entries = places.next_entries(place, READ)
            written += _tell(organisation, entries, at)
            head = Head.objects.values_list("size", flat=True).get(pk=organisation.pk)
            if place.position >= head:
                return written


def _tell(organisation: Organisation, entries: Iterable[Entry], at: datetime) -> int:
    """Keep what is new as news, and write to those who want it at once."""
    news, own, hidden, written = [], defaultdict(list), set(), 0
    for entry in entries:
        kind = entry.fact.kind_name
        if kind in ASKS:
            written += _ask(organisation, entry.fact, at)
        if kind in TO_ALL:
            subject = getattr(entry.fact, "election" if kind == "election.opened" else "poll")
            news.append(_news(organisation, entry, TO_ALL[kind], subject))
            written += tell_all(organisation, TO_ALL[kind], subject, at=at)
        elif kind in HIDDEN:
            hidden.add(entry.actor)
        elif kind in telling.OWN and (member := _whose(entry)):
            news.append(_news(organisation, entry, kind, "", member))
            own[member].append(kind)
    News.objects.bulk_create(news, batch_size=500)
    owners = SignatureLink.objects.filter(organisation=organisation, alias__in=hidden)
    Due.objects.bulk_create(
        (
            Due(
                organisation=organisation, what=hours.PROTECTED, subject=member,
                due=hours.next_morning(at, organisation.zone),
            )
            for member in sorted(set(owners.values_list("member_id", flat=True)))
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    people = (
        recipients.reached(organisation, Contact.objects.filter(member__in=own), ("each",)) if own else ()
    )
    written += recipients.send(
        organisation,
        [
            (one, partial(telling.in_your_name, own[one.member], organisation, gone=one.gone))
            for one in people
        ],
        at=at,
    )  # fmt: skip
    return written


def _ask(organisation: Organisation, fact: Fact, at: datetime) -> int:
    """Tell somebody what they are asked; at once, also who waits for a digest, for the question runs out."""
    letter: Callable[[], telling.Words]
    if isinstance(fact, NominationMade):
        member = Member.objects.get(pk=fact.nominee)
        candidacy = queries.waiting_for_answer(member, at=at).filter(election=fact.election).first()
        if candidacy is None:
            return 0
        letter = partial(telling.put_forward, candidacy, organisation)
    else:
        assert isinstance(fact, ActingOffered)
        member = Member.objects.get(pk=fact.member)
        offers = queries.asked_to_act(organisation.pk, at=at)
        offer = offers.filter(term=fact.term, member=member).first()
        if offer is None:
            return 0
        letter = partial(telling.asked_to_act, offer, organisation)
    contacts = Contact.objects.filter(member=member, member__standing="member")
    people = recipients.reached(organisation, contacts, wishes.ANY)
    return recipients.send(organisation, [(one, letter) for one in people], at=at)


def _whose(entry: Entry) -> str:
    """In whose name something was done; in nobody's where the clock did it, or it follows from a count."""
    kind, named = entry.fact.kind_name, getattr(entry.fact, "member", "")
    if kind == "contact.changed":
        return str(named)
    follows = entry.auth == "clock" or (kind == "term.ended" and named != entry.actor)
    return "" if follows else entry.actor


def _news(organisation: Organisation, entry: Entry, what: str, subject: str, member: str = "") -> News:
    assert entry.position is not None
    return News(
        organisation=organisation, position=entry.position, what=what, subject=subject, member=member,
        at=entry.at,
    )  # fmt: skip


def tell_all(organisation: Organisation, what: str, subject: str, *, at: datetime) -> int:
    """Write to everybody whom a vote or an election concerns and who wants to know at once."""
    if what == "nominations":
        election = (
            Election.objects.select_related("post__title", "post__unit__name").filter(pk=subject).first()
        )
        if election is None or at >= election.closes_at or election.post.ended_at is not None:
            return 0
        people = recipients.reached(organisation, recipients.of_unit(election), ("each",))
        return recipients.send(
            organisation,
            [(one, partial(telling.nominations_open, election, organisation)) for one in people],
            at=at,
        )  # fmt: skip
    poll = Poll.objects.select_related("unit__name").filter(pk=subject).first()
    if poll is None:
        return 0
    if what == "vote-opens":
        if at >= poll.closes_at or poll.state != "open":
            return 0
        hours.remind(poll)
        wanted, write = ("each", "needed", *hours.digests_too_late_for(poll)), telling.vote_opens
    else:
        wanted, write = ("each",), telling.vote_annulled
    people = recipients.reached(organisation, recipients.on_roll(poll), wanted)
    if what == "vote-counted":
        voted = recipients.voters_of(poll)
        letters: list[recipients.Said] = [
            (one, partial(telling.vote_counted, poll, organisation, voted=one.member in voted))
            for one in people
        ]
    else:
        letters = [(one, partial(write, poll, organisation)) for one in people]
    return recipients.send(organisation, letters, at=at)
