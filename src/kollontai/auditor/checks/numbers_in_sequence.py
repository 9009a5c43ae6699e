# SPDX-License-Identifier: AGPL-3.0-or-later
"""Are issues numbered one after the other, none missing?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding

QUESTION = "Does each issue have the number after the last?"
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """A gap would be an issue that somebody made away with."""
    for number, issue in enumerate(audit.state.issues.values(), 1):
        if issue.number != number:
            yield _found.breach(
                issue.raised.position,
                issue.id,
                f"The issue after number {number - 1} bears the number {issue.number}.",
            )
