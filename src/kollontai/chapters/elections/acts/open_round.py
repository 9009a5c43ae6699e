# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock opens nominations again for seats for which nobody stood."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import steps
from kollontai.chapters.elections.models import Election
from kollontai.chapters.elections.rules import State
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.open_round")
def open_round(this: Act, *, subject: str, due: datetime) -> None:
    """Open nominations again some weeks after a round that left seats without anybody. Article 1."""
    election = (
        Election.objects.select_related("post__unit", "post__title")
        .filter(organisation=this.organisation_id, pk=subject)
        .first()
    )
    if election is None:
        return
    seats = election.seats if election.state == State.EMPTY else election.unfilled
    steps.open_again(this, election, seats=seats, due=due)
