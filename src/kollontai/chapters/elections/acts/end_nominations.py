# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock closes nominations and opens the vote."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.elections import rules, steps
from kollontai.chapters.elections.models import Election
from kollontai.chapters.elections.rules import State
from kollontai.chapters.record.act import Act, clock_act
from kollontai.openrecord.kinds.elections import ElectionEmpty


@clock_act("elections.end_nominations")
def end_nominations(this: Act, *, subject: str, due: datetime) -> None:
    """Open the secret ballot on everybody who stands, also where no more stand than seats. Article 1.

    Where nobody stands, nominations open again some weeks later; after two such rounds the members are
    asked whether to drop the post.
    """
    this.lock("joining", f"election:{subject}")
    election = (
        Election.objects.select_related("post__unit", "post__title", "organisation")
        .filter(organisation=this.organisation_id, pk=subject, state=State.NOMINATIONS)
        .first()
    )
    if election is None or this.at < election.closes_at:  # another seat joined it
        return
    if election.post.ended_at is None and steps.open_vote(this, election, due=due) is not None:
        return
    election.state = State.EMPTY
    election.save(update_fields=["state"])
    this.record(ElectionEmpty(election=election.pk, due=due))
    if election.post.ended_at is not None:
        return
    rounds = rules.empty_rounds(steps.earlier_states(election))
    if rounds and rounds % election.limits["N.rounds"] == 0:
        this.deadline("deliberation.put_nobody_stands", subject=election.post_id, due=this.at)
    this.deadline("elections.open_round", subject=election.pk, due=this.at + election.limits["N.again"] * DAY)
