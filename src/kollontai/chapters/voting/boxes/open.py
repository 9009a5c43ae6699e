# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open boxes: names and choices together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import connection

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.act import Act, FrameError, Refusal, Refused
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting.boxes.box import Emptied, Receipt
from kollontai.chapters.voting.choices import Choice, read
from kollontai.chapters.voting.models import OpenBallot, Poll
from kollontai.openrecord.kinds.polls import BallotCast


class OpenBox:
    """Names and choices together, seen by all when the poll closes and by nobody before."""

    def most_ranks(self, poll: Poll) -> int | None:
        """As many as there are options."""
        return None

    def put(self, this: Act, poll: Poll, choice: Choice, *, code: str = "") -> Receipt:
        """Record that somebody voted; hold the choice back until the close."""
        held = this.record_beside(
            BallotCast(poll=poll.pk), "voting_openballot", "choice_id",
            {
                "organisation_id": this.organisation_id, "poll_id": poll.pk, "voter_id": this.actor,
                "at": connection.ops.adapt_datetimefield_value(this.at),
            },
            held_until=poll.pk, choice=choice.text(),
        )  # fmt: skip
        if held is None:  # two windows at once: the row of the first stands, this act is undone
            raise Refused(_TWICE)
        return Receipt(this.actor, held.commitment)

    def put_each(self, this: Act, poll: Poll, choices: Mapping[str, Choice]) -> None:
        """Record for each that they voted; hold the choices back until the close."""
        texts = {voter: {"choice": choice.text()} for voter, choice in choices.items()}
        held = this.record_each(BallotCast(poll=poll.pk), held_until=poll.pk, texts=texts)
        _take_in(this, poll, {voter: contents["choice"] for voter, contents in held.items()})

    def how_many(self, poll: Poll) -> int:
        """Count the rows."""
        [(many,)] = by_hand.rows("SELECT COUNT(*) FROM voting_openballot WHERE poll_id = %s", [poll.pk])
        return int(many)

    def empty(self, this: Act, poll: Poll) -> Emptied:
        """Every choice, by voter; released in one moment."""
        this.release(poll.pk)
        choices = tuple(self._take_out(poll))
        return Emptied(choices, len(choices))

    def _take_out(self, poll: Poll) -> Iterator[Choice]:
        ballots = OpenBallot.objects.filter(poll=poll).select_related("choice").order_by("voter")
        for ballot in ballots.iterator(chunk_size=500):
            yield read(poll.form, poll.options, str(ballot.choice))

    def publish(self, this: Act, poll: Poll, emptied: Emptied) -> None:
        """Nothing more: the choices were released before they were counted."""

    def annul(self, this: Act, poll: Poll, why: str, due: datetime) -> None:
        """Nothing can be lost from an open box but by hand."""
        raise FrameError(f"The open box of {poll.pk} is spoilt: {why}.")


def _take_in(this: Act, poll: Poll, held: Mapping[str, Content]) -> None:
    """Write the rows that keep ballots single."""
    at = connection.ops.adapt_datetimefield_value(this.at)
    new = by_hand.change(
        "INSERT INTO voting_openballot (organisation_id, poll_id, voter_id, choice_id, at) VALUES "  # noqa: S608
        f"{', '.join(['(%s, %s, %s, %s, %s)'] * len(held))} ON CONFLICT (poll_id, voter_id) DO NOTHING",
        [
            value
            for voter, choice in held.items()
            for value in (this.organisation_id, poll.pk, voter, choice.pk, at)
        ],
    )
    if new != len(held):
        raise Refused(_TWICE)


_TWICE = Refusal("already-voted", 12)
