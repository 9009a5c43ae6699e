# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every letter from outside posted within a day, while it could matter?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.words_in_their_stage import stranger
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "Was every letter posted within 24 hours of its arrival, before the decision?"
ARTICLE = 2
EVIDENCE = attested("whoever received the letter", limit="When a letter came is what its receiver says.")
FINDS = ()

_found = Finder(__name__, ARTICLE)
WITHIN = timedelta(hours=24)


def check(audit: Audit) -> Iterator[Finding]:
    """Whole, without comment, at any stage before the end."""
    for letter in audit.state.letters.values():
        posted, issue = letter.posted, audit.state.issues[letter.issue]
        if not timedelta(0) <= posted.at - letter.received_at <= WITHIN:
            yield _found.breach(
                posted.position, letter.id,
                f"{posted.actor} posted a letter that came at {letter.received_at:%Y-%m-%d %H:%M}; it "
                f"is posted within 24 hours.",
            )  # fmt: skip
        if issue.ended is not None and issue.ended.position < posted.position:
            yield _found.breach(
                posted.position, letter.id, f"A letter was posted after {issue.id} had ended."
            )
        if stranger(audit, issue, posted.actor, posted):
            yield _found.breach(
                posted.position, letter.id, f"{posted.actor} posted a letter on {issue.id} of another unit."
            )
        if letter.text is None:
            yield _found.breach(posted.position, letter.id, "A letter was posted without its text.")
