# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballot boxes: one interface, whatever the box hides.

An open box keeps each ballot with its voter and shows all of them when the poll closes. Later boxes keep
the same interface: a roll call shows choices at once; a separated box keeps ticks and ballots apart; a
sealed one keeps what nobody can open alone. No box stores a secret ballot in clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kollontai.chapters.record.act import Act, Refusal, require
from kollontai.chapters.voting.choices import Choice, read
from kollontai.chapters.voting.models import OpenBallot, Poll
from kollontai.openrecord.kinds.polls import BallotCast


@dataclass(frozen=True)
class Receipt:
    """What a voter takes home from a box."""

    voter: str
    commitment: str


class Box(Protocol):
    """What every box can do."""

    def put(self, this: Act, poll: Poll, choice: Choice) -> Receipt:
        """Take in the ballot of the acting member, once."""
        ...

    def how_many(self, poll: Poll) -> int:
        """Count the ballots without looking at them."""
        ...

    def take_out(self, poll: Poll) -> Iterator[Choice]:
        """Open the box: every ballot, in an order that tells nothing new."""
        ...

    def publish(self, this: Act, poll: Poll) -> None:
        """Let everybody see what may now be seen."""
        ...


class OpenBox:
    """Names and choices together, seen by all when the poll closes and by nobody before."""

    def put(self, this: Act, poll: Poll, choice: Choice) -> Receipt:
        """Record that somebody voted; hold the choice back until the close."""
        held = this.record(BallotCast(poll=poll.pk), held_until=poll.pk, choice=choice.text())["choice"]
        _, new = OpenBallot.objects.get_or_create(
            poll=poll,
            voter_id=this.actor,
            defaults={"organisation_id": this.organisation_id, "choice": held, "at": this.at},
        )
        if not new:  # two windows at once: the row of the first stands, this act is undone
            require(Refusal("already-voted", 12))
        return Receipt(this.actor, held.commitment)

    def how_many(self, poll: Poll) -> int:
        """Count the rows."""
        return OpenBallot.objects.filter(poll=poll).count()

    def take_out(self, poll: Poll) -> Iterator[Choice]:
        """Every choice, by voter."""
        ballots = OpenBallot.objects.filter(poll=poll).select_related("choice").order_by("voter")
        for ballot in ballots.iterator(chunk_size=500):
            yield read(poll.form, poll.options, str(ballot.choice))

    def publish(self, this: Act, poll: Poll) -> None:
        """Release what was held until now, all in one moment."""
        this.release(poll.pk)


BOXES: dict[str, Box] = {"open": OpenBox()}
"""Every kind of box there is, by the name its polls carry."""
