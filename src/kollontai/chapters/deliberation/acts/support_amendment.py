# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stand behind an amendment."""

from __future__ import annotations

from kollontai.chapters.deliberation import amendment_facts as facts
from kollontai.chapters.deliberation import amendment_rules as rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_amendment
from kollontai.chapters.deliberation.models import Amendment, AmendmentSupporter
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.amendments import AmendmentSupported


@act(locks=lambda given: on_issue_of(Amendment, given["amendment_id"]))
def support_amendment(this: Act, *, amendment_id: str) -> AmendmentSupporter:
    """Stand behind bringing an amendment to the vote, should it not be accepted. Article 2."""
    amendment = the_amendment(this, amendment_id)
    require(rules.may_support_amendment(facts.doing(amendment, the_actor(this), at=this.at), at=this.at))

    supporter = AmendmentSupporter.objects.create(
        organisation_id=this.organisation_id, amendment=amendment, member_id=this.actor, at=this.at
    )
    this.record(AmendmentSupported(amendment=amendment.pk, issue=amendment.issue_id))
    return supporter
