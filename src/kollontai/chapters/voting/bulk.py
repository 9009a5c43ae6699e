# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots of many voters in one transaction: the rule, the box and the entries of `cast_ballot`.

This is no power and stands on no list of acts: casting in the name of others is nobody's right, and no
page, route or command may lead here but the building of a demonstration (an import contract keeps it). It is
for measuring, and for trying out polls with thousands of real ballots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from kollontai.chapters.members.models import Member, Standing
from kollontai.chapters.record.act import Act, Actor, Refusal, perform_step, require
from kollontai.chapters.record.rows import one_of
from kollontai.chapters.voting import rules, steps
from kollontai.chapters.voting.boxes import BOXES
from kollontai.chapters.voting.choices import Choice, Unusable, choose
from kollontai.chapters.voting.models import OpenBallot, Poll, Voter

AT_ONCE = 800


@dataclass(frozen=True)
class Ballot:
    """What one voter answers: an option, or levels of options."""

    voter: str
    choice: str | None = None
    ranking: Sequence[Sequence[str]] | None = None


@dataclass(frozen=True)
class Left:
    """A ballot that was not cast, and why."""

    voter: str
    why: Refusal


def cast_many(organisation_id: str, poll_id: str, ballots: Iterable[Ballot], *, auth: str) -> list[Left]:
    """Put ballots into the box of a poll, each once, some hundred in a transaction; give those refused."""
    left: list[Left] = []
    nobody = Actor(organisation_id, "cast-many", auth)  # each entry names its voter
    for some in _in_turn(ballots):
        left += perform_step(nobody, "cast_many", partial(_cast, poll_id=poll_id, ballots=some)).value
    return left


def _cast(this: Act, *, poll_id: str, ballots: Sequence[Ballot]) -> list[Left]:
    poll = one_of(Poll, this.organisation_id, poll_id)
    if poll is None:
        require(Refusal("no-such-vote", rules.ARTICLE))
    assert poll is not None
    wanted, left = _sorted_out(this, poll, ballots)
    if wanted:
        BOXES[poll.box].put_each(this, poll, wanted)
        if not steps.still_open(poll):  # the count came between: none of these came in time
            require(Refusal("vote-closed", rules.ARTICLE, facts={"closed": poll.closes_at}))
        steps.close_when_all_voted(this, poll)
    return left


def _sorted_out(this: Act, poll: Poll, ballots: Sequence[Ballot]) -> tuple[dict[str, Choice], list[Left]]:
    """Ask the rule about every ballot: what may go into the box, and what may not."""
    voters = [ballot.voter for ballot in ballots]
    most_ranks = BOXES[poll.box].most_ranks(poll)
    on_roll = Voter.objects.filter(poll=poll, member__in=voters)
    roll = dict(on_roll.values_list("member", "member__standing"))
    others = Member.objects.filter(organisation=this.organisation_id, pk__in=set(voters) - roll.keys())
    standing = roll | dict(others.values_list("pk", "standing"))
    voted = set(OpenBallot.objects.filter(poll=poll, voter__in=voters).values_list("voter", flat=True))
    voted |= set(on_roll.filter(marked=True).values_list("member", flat=True))
    wanted: dict[str, Choice] = {}
    left: list[Left] = []
    for ballot in ballots:
        facts = rules.Voting(
            is_member=standing.get(ballot.voter) == Standing.MEMBER,
            on_roll=ballot.voter in roll,
            has_voted=ballot.voter in voted or ballot.voter in wanted,
            is_open=poll.state == "open",
            opens_at=poll.opens_at,
            closes_at=poll.closes_at,
        )
        why = rules.may_vote(facts, at=this.at)
        if why is None:
            try:
                wanted[ballot.voter] = choose(
                    poll.form,
                    poll.options,
                    option=ballot.choice,
                    ranking=ballot.ranking,
                    most_ranks=most_ranks,
                )
            except Unusable as error:
                why = Refusal(error.code, rules.ARTICLE)
        if why is not None:
            left.append(Left(ballot.voter, why))
    return wanted, left


def _in_turn(ballots: Iterable[Ballot]) -> Iterator[list[Ballot]]:
    coming = iter(ballots)
    while some := list(islice(coming, AT_ONCE)):
        yield some
