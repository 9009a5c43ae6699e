# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock ends an issue that nobody stood behind."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import steps
from kollontai.chapters.deliberation.finding import the_issue
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.lapse")
def lapse(this: Act, *, subject: str, due: datetime) -> None:
    """Let an issue lapse in public when too few stood behind it in its time. Article 2.

    Sealed statements on it open too: what was lodged is always opened.
    """
    this.lock(f"issue:{subject}")
    issue = the_issue(this, subject)
    if Stage(issue.stage) is Stage.GATHERING:
        steps.lapse(this, issue, why="no-supporters", due=due)
        steps.open_statements(this, issue, due=due)
