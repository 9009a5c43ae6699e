# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock turns the stages of an issue."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import steps
from kollontai.chapters.deliberation.finding import the_issue
from kollontai.chapters.deliberation.stages import NEXT, TIMED, Stage
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.advance")
def advance(this: Act, *, subject: str, due: datetime) -> None:
    """Turn an issue to its next stage when the present one is over. Article 2.

    When the leaders answer, sealed statements open. When the reply is over, the drafts are frozen and
    the vote opens.
    """
    this.lock(f"issue:{subject}")
    issue = the_issue(this, subject)
    stage = Stage(issue.stage)
    if stage not in TIMED or stage is Stage.VOTE or issue.stage_ends_at != due:
        return
    following = NEXT[stage]
    if following is Stage.VOTE:
        steps.open_vote_or_lapse(this, issue, due=due)
        return
    steps.begin_stage(this, issue, following, due=due)
    if following is Stage.ANSWER:
        steps.open_statements(this, issue, due=due)
