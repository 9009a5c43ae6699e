# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock puts those who held posts before the founding to the members."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies.models import Claim
from kollontai.chapters.charter.calendar import next_begins, phase_end
from kollontai.chapters.elections import papers, rules
from kollontai.chapters.members import queries as members
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting import steps as voting


@clock_act("elections.open_confirmations")
def open_confirmations(this: Act, *, subject: str, due: datetime) -> None:
    """Open a yes/no vote on each person who was entered for a post, at the founding and once. Article 1."""
    this.lock("joining")
    claims = Claim.objects.filter(organisation=this.organisation_id, poll="", outcome="")
    days = members.limits_now(this.organisation_id)["F.confirm"]
    closes_at = phase_end(next_begins(due, this.at), days, this.organisation.zone)
    for claim in claims.select_related("post__unit", "post__title", "member__name", "minutes").order_by("pk"):
        unit = claim.post.unit
        poll = voting.open_poll(
            this,
            about="confirmation",
            subject=claim.post_id,
            unit=unit,
            form="yes_no",
            options=rules.OPTIONS,
            status_quo=None,
            paper=papers.confirmation(claim),
            roll=sorted(members.accepted_in(unit).values_list("pk", flat=True)),
            quorum_bp=0,
            majority=rules.MAJORITY,
            more_than=True,
            closes_at=closes_at,
            close_act="elections.conclude_confirmation",
            due=due,
        )
        claim.poll = poll.pk
        claim.save(update_fields=["poll"])
