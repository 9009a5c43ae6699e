# SPDX-License-Identifier: AGPL-3.0-or-later
"""Step back from an issue that still gathers."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Supporter
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.issues import IssueSupportWithdrawn


@act(locks=lambda given: on_issue(given["issue_id"]))
def withdraw_support(this: Act, *, issue_id: str) -> None:
    """No longer stand behind an issue, as long as it gathers. Article 2."""
    issue = the_issue(this, issue_id)
    require(rules.may_withdraw_support(facts.supporting(issue, the_actor(this), at=this.at), at=this.at))

    Supporter.objects.filter(issue=issue, member=this.actor).update(withdrawn_at=this.at)
    this.record(IssueSupportWithdrawn(issue=issue.pk))
