# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock lets the terms of those elected begin."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import steps
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.seat")
def seat_elected(this: Act, *, subject: str, due: datetime) -> None:
    """Let the terms of those elected begin on the day on which their seats are free. Article 1."""
    election = (
        Election.objects.select_related("post__unit", "post__title")
        .filter(organisation=this.organisation_id, pk=subject)
        .first()
    )
    if election is not None:
        steps.seat(this, election, election.elected, due=due)
