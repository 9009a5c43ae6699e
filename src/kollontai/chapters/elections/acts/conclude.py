# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock closes the vote of an election and seats whom it elected."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import steps
from kollontai.chapters.elections.models import Election
from kollontai.chapters.elections.rules import State
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting import steps as voting


@clock_act("elections.conclude")
def conclude(this: Act, *, subject: str, due: datetime) -> None:
    """Count an election; the count itself seats people, and no other door exists. Article 1.

    A box that cannot be counted is annulled in public, and the vote opens anew with the same candidates.
    Where none of them is left, the election is annulled too, and nominations open again at once.
    """
    election = (
        Election.objects.select_related("post__unit", "post__title", "organisation")
        .filter(organisation=this.organisation_id, poll=subject, state=State.VOTING)
        .first()
    )
    if election is None:
        return
    counted = voting.close(this, subject, due=due)
    if counted.lost:
        if steps.open_vote(this, election, due=due) is None:
            steps.annul(this, election, counted.poll, due=due)
        return
    steps.decide(this, election, counted, due=due)
