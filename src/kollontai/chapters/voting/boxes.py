# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballot boxes: one interface, whatever the box hides.

An open box keeps each ballot with its voter and shows all of them when the poll closes. Later boxes keep
the same interface: a roll call shows choices at once; a separated box keeps ticks and ballots apart; a
sealed one keeps what nobody can open alone. No box stores a secret ballot in clear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from kollontai.chapters.record.act import Act, Refusal, require
from kollontai.chapters.record.models import Content
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

    def put_each(self, this: Act, poll: Poll, choices: Mapping[str, Choice]) -> None:
        """Take in the ballots of several voters at once, all or none."""
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
        _take_in(this, poll, {this.actor: held})
        return Receipt(this.actor, held.commitment)

    def put_each(self, this: Act, poll: Poll, choices: Mapping[str, Choice]) -> None:
        """Record for each that they voted; hold the choices back until the close."""
        texts = {voter: {"choice": choice.text()} for voter, choice in choices.items()}
        held = this.record_each(BallotCast(poll=poll.pk), held_until=poll.pk, texts=texts)
        _take_in(this, poll, {voter: contents["choice"] for voter, contents in held.items()})

    def how_many(self, poll: Poll) -> int:
        """Count the rows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM voting_openballot WHERE poll_id = %s", [poll.pk])
            return int(cursor.fetchone()[0])

    def take_out(self, poll: Poll) -> Iterator[Choice]:
        """Every choice, by voter."""
        ballots = OpenBallot.objects.filter(poll=poll).select_related("choice").order_by("voter")
        for ballot in ballots.iterator(chunk_size=500):
            yield read(poll.form, poll.options, str(ballot.choice))

    def publish(self, this: Act, poll: Poll) -> None:
        """Release what was held until now, all in one moment."""
        this.release(poll.pk)


def _take_in(this: Act, poll: Poll, held: Mapping[str, Content]) -> None:
    """Write the rows that keep ballots single, by hand: this is done more often than anything else."""
    at = connection.ops.adapt_datetimefield_value(this.at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO voting_openballot (organisation_id, poll_id, voter_id, choice_id, at) VALUES "  # noqa: S608
            f"{', '.join(['(%s, %s, %s, %s, %s)'] * len(held))} ON CONFLICT (poll_id, voter_id) DO NOTHING",
            [
                value
                for voter, choice in held.items()
                for value in (this.organisation_id, poll.pk, voter, choice.pk, at)
            ],
        )
        new = cursor.rowcount
    if new != len(held):  # two windows at once: the row of the first stands, this act is undone
        require(Refusal("already-voted", 12))


BOXES: dict[str, Box] = {"open": OpenBox()}
"""Every kind of box there is, by the name its polls carry."""
