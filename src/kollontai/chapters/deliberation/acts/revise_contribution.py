# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put own words anew."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_contribution
from kollontai.chapters.deliberation.models import Contribution, ContributionVersion
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.talk import ContributionRevised


@act(locks=lambda given: on_issue_of(Contribution, given["contribution_id"]))
def revise_contribution(this: Act, *, contribution_id: str, text: str) -> Contribution:
    """Put one's own words anew, as a version that all can see beside the earlier ones. Article 7."""
    text = rules.tidy(text)
    contribution = the_contribution(this, contribution_id)
    require(rules.may_revise(facts.revising(contribution, the_actor(this), at=this.at), at=this.at))
    require(rules.usable_text(text) if contribution.form == "voice" else rules.usable_fact(text))

    contribution.version += 1
    contribution.save(update_fields=["version"])
    fact = ContributionRevised(
        contribution=contribution.pk, issue=contribution.issue_id, version=contribution.version
    )
    words = this.record(fact, text=text)
    ContributionVersion.objects.create(
        organisation_id=this.organisation_id,
        contribution=contribution,
        version=contribution.version,
        at=this.at,
        **words,
    )
    return contribution
