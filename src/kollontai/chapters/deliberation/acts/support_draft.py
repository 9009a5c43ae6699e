# SPDX-License-Identifier: AGPL-3.0-or-later
"""Want a draft on the ballot."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_draft
from kollontai.chapters.deliberation.models import Draft, DraftSupporter
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.issues import DraftSupported


@act(locks=lambda given: on_issue_of(Draft, given["draft_id"]))
def support_draft(this: Act, *, draft_id: str) -> DraftSupporter:
    """Stand behind bringing a draft to the vote. Article 2."""
    draft = the_draft(this, draft_id)
    require(
        rules.may_support_draft(facts.drafting(draft.issue, the_actor(this), draft, at=this.at), at=this.at)
    )

    supporter = DraftSupporter.objects.create(
        organisation_id=this.organisation_id, draft=draft, member_id=this.actor, at=this.at
    )
    this.record(DraftSupported(draft=draft.pk, issue=draft.issue_id))
    return supporter
