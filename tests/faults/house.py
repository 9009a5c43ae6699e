# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bare hall for tests of faults and for measuring: members, polls, and one act that votes.

Its record is true to the frame and to nothing else: there are no bylaws here.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.act import Act, Actor, Refusal, act, clock_act, require
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.record.tables import make_all
from kollontai.chapters.voting import steps
from kollontai.chapters.voting.models import OpenBallot, Poll
from kollontai.openrecord.kinds.issues import IssueSupported
from kollontai.openrecord.kinds.members import UnitCreated
from kollontai.openrecord.kinds.polls import BallotCast

ORG = "hallhallhallhall"
SLUG = "hall"
UNIT = "unitunitunitunit"


def member(number: int) -> Actor:
    """The member with this number."""
    return Actor(ORG, f"member{number:010}", "code")


def poll(number: int) -> str:
    """The poll with this number."""
    return f"poll{number:012}"


def make_tables() -> None:
    """Make the tables as the models are, with the migrations noted as done."""
    with opened_for("all"):
        make_all()


@act(founding=True)
def open_hall(this: Act, *, members: int, polls: int) -> Organisation:
    """Begin the organisation with its people and its polls."""
    name = this.record(UnitCreated(unit=UNIT), name="The hall")["name"]
    organisation = Organisation.objects.create(
        id=ORG, slug=SLUG, origin=f"localhost/{SLUG}", zone="UTC", preset="small", joining="open",
        name=name, unit_word=name, opened_at=this.at,
    )  # fmt: skip
    this.begin(organisation)
    Unit.objects.create(id=UNIT, organisation=organisation, name=name, created_at=this.at)
    Member.objects.bulk_create(
        [
            Member(
                id=member(number).id, organisation=organisation, unit_id=UNIT, name=name, standing="member",
                ground="founding", joined_at=this.at,
            )
            for number in range(members)
        ]
    )  # fmt: skip
    Poll.objects.bulk_create(
        [
            Poll(
                id=poll(number), organisation=organisation, about="issue", subject="none", unit_id=UNIT,
                form="yes_no", box="open", options=["yes", "no"], paper=name, roll=name, roll_count=members,
                quorum_bp=0, majority_num=1, majority_den=2, more_than=True, opens_at=this.at,
                closes_at=this.at + timedelta(days=9_000), state="open",
            )
            for number in range(polls)
        ]
    )  # fmt: skip
    return organisation


@act
def vote(this: Act, *, poll: str, choice: str = "yes") -> OpenBallot:
    """Vote once in a poll."""
    voted = OpenBallot.objects.filter(poll_id=poll, voter_id=this.actor).exists()
    require(Refusal("voted-already", 9) if voted else None)
    words = this.record(BallotCast(poll=poll), held_until=poll, choice=json.dumps({"choice": choice}))
    return OpenBallot.objects.create(
        organisation_id=ORG, poll_id=poll, voter_id=this.actor, choice=words["choice"], at=this.at
    )


@act
def cast(this: Act, *, poll: str, choice: str = "yes") -> OpenBallot:
    """Vote in a poll as the least an act can do: words, a row, an entry. The row alone stops a second vote."""
    words = this.record(BallotCast(poll=poll), held_until=poll, choice=json.dumps({"choice": choice}))
    return OpenBallot.objects.create(
        organisation_id=ORG, poll_id=poll, voter_id=this.actor, choice=words["choice"], at=this.at
    )


@act
def lock_and_vote(this: Act, *, poll: str, choice: str = "yes") -> OpenBallot:
    """Vote, and find out only on the way that a lock is needed."""
    this.lock(f"poll:{poll}")
    return vote.__wrapped__(this, poll=poll, choice=choice)


@act
def break_halfway(this: Act, *, poll: str) -> None:
    """Write a row and an entry, and break."""
    vote.__wrapped__(this, poll=poll)
    raise ValueError("this act is broken")


@act
def open_secret(this: Act, *, number: int, closes_in: float) -> Poll:
    """Open a secret vote of everybody between two candidates."""
    return steps.open_poll(
        this, poll_id=poll(number), about="election", subject="none", unit=Unit.objects.get(pk=UNIT),
        form="election", options=[member(0).id, member(1).id, "ron"], status_quo=None, paper="{}",
        roll=list(Member.objects.values_list("pk", flat=True)), quorum_bp=0, majority=(1, 2), more_than=True,
        closes_at=this.at + timedelta(days=closes_in), close_act="faults.close",
        secret=steps.Secret("irv", 1),
    )  # fmt: skip


@clock_act("faults.close")
def close(this: Act, *, subject: str, due: datetime) -> None:
    """Close a secret vote."""
    steps.close(this, subject, due=due)


@act
def set_deadlines(this: Act, *, many: int) -> None:
    """Leave the clock much to do in seven days, and in the midst of it something it will fail at."""
    this.record(UnitCreated(unit=UNIT))
    for number in range(many):
        this.deadline("faults.support", f"issue{number:011}", this.at + timedelta(days=7))
    this.deadline("faults.fail", "nothing", this.at + timedelta(days=6))


@clock_act("faults.support")
def support(this: Act, *, subject: str, due: datetime) -> None:
    """Put an entry on the record."""
    this.record(IssueSupported(issue=subject))


@clock_act("faults.fail")
def fail(this: Act, *, subject: str, due: datetime) -> None:
    """Break halfway."""
    this.record(IssueSupported(issue="brokenbrokenbrok"))
    raise ValueError("this deadline is broken")
