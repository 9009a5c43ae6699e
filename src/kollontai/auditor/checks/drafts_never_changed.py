# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were there drafts whose words never moved while members argued?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding

QUESTION = "Did members argue over a draft that never changed and had no other beside it?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("drafts that never changed while members argued",)

_found = Finder(__name__, ARTICLE)

ARGUED = 5
"""Contributions from which on one may speak of an argument."""


def check(audit: Audit) -> Iterator[Finding]:
    """No breach: a good text may need no change. A ready-made one shows so too."""
    for issue in audit.state.issues.values():
        vote = issue.stage("vote")
        if vote is None or len(issue.contributions) < ARGUED:
            continue
        drafts = [audit.state.drafts[draft_id] for draft_id in issue.drafts]
        if len(drafts) == 1 and len(drafts[0].versions) == 1:
            yield _found.observe(
                vote.mark.position, issue.id,
                f"Members spoke {len(issue.contributions)} times on {issue.id}, and its only draft "
                f"never changed.",
            )  # fmt: skip
