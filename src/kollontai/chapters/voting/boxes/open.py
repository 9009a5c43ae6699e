# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open boxes: names and choices together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kollontai.chapters.record.act import Act, FrameError, Refusal, require
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
