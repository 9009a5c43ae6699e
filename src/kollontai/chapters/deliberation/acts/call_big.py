# SPDX-License-Identifier: AGPL-3.0-or-later
"""Call a matter a big decision."""

from __future__ import annotations

from kollontai.chapters.deliberation import classes, weighing
from kollontai.chapters.deliberation.finding import on_issue, the_actor, the_issue
from kollontai.chapters.deliberation.models import BigCall
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.charter import IssueCalledBig


@act(locks=lambda given: on_issue(given["issue_id"]))
def call_big(this: Act, *, issue_id: str) -> BigCall:
    """Say in the first days of the members' talk that a matter is a big decision. Article 2.

    With as many members as an item needs it is one, and the talk begins anew with its full time.
    """
    issue = the_issue(this, issue_id)
    require(classes.may_call_big(weighing.calling(issue, the_actor(this), at=this.at), at=this.at))

    call = BigCall.objects.create(
        organisation_id=this.organisation_id, issue=issue, member_id=this.actor, at=this.at
    )
    this.record(IssueCalledBig(issue=issue.pk))
    weighing.make_big_when_enough(this, issue)
    return call
