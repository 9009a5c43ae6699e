# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is open to me, what was decided, and, in an open vote after its close, who voted what."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from kollontai.chapters.members.models import LetterVoucher, Member
from kollontai.chapters.record import by_hand
from kollontai.chapters.record.rows import columns_of, made_of
from kollontai.chapters.voting import lots, rules
from kollontai.chapters.voting.boxes import BOXES
from kollontai.chapters.voting.choices import Choice, choose, read
from kollontai.chapters.voting.models import LotShare, OpenBallot, Poll, Voter
from kollontai.chapters.voting.querysets import OpenBallotQuerySet, PollQuerySet


def voting(poll: Poll, member: Member | None) -> rules.Voting:
    """Facts for the rule of voting."""
    member_id = member.pk if member else ""
    [(voted, marked)] = by_hand.rows(
        "SELECT EXISTS (SELECT 1 FROM voting_openballot WHERE poll_id = %s AND voter_id = %s), "
        "(SELECT marked FROM voting_voter WHERE poll_id = %s AND member_id = %s)",
        [poll.pk, member_id, poll.pk, member_id],
    )
    return _facts(poll, standing=member.standing if member else None, marked=marked, voted=bool(voted))


_LEFT = (
    "EXISTS (SELECT 1 FROM voting_voter w WHERE w.poll_id = p.id AND NOT w.marked AND w.member_id {} %s "
    "AND NOT COALESCE((SELECT TRUE FROM voting_openballot b "
    "WHERE b.poll_id = p.id AND b.voter_id = w.member_id LIMIT 1), FALSE))"
)
"""Whether anybody on the roll after a member, or before, has not voted: looked up one by one to the first.

Ids are drawn by lot, so the first is mostly the next one. `LIMIT` keeps PostgreSQL from joining the roll with
the ballots instead, of which it would read all.
"""


class AtTheBox(NamedTuple):
    """What is known when somebody wants to vote, and whether anybody else on the roll has not voted."""

    poll: Poll
    facts: rules.Voting
    others_left: bool


def at_the_box(organisation_id: str, poll_id: str, member_id: str) -> AtTheBox | None:
    """The poll, the facts for its rule, and who is left, in one statement: every ballot asks. None: no such.

    On PostgreSQL a cast shares the poll's row from here on and a close takes it alone: a close waits for the
    ballots in flight, and a ballot for the close, after which it finds the poll as the close left it. A
    foreign key is no such lock, it is looked at only on commit. SQLite has one writer; its turn is the lock.
    Who votes at this moment is not seen among those left: then the poll closes at its hour.
    """
    share = " FOR SHARE OF p" if connection.features.has_select_for_update else ""
    found = by_hand.rows(
        f"SELECT {columns_of(Poll, 'p')}, m.standing, v.marked, "  # noqa: S608
        "EXISTS (SELECT 1 FROM voting_openballot b WHERE b.poll_id = p.id AND b.voter_id = %s), "
        f"{_LEFT.format('>')} OR {_LEFT.format('<')} "
        "FROM voting_poll p "
        "LEFT JOIN members_member m ON m.organisation_id = p.organisation_id AND m.id = %s "
        "LEFT JOIN voting_voter v ON v.poll_id = p.id AND v.member_id = %s "
        f"WHERE p.organisation_id = %s AND p.id = %s{share}",
        [*[member_id] * 5, organisation_id, poll_id],
    )
    if not found:
        return None
    *columns, standing, marked, voted, left = found[0]
    poll = made_of(Poll, columns)
    facts = _facts(poll, standing=standing, marked=marked, voted=bool(voted))
    return AtTheBox(poll, facts, bool(left))


def _facts(poll: Poll, *, standing: str | None, marked: bool | None, voted: bool) -> rules.Voting:
    return rules.Voting(
        is_member=standing == "member",
        on_roll=marked is not None,
        has_voted=bool(voted or marked),
        outside=poll.box == "outside",
        is_open=poll.state == "open",
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
    )


def let_in_by_letter(poll: Poll) -> int:
    """How many on the roll of a vote had been let in by letters with a code when it opened."""
    codes = LetterVoucher.objects.filter(
        organisation=poll.organisation_id, second=True, at__lte=poll.opens_at
    )
    members = set(codes.values_list("member", flat=True))
    return len(members.intersection(json.loads(str(poll.roll)))) if members else 0


def open_to(member: Member, *, at: datetime) -> PollQuerySet:
    """Votes that wait for this member, what closes first on top."""
    here = Poll.objects.visible_to(member).open_at(at).exclude(box="outside")
    return (
        here.filter(voters__member=member, voters__marked=False)
        .exclude(open_ballots__voter=member)
        .select_related("unit__name", "paper")
        .order_by("closes_at", "pk")
    )


def waiting_among(member: Member, polls: Sequence[str]) -> set[str]:
    """Which of these votes have the member on their roll and no ballot of theirs; their times aside."""
    if not polls:
        return set()
    places = ", ".join(["%s"] * len(polls))
    rows = by_hand.rows(  # nearly every page asks
        f"SELECT v.poll_id FROM voting_voter v WHERE v.member_id = %s AND v.poll_id IN ({places}) "  # noqa: S608
        "AND NOT v.marked AND NOT EXISTS (SELECT 1 FROM voting_openballot b "
        "WHERE b.poll_id = v.poll_id AND b.voter_id = v.member_id)",
        [member.pk, *polls],
    )
    return {poll for (poll,) in rows}


def voted_by(member: Member, *, at: datetime) -> PollQuerySet:
    """Votes that are still open and hold this member's ballot."""
    marked = Voter.objects.own(member).filter(marked=True)
    here = (
        Poll.objects.visible_to(member)
        .open_at(at)
        .filter(Q(open_ballots__voter=member) | Q(pk__in=marked.values("poll")))
    )
    return here.select_related("unit__name", "paper").order_by("closes_at", "pk")


def running(member: Member | None, *, at: datetime) -> PollQuerySet:
    """Every vote that is open, for whoever may know of it."""
    return (
        Poll.objects.visible_to(member)
        .open_at(at)
        .select_related("unit__name", "paper")
        .order_by("closes_at", "pk")
    )


def counted(organisation_id: str) -> PollQuerySet:
    """Every vote that was counted, the latest first."""
    return (
        Poll.objects.filter(organisation=organisation_id)
        .counted()
        .select_related("unit__name", "paper", "count")
    )


def paper_of(poll: Poll) -> dict[str, Any]:
    """The ballot paper as it was frozen."""
    paper: dict[str, Any] = json.loads(str(poll.paper))
    return paper


def count_of(poll: Poll) -> dict[str, Any] | None:
    """The whole count, matrix and all; None before there is one."""
    if poll.count is None:
        return None
    whole: dict[str, Any] = json.loads(str(poll.count))
    return whole


@dataclass(frozen=True)
class NamedBallot:
    """Who voted what, in an open vote that is counted."""

    voter: Member
    choice: Choice


def named_ballots(poll: Poll, reader: Member | None, part: slice = slice(None)) -> list[NamedBallot]:
    """Every ballot with its name, or a part of them, by name; for members, once the vote is counted; before
    that nobody's."""
    rows = (
        _to_name(poll, reader).select_related("voter__name", "choice").order_by("voter__name__value", "voter")
    )
    read_once = functools.cache(lambda said: read(poll.form, poll.options, said))
    return [NamedBallot(row.voter, read_once(str(row.choice))) for row in rows[part]]


def how_many_named(poll: Poll, reader: Member | None) -> int:
    """How many ballots a reader may see with their names."""
    return _to_name(poll, reader).count()


def _to_name(poll: Poll, reader: Member | None) -> OpenBallotQuerySet:
    ballots = OpenBallot.objects.visible_to(reader)
    return ballots.filter(poll=poll) if poll.state == "counted" else ballots.none()


def own_ballot(poll: Poll, member: Member | None) -> OpenBallot | None:
    """One's own ballot; nobody else gets it from here."""
    if member is None:
        return None
    return OpenBallot.objects.filter(poll=poll, voter=member).select_related("choice").first()


def adding(poll: Poll, member: Member | None) -> lots.Adding:
    """Facts for the rules of the lot."""
    share = None if member is None else LotShare.objects.filter(poll=poll, member=member).first()
    return lots.Adding(
        is_member=member is not None and member.standing == "member",
        is_open=poll.state == "open",
        lots_until=poll.secret_box.lots_until,
        closes_at=poll.closes_at,
        added=share.sha256 if share else "",
        shown=share is not None and share.sentence_id is not None,
    )


def turnout(poll: Poll) -> int:
    """How many have voted so far: all that anybody sees of a vote while it runs."""
    if poll.cast is not None:
        return poll.cast
    return BOXES[poll.box].how_many(poll) if poll.box in BOXES else 0


@dataclass(frozen=True)
class ShownBallot:
    """A secret ballot after the count: what it says, and the code by which its voter finds it."""

    code: str
    choice: Choice


def shown_ballots(poll: Poll) -> list[ShownBallot]:
    """Every ballot of a counted secret poll, by code; empty before, and where it is not to be read here."""
    return shown_among(poll, published(poll))


def published(poll: Poll) -> list[tuple[str, dict[str, Any]]]:
    """What was published of a counted secret poll: each code with its ballot as it was written, by code."""
    box = getattr(poll, "secret_box", None)
    if box is None or box.ballots is None or box.ballots.value is None:
        return []
    return [(code, said) for code, said in json.loads(str(box.ballots))["ballots"]]


def shown_among(poll: Poll, some: Iterable[tuple[str, dict[str, Any]]]) -> list[ShownBallot]:
    """Read some of the published ballots; those that say the same are read once."""
    known: dict[str, Choice] = {}

    def choice_of(said: dict[str, Any]) -> Choice:
        ranking = said.get("ranking")
        levels = None if ranking is None else [[name] for name in ranking]
        return choose(poll.form, poll.options, option=said.get("choice"), ranking=levels)

    shown = []
    for code, said in some:
        written = str(said)
        if written not in known:
            known[written] = choice_of(said)
        shown.append(ShownBallot(code, known[written]))
    return shown


def lot_seed(poll: Poll, secret: bytes) -> str:
    """The seed of a poll's lot, from the server's secret and what members showed of what they had added."""
    shares = LotShare.objects.filter(poll=poll).select_related("sentence")
    return lots.seed_of(
        secret,
        {share.member_id: None if share.sentence is None else str(share.sentence) for share in shares},
    )


# --- The lot -----------------------------------------------------------------------------------------


def shares_of(poll: Poll) -> list[LotShare]:
    """What members added to the lot of a poll, by name of the member, with the sentences that were shown."""
    shares = LotShare.objects.filter(poll=poll).select_related("member__name", "sentence")
    return sorted(shares, key=lambda share: (str(share.member.name).casefold(), share.member_id))


def sentences_to_show(member: Member, *, at: datetime) -> PollQuerySet:
    """Open votes to whose lot a member added and whose second half has come: now the sentence is shown."""
    unshown = LotShare.objects.filter(member=member, sentence=None)
    return (
        Poll.objects.visible_to(member)
        .open_at(at)
        .filter(pk__in=unshown.values("poll"), secret_box__lots_until__lte=at)
        .select_related("unit__name", "paper")
        .order_by("closes_at", "pk")
    )


def sealed_hashes(poll: Poll) -> list[str]:
    """The SHA-256 of each ballot as it lay in a secret box, sorted; empty before the count."""
    box = getattr(poll, "secret_box", None)
    if box is None or box.sealed is None or box.sealed.value is None:
        return []
    hashes: list[str] = json.loads(str(box.sealed))
    return hashes
