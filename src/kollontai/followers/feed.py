# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars: when votes close, stages end and nominations close (RFC 5545).

A member's own has an address that they can end or change at any time; whoever knows it can read it. In the
one for the world stands what the world may see (article 14): nominations. Calendars lie with strangers, so
there is no title, no name and no count in them. All times are in UTC, which every calendar shows in its
reader's zone, summer and winter. A thing keeps its UID for ever; when its time moves, its SEQUENCE grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation.models import StageRow
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.act import private_write
from kollontai.chapters.record.models import EntryRow, Organisation
from kollontai.chapters.voting.models import Poll, Voter
from kollontai.followers import addresses
from kollontai.followers.models import Feed

KEPT = timedelta(days=30)
"""What is over stays this long, so that a calendar that asks seldom learns how it ended."""
MOVES_A_STAGE = ("stage.begun", "issue.made_big", "issue.shortened", "issue.lapsed", "issue.decided")


@dataclass(frozen=True)
class Moment:
    """Something that happens at one moment. `changed`: when that became known."""

    uid: str
    at: datetime
    changed: datetime
    sequence: int
    title: str
    address: str


# --- A member's own address ----------------------------------------------------------------------------


def address_of(member: Member) -> str:
    """The address of a member's calendar, or nothing where they have none."""
    feed = Feed.objects.filter(owner=member, ended=False).first()
    return "" if feed is None else _address(member.organisation, _token(feed))


def make(member: Member) -> str:
    """Give a member an address for their calendar, another one if they had one; the old one ends."""
    with private_write():
        feed, made = Feed.objects.get_or_create(
            owner=member, defaults={"organisation_id": member.organisation_id}
        )
        if not made:
            feed.turn, feed.ended = feed.turn + 1, False
            feed.save(update_fields=["turn", "ended"])
    return _address(member.organisation, _token(feed))


def end(member: Member) -> None:
    """End the address of a member's calendar."""
    with private_write():
        Feed.objects.filter(owner=member).update(ended=True)


def member_of_token(organisation: Organisation, token: str) -> Member | None:
    """Whose calendar an address shows, while they are a member and have not ended it."""
    feed = (
        Feed.objects.select_related("owner__unit")
        .filter(owner=token.partition("-")[0], organisation=organisation, ended=False)
        .first()
    )
    if feed is None or not constant_time_compare(token, _token(feed)) or feed.owner.standing != "member":
        return None
    return feed.owner


def _token(feed: Feed) -> str:
    made = salted_hmac("kollontai.calendar", f"{feed.owner_id}/{feed.turn}", algorithm="sha256")
    return f"{feed.owner_id}-{made.hexdigest()[:32]}"


def _address(organisation: Organisation, token: str) -> str:
    return addresses.full("calendar", organisation.slug, token)


# --- What stands in it ---------------------------------------------------------------------------------


def of_member(member: Member, *, at: datetime) -> bytes:
    """A member's calendar: votes whose roll they are on, stages of the issues open to them, nominations."""
    organisation = member.organisation
    moments = [
        *_votes(organisation, member, at),
        *_stages(organisation, member, at),
        *_nominations(organisation, member, at),
    ]
    return _written(organisation, moments)


def of_world(organisation: Organisation, *, at: datetime) -> bytes:
    """The calendar that anybody may read."""
    return _written(organisation, list(_nominations(organisation, None, at)))


def _votes(organisation: Organisation, member: Member, at: datetime) -> Iterator[Moment]:
    mine = Voter.objects.filter(member=member).values("poll")
    polls = Poll.objects.filter(organisation=organisation, pk__in=mine, closes_at__gte=at - KEPT)
    for poll in polls.select_related("unit__name"):
        said = {"unit": str(poll.unit.name)}
        address = _page("poll", organisation, poll.pk)
        opens = _("A vote opens in %(unit)s") % said
        yield Moment(f"vote-{poll.pk}-opens", poll.opens_at, poll.opens_at, 0, opens, address)
        over = poll.closed_at if poll.closed_at is not None and poll.closed_at < poll.closes_at else None
        yield Moment(
            f"vote-{poll.pk}-closes", over or poll.closes_at, over or poll.opens_at, int(over is not None),
            _("A vote closes in %(unit)s") % said, address,
        )  # fmt: skip


def _stages(organisation: Organisation, member: Member, at: datetime) -> Iterator[Moment]:
    words = {
        "talk": _("Issue %(n)s (%(unit)s): the members’ talk ends"),
        "answer": _("Issue %(n)s (%(unit)s): the leaders’ answer ends"),
        "reply": _("Issue %(n)s (%(unit)s): the members’ reply ends, the vote follows"),
    }
    rows = list(
        StageRow.objects.filter(
            Q(issue__unit=member.unit_id) | Q(issue__unit__parent=None),
            organisation=organisation, stage__in=words, ends_at__gte=at - KEPT,
        )
        .exclude(issue__stage="lapsed", issue__ended_at__lt=at - KEPT)
        .select_related("issue__unit__name")
    )  # fmt: skip
    moved = dict(
        EntryRow.objects.filter(
            organisation=organisation, subject__in={row.issue_id for row in rows}, kind__in=MOVES_A_STAGE
        )
        .values_list("subject")
        .annotate(many=Count("pk"))
    )
    for row in rows:
        yield Moment(
            f"issue-{row.issue_id}-{row.stage}-ends", row.ends_at, row.began_at, moved.get(row.issue_id, 0),
            words[row.stage] % {"n": row.issue.number, "unit": str(row.issue.unit.name)},
            _page("issue", organisation, row.issue.number),
        )  # fmt: skip


def _nominations(organisation: Organisation, member: Member | None, at: datetime) -> Iterator[Moment]:
    found = Election.objects.filter(organisation=organisation, closes_at__gte=at - KEPT, post__ended_at=None)
    if member is not None:
        found = found.filter(Q(post__unit=member.unit_id) | Q(post__unit__parent=None))
    found = found.select_related("post__unit__name").order_by("pk")
    widened = dict(
        EntryRow.objects.filter(
            organisation=organisation, kind="election.widened", subject__in=[one.pk for one in found]
        )
        .values_list("subject")
        .annotate(many=Count("pk"))
    )
    for one in found:
        said, address = {"unit": str(one.post.unit.name)}, _page("election", organisation, one.pk)
        opens, closes = _("Nominations open in %(unit)s") % said, _("Nominations close in %(unit)s") % said
        yield Moment(f"election-{one.pk}-opens", one.opened_at, one.opened_at, 0, opens, address)
        yield Moment(
            f"election-{one.pk}-closes", one.closes_at, one.opened_at, widened.get(one.pk, 0), closes, address
        )


def _page(name: str, organisation: Organisation, *more: object) -> str:
    return addresses.full(name, organisation.slug, *more)


def _written(organisation: Organisation, moments: list[Moment]) -> bytes:
    from icalendar import Calendar, Event, Timezone  # not before somebody wants a calendar: it takes its time

    calendar = Calendar()
    calendar.add("prodid", "-//Kollontai//Calendar 1//EN")
    calendar.add("version", "2.0")
    if moments:
        calendar.add("method", "PUBLISH")
    else:  # the standard wants one component at least, and there are programs that refuse a calendar without
        calendar.add_component(Timezone.from_tzid("UTC"))
    calendar.add("x-wr-calname", str(organisation.name))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for moment in sorted(moments, key=lambda one: (one.at, one.uid)):
        event = Event()
        event.add("uid", f"{moment.uid}@{organisation.origin.replace('/', '.')}")
        event.add("dtstamp", moment.changed.astimezone(UTC))
        event.add("dtstart", moment.at.astimezone(UTC))
        event.add("sequence", moment.sequence)
        event.add("summary", moment.title)
        event.add("url", moment.address)
        event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
        calendar.add_component(event)
    return calendar.to_ical()
