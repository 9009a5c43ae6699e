# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did issues end without a vote only where no draft was left to vote on?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import options
from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Mark

QUESTION = (
    "Did every issue that ended for want of a draft end with the reply, with no text left for the vote?"
)
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Nobody lets a matter die that members brought up: once it is talked over, only its movers end it."""
    for issue in audit.state.issues.values():
        if issue.lapsed is not None and issue.lapsed_why == "no-draft":
            yield from _no_draft(audit, issue, issue.lapsed)


def _no_draft(audit: Audit, issue: Issue, lapsed: Mark) -> Iterator[Finding]:
    stage = issue.stage_at(lapsed.position)
    if stage is None or stage.name != "reply" or issue.lapsed_due != stage.ends_at:
        yield _found.breach(
            lapsed.position, issue.id, f"{issue.id} lapsed for want of a draft before the end of the reply."
        )
    left = options(audit, issue, lapsed)
    if left:
        yield _found.breach(
            lapsed.position, issue.id,
            f"{issue.id} lapsed for want of a draft, and {left[0].draft} was left for the vote.",
        )  # fmt: skip
