# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is told at an hour: the last day of a vote, digests in the morning, that a protected right was used.

Each is a row, done and put away (or put to its next hour) in the transaction that queues its letters, under
the lock of the follower's place: once, however many keepers there are and wherever they are killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q

from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.models import Head, Organisation
from kollontai.chapters.voting.models import Poll, Voter
from kollontai.followers import places, recipients, telling
from kollontai.followers.models import Due, News, Wish

NOTICES = "notices"
"""The name under which notices keep their place in a record."""
LAST_DAY, DAILY, WEEKLY, PROTECTED = "last-day", "daily", "weekly", "protected"
MORNING = time(8)
"""Digests are written at this hour in the organisation's zone; weekly ones on Mondays."""
LAST = timedelta(days=1)
"""How long before its close the last day of a vote begins."""
NEW = timedelta(days=1)
"""An organisation older than this when its record is first followed is followed from that moment on."""


def begin(organisation: Organisation, *, at: datetime) -> int:
    """Set the hours of an organisation that is followed for the first time; say where to begin reading."""
    for what, weekly in ((DAILY, False), (WEEKLY, True)):
        Due.objects.get_or_create(
            organisation=organisation, what=what, subject="",
            defaults={"due": next_morning(at, organisation.zone, weekly=weekly)},
        )  # fmt: skip
    founded = organisation.founded_at
    if founded is None or founded > at - NEW:
        return 0
    for poll in Poll.objects.filter(organisation=organisation).open_at(at):
        remind(poll)
    return Head.objects.values_list("size", flat=True).get(pk=organisation.pk)


def remind(poll: Poll) -> None:
    """Let the last day of a vote be told, once."""
    Due.objects.get_or_create(
        organisation_id=poll.organisation_id, what=LAST_DAY, subject=poll.pk,
        defaults={"due": max(poll.opens_at, poll.closes_at - LAST)},
    )  # fmt: skip


def digests_too_late_for(poll: Poll) -> list[str]:
    """The digests that come next when a vote is over, or in its last day: their readers are told at once."""
    rows = Due.objects.filter(organisation=poll.organisation_id, what__in=(DAILY, WEEKLY))
    return sorted(row.what for row in rows if _is_too_late(row.due, poll))


def _is_too_late(due: datetime, poll: Poll) -> bool:
    return due > poll.closes_at - LAST


def next_morning(at: datetime, zone: str, *, weekly: bool = False) -> datetime:
    """The next hour of digests after a moment: eight in the morning there, on a Monday if weekly."""
    there = at.astimezone(ZoneInfo(zone))
    day = there.date()
    while True:
        morning = datetime.combine(day, MORNING, ZoneInfo(zone))
        if morning > there and (not weekly or day.weekday() == 0):
            return morning.astimezone(at.tzinfo)
        day += timedelta(days=1)


def waiting(*, at: datetime) -> list[str]:
    """The organisations in which an hour has come."""
    return sorted(set(Due.objects.filter(due__lte=at).values_list("organisation", flat=True)))


def perform(organisation: Organisation, *, at: datetime) -> int:
    """Do what is due in one organisation; return how many letters were queued."""
    written = 0
    while True:
        with places.at_its_place(organisation, NOTICES, lambda one: begin(one, at=at)):
            row = Due.objects.filter(organisation=organisation, due__lte=at).order_by("due", "pk").first()
            if row is None:
                return written
            if row.what in (DAILY, WEEKLY):
                written += _digests(organisation, row, at)
            else:
                written += _last_day(organisation, row, at) if row.what == LAST_DAY else 0
                written += _protected(organisation, row, at) if row.what == PROTECTED else 0
                row.delete()


# --- The last day of a vote ----------------------------------------------------------------------------


def _last_day(organisation: Organisation, row: Due, at: datetime) -> int:
    """Remind those who have not voted; of a secret vote, tell the others that the roll says they have."""
    poll = Poll.objects.select_related("unit__name").filter(pk=row.subject, state="open").first()
    if poll is None or at >= poll.closes_at or poll.box == "outside":
        return 0
    voted = recipients.voters_of(poll)
    letters = []
    for one in recipients.reached(organisation, recipients.on_roll(poll), ("each", "needed")):
        has = one.member in voted
        if not has or (one.how == "each" and poll.box == "separated"):
            letters.append((one, partial(telling.last_day, poll, organisation, voted=has)))
    return recipients.send(organisation, letters, at=at)


# --- Protected rights ----------------------------------------------------------------------------------


def _protected(organisation: Organisation, row: Due, at: datetime) -> int:
    """Say that a protected right was used, and not which, nor how often, nor when."""
    people = recipients.reached(
        organisation, Contact.objects.filter(member=row.subject), ("each", "daily", "weekly")
    )
    return recipients.send(
        organisation,
        [
            (one, partial(telling.in_your_name, [telling.RIGHT_USED], organisation, gone=one.gone))
            for one in people
        ],
        at=at,
    )


# --- Digests -------------------------------------------------------------------------------------------


def _digests(organisation: Organisation, row: Due, at: datetime) -> int:
    after = next_morning(at, organisation.zone, weekly=row.what == WEEKLY)
    owners = list(
        Member.objects.filter(organisation=organisation, wish__how=row.what).values_list("pk", "wish__since")
    )
    written = _write(organisation, row, owners, at=at, until=after)
    newest = News.objects.filter(organisation=organisation).aggregate(it=Max("pk"))["it"]
    row.told, row.due = max(row.told, newest or 0), after
    row.save(update_fields=["told", "due"])
    told = Due.objects.filter(organisation=organisation, what__in=(DAILY, WEEKLY)).aggregate(it=Min("told"))
    News.objects.filter(organisation=organisation, pk__lte=told["it"]).delete()
    return written


def digest_for(member: Member, how: str, *, at: datetime) -> int:
    """Write one member's digest now, with what waits for it; for when they want another way."""
    organisation = member.organisation
    row = Due.objects.filter(organisation=organisation, what=how).first()
    since = Wish.objects.filter(owner=member).values_list("since", flat=True).first() or 0
    row = row or Due(organisation=organisation, what=how, due=at)
    return _write(organisation, row, [(member.pk, since)], at=at, until=at)


def _write(
    organisation: Organisation, row: Due, owners: Sequence[tuple[str, int]], *, at: datetime, until: datetime
) -> int:
    """Write to each of these members for whom something happened, or whose vote closes before `until`."""
    if not owners:
        return 0
    since = dict(owners)
    news = list(
        News.objects.filter(
            Q(member="") | Q(member__in=since), organisation=organisation, pk__gt=row.told
        ).order_by("pk")
    )
    polls = _polls(organisation, news, at)
    rolls = _rolls(polls.values(), since)
    cast = {pk: recipients.voters_of(poll) for pk, poll in polls.items()}
    elections = {
        one.pk: one
        for one in Election.objects.filter(
            pk__in=[one.subject for one in news if one.what == "nominations"]
        ).select_related("post__title", "post__unit__name")
    }
    things = Things(organisation, polls, elections, rolls, cast, at, row.due)
    units = dict(Member.objects.filter(pk__in=since).values_list("pk", "unit_id"))
    letters = []
    for one in recipients.reached(organisation, Contact.objects.filter(member__in=since)):
        told_of = [
            it for it in news if it.pk > since[one.member] and things.concern(it, one, units[one.member])
        ]
        waits = [poll for poll in polls.values() if things.waits(poll, one)]
        if told_of or any(poll.closes_at <= until for poll in waits):
            letters.append((one, partial(things.digest, row.what, told_of, waits, one.member)))
    return recipients.send(organisation, letters, at=at)


def _polls(organisation: Organisation, news: Iterable[News], at: datetime) -> dict[str, Poll]:
    named = [one.subject for one in news if one.what.startswith("vote-")]
    found = Poll.objects.filter(organisation=organisation).select_related("unit__name")
    wanted = found.filter(Q(pk__in=named) | Q(state="open", opens_at__lte=at, closes_at__gt=at))
    return {poll.pk: poll for poll in wanted.order_by("closes_at", "pk")}


def _rolls(polls: Iterable[Poll], members: Iterable[str]) -> dict[str, set[str]]:
    rolls: dict[str, set[str]] = {poll.pk: set() for poll in polls}
    on = Voter.objects.filter(poll__in=list(rolls), member__in=list(members))
    for poll, member in on.values_list("poll_id", "member_id"):
        rolls[poll].add(member)
    return rolls


@dataclass(frozen=True)
class Things:
    """What digests of one morning are written from."""

    organisation: Organisation
    polls: dict[str, Poll]
    elections: dict[str, Election]
    rolls: dict[str, set[str]]
    cast: dict[str, frozenset[str]]
    at: datetime
    due: datetime

    def concern(self, row: News, one: recipients.Reached, unit: str) -> bool:
        """Whether a piece of news is somebody's, and still so: of what is over its count alone is told.

        That a vote is open, for which this digest was too late, they have read in a letter of its own.
        """
        if row.member:
            return row.member == one.member
        if not one.belongs:
            return False
        if row.what == "nominations":
            election = self.elections[row.subject]
            post = election.post
            is_open = self.at < election.closes_at and post.ended_at is None
            return is_open and (post.unit.parent_id is None or post.unit_id == unit)
        poll = self.polls[row.subject]
        if row.what == "vote-opens" and (not self.is_open(poll) or _is_too_late(self.due, poll)):
            return False
        return one.member in self.rolls[row.subject]

    def is_open(self, poll: Poll) -> bool:
        """Whether a vote is open."""
        return poll.state == "open" and self.at < poll.closes_at

    def waits(self, poll: Poll, one: recipients.Reached) -> bool:
        """Whether a vote is open to a member who has not voted."""
        may_vote = one.belongs and self.is_open(poll) and poll.box != "outside"
        return may_vote and one.member in self.rolls[poll.pk] and one.member not in self.cast[poll.pk]

    def digest(self, how: str, told_of: list[News], waits: list[Poll], member: str) -> telling.Words:
        """One member's digest."""
        lines = [self._line(row, member) for row in told_of if not row.member]
        acts = [row.what for row in told_of if row.member]
        return telling.digest(how, lines, acts, waits, self.organisation)

    def _line(self, row: News, member: str) -> str:
        if row.what == "nominations":
            return telling.nominations_open(self.elections[row.subject], self.organisation).subject
        poll = self.polls[row.subject]
        if row.what == "vote-counted":
            words = telling.vote_counted(poll, self.organisation, voted=member in self.cast[poll.pk])
            return f"{words.subject}. {telling.what_the_roll_says(voted=member in self.cast[poll.pk])}"
        write = telling.vote_opens if row.what == "vote-opens" else telling.vote_annulled
        return write(poll, self.organisation).subject
