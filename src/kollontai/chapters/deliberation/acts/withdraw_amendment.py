# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take an own amendment back."""

from __future__ import annotations

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment
from kollontai.chapters.deliberation.models import Amendment
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.amendments import AmendmentWithdrawn


@act(locks=lambda given: on_issue_of(Amendment, given["amendment_id"]))
def withdraw_amendment(this: Act, *, amendment_id: str) -> Amendment:
    """Take one's own amendment back, until the vote opens. Article 2."""
    amendment = the_amendment(this, amendment_id)
    require(rules.may_withdraw_amendment(facts.doing(amendment, the_actor(this), at=this.at), at=this.at))

    amendment.withdrawn_at = this.at
    amendment.save(update_fields=["withdrawn_at"])
    this.record(AmendmentWithdrawn(amendment=amendment.pk, issue=amendment.issue_id))
    return amendment
