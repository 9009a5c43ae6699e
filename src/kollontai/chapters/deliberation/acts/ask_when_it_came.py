# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock asks, after a shortened issue, when the letter came."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import hastening
from kollontai.chapters.deliberation.finding import the_issue
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.ask_when_it_came")
def ask_when_it_came(this: Act, *, subject: str, due: datetime) -> None:
    """Put the question before the members when a letter came by which they shortened. Article 2.

    It is an issue like any other, in the members' talk at once, whatever the shortened one came to.
    """
    this.lock("issues")
    issue = the_issue(this, subject)
    if issue.shortened_at is not None and issue.ended_at is not None:
        hastening.put_review(this, issue, due=due)
