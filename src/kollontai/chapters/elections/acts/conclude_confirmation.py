# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock closes a confirmation and seats who was confirmed."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.models import Claim
from kollontai.chapters.bodies.rules import Held
from kollontai.chapters.elections import rules
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting import steps as voting


@clock_act("elections.conclude_confirmation")
def conclude_confirmation(this: Act, *, subject: str, due: datetime) -> None:
    """Count a confirmation; more yes than no seats the person until a day that is known. Article 1."""
    claim = (
        Claim.objects.select_related("post", "member")
        .filter(organisation=this.organisation_id, poll=subject, outcome="")
        .first()
    )
    if claim is None:
        return
    counted = voting.close(this, subject, due=due)
    founded_at = this.organisation.founded_at
    assert founded_at is not None
    if rules.is_seated(outcome=counted.outcome, standing=claim.member.standing):
        claim.outcome = "confirmed"
        ends_at = rules.ends_at(
            old_end=claim.old_end, founded_at=founded_at, limits=limits_now(this.organisation_id)
        )
        held = Held(claim.post.leading, claim.post.pay, claim.post.duty)
        bodies.begin_term(
            this,
            post=claim.post,
            held=held,
            member=claim.member,
            poll_id=subject,
            how="confirmed",
            ends_at=ends_at,
        )
    else:
        claim.outcome = "unconfirmed"
        bodies.leave_vacant(this, claim)
    claim.save(update_fields=["outcome"])
    if not Claim.objects.filter(post=claim.post, outcome="").exists():
        this.deadline("elections.open_for_new_seats", subject=claim.post_id, due=this.at)
