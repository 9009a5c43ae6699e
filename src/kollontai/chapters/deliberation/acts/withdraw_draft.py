# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take an own draft back."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue_of, the_actor, the_draft
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.issues import DraftWithdrawn


@act(locks=lambda given: on_issue_of(Draft, given["draft_id"]))
def withdraw_draft(this: Act, *, draft_id: str) -> Draft:
    """Take one's own draft back, until the vote opens. Article 2."""
    draft = the_draft(this, draft_id)
    require(
        rules.may_withdraw_draft(facts.drafting(draft.issue, the_actor(this), draft, at=this.at), at=this.at)
    )

    draft.withdrawn_at = this.at
    draft.save(update_fields=["withdrawn_at"])
    this.record(DraftWithdrawn(draft=draft.pk, issue=draft.issue_id))
    return draft
