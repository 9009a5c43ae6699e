# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stand behind bringing an issue up."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, rules, steps
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import Supporter
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.issues import IssueSupported


@act(locks=lambda given: on_issue(given["issue_id"]))
def support_issue(this: Act, *, issue_id: str) -> Supporter:
    """Stand behind an issue; with the last supporter needed the members' talk begins. Article 2."""
    issue = the_issue(this, issue_id)
    require(rules.may_support(facts.supporting(issue, the_actor(this), at=this.at), at=this.at))

    supporter = steps.support_issue(this, issue, this.actor)
    this.record(IssueSupported(issue=issue.pk))
    steps.begin_talk_when_enough(this, issue)
    return supporter
