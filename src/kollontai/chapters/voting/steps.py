# SPDX-License-Identifier: AGPL-3.0-or-later
"""What chapters above may ask of polls: open one with everything frozen; close and count it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record import by_hand, statements
from kollontai.chapters.record.act import Act, FrameError
from kollontai.chapters.voting import counting, lots, queries, rules
from kollontai.chapters.voting.boxes import BOXES, SeparatedBox, Spoilt
from kollontai.chapters.voting.choices import MOST_OPTIONS, RON, YES_NO
from kollontai.chapters.voting.models import Poll
from kollontai.ids import new_id
from kollontai.openrecord.kinds.polls import PollCounted, PollOpened


@dataclass(frozen=True)
class Counted:
    """A poll that has just been counted; or annulled in public, because its secret box was spoilt.

    Of an election: who is elected, in order, and for how many seats nominations open again.
    """

    poll: Poll
    outcome: str = ""
    lost: bool = False
    elected: tuple[str, ...] = ()
    reopened: int = 0


@dataclass(frozen=True)
class Secret:
    """How a secret ballot is counted: by which rule, for how many seats."""

    rule: str = "yes-no"
    seats: int = 0


def open_poll(
    this: Act,
    *,
    about: str,
    subject: str,
    unit: Unit,
    form: str,
    options: Sequence[str],
    status_quo: str | None,
    paper: str,
    roll: Sequence[str],
    quorum_bp: int,
    majority: tuple[int, int],
    more_than: bool,
    closes_at: datetime,
    close_act: str = "",
    due: datetime | None = None,
    poll_id: str = "",
    secret: Secret | None = None,
    outside: bool = False,
) -> Poll:
    """Open a vote. Roll, paper, rule and hour are frozen here and stand on the record.

    `close_act` is the clock act that will close it; its deadline is set to the hour. `secret` gives it a
    secret box. `outside`: by law a scrutineer holds it; here are its roll and its paper.
    """
    if form == "yes_no" and tuple(options) != YES_NO:
        raise FrameError("A yes/no vote has the options yes, no, abstain.")
    if form == "ranked" and (status_quo not in options or not 2 <= len(options) <= MOST_OPTIONS):
        raise FrameError("A ranked vote has drafts and the status quo.")
    if form == "election" and (len(options) < 2 or options[-1] != RON):
        raise FrameError("An election has candidates, and re-open nominations last.")
    if secret and outside:
        raise FrameError("A ballot is held here or outside.")
    if len(set(options)) != len(options) or len(set(roll)) != len(roll) or closes_at <= this.at:
        raise FrameError("A vote has each option once, each voter once, and time.")
    voters = sorted(roll)
    fact = PollOpened(
        poll=poll_id or new_id(),
        about=about,
        subject=subject,
        unit=unit.pk,
        form=form,
        box="separated" if secret else "outside" if outside else "open",
        options=tuple(options),
        status_quo=status_quo,
        opens_at=this.at,
        closes_at=closes_at,
        roll_count=len(voters),
        quorum_bp=quorum_bp,
        majority=majority,
        more_than=more_than,
        due=due,
    )
    frozen = this.record(fact, roll=json.dumps(voters), paper=paper)
    poll = Poll.objects.create(
        id=fact.poll,
        organisation_id=this.organisation_id,
        about=about,
        subject=subject,
        unit=unit,
        form=form,
        box=fact.box,
        options=list(options),
        status_quo=status_quo or "",
        paper=frozen["paper"],
        roll=frozen["roll"],
        roll_count=len(voters),
        quorum_bp=quorum_bp,
        majority_num=majority[0],
        majority_den=majority[1],
        more_than=more_than,
        opens_at=this.at,
        closes_at=closes_at,
        state="open",
    )
    if secret:
        # In an order that says nothing, so that neither do the rows that voting touches.
        random.SystemRandom().shuffle(voters)
    statements.insert(
        "voting_voter",
        ("organisation_id", "poll_id", "member_id", "marked"),
        ((this.organisation_id, poll.pk, member, False) for member in voters),
    )
    if secret:
        SeparatedBox().open(
            this,
            poll,
            seats=secret.seats,
            rule=secret.rule,
            most_ranks=rules.most_ranks(on_roll=len(voters)) if form == "election" else 1,
            lots_until=lots.half_way(poll.opens_at, poll.closes_at),
        )
    if close_act:
        this.deadline(close_act, subject=poll.pk, due=closes_at)
    return poll


def close(this: Act, poll_id: str, *, due: datetime) -> Counted:
    """Close a vote, count it and show everything at once.

    Holding the poll's row waits for ballots that are just being cast; after it none comes in.
    """
    poll = Poll.objects.select_for_update().get(pk=poll_id, organisation=this.organisation_id)
    box = BOXES[poll.box]
    cast = box.how_many(poll)
    if poll.state != "open" or not rules.may_close(
        cast=cast, on_roll=poll.roll_count, closes_at=poll.closes_at, at=this.at
    ):
        raise FrameError("A vote closes by the clock, or when everybody has voted.")
    try:
        emptied = box.empty(this, poll)
    except Spoilt as spoilt:
        box.annul(this, poll, spoilt.why, due)
        poll.state, poll.closed_at = "lost", this.at
        poll.save(update_fields=["state", "closed_at"])
        return Counted(poll, lost=True)
    counted = counting.count(poll, emptied.choices, seed=queries.lot_seed(poll, emptied.secret))
    record_count(this, poll, counted, cast=cast, due=due)
    box.publish(this, poll, emptied)
    if poll.box == "separated":
        limits = limits_now(this.organisation_id)
        this.deadline("voting.destroy_links", subject=poll.pk, due=this.at + limits["X5.limitation"] * DAY)
    return Counted(poll, counted.outcome, elected=counted.elected, reopened=counted.reopened)


def record_count(this: Act, poll: Poll, counted: counting.Count, *, cast: int, due: datetime) -> None:
    """Put a count on the record and beside its poll."""
    content = this.record(
        PollCounted(poll=poll.pk, due=due, cast=cast, outcome=counted.outcome, figures=counted.figures),
        count=counted.text,
    )["count"]
    poll.state = "counted"
    poll.closed_at = this.at
    poll.cast = cast
    poll.outcome = counted.outcome
    poll.figures = counted.figures
    poll.count = content
    poll.save(update_fields=["state", "closed_at", "cast", "outcome", "figures", "count"])


def still_open(poll: Poll) -> bool:
    """Say, with many ballots already in the box, whether they came before the close, as `at_the_box` does."""
    share = " FOR SHARE" if connection.features.has_select_for_update else ""
    [(state,)] = by_hand.rows(f"SELECT state FROM voting_poll WHERE id = %s{share}", [poll.pk])  # noqa: S608
    return bool(state == "open")


def close_when_all_voted(this: Act, poll: Poll) -> None:
    """Let the clock close a vote now that everybody on its roll has voted."""
    if BOXES[poll.box].how_many(poll) == poll.roll_count:
        this.bring_forward(poll.pk)
