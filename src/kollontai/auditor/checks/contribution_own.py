# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did nobody change or take back another's words?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Version

QUESTION = "Is every new version, and every withdrawal, by the author, and every version numbered in order?"
ARTICLE = 7
EVIDENCE = proved()
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Nobody edits the words of another; one's own change visibly, version by version."""
    for contribution in audit.state.contributions.values():
        (number, mark, _, text), *more = contribution.versions
        if more or number != 1 or mark.actor != contribution.author or text is None:
            hand = contribution.written_by
            yield from _versions(contribution.id, contribution.author, contribution.versions, hand=hand)
    for draft in audit.state.drafts.values():
        yield from _versions(draft.id, draft.mover, draft.versions)
        if draft.withdrawn is not None and draft.withdrawn.actor != draft.mover:
            yield _found.breach(
                draft.withdrawn.position,
                draft.id,
                f"{draft.withdrawn.actor} withdrew a draft of {draft.mover}.",
            )


def _versions(subject: str, author: str, versions: list[Version], *, hand: str = "") -> Iterator[Finding]:
    """`hand`: who put the first version down, where another than its author did."""
    for number, version in enumerate(versions, 1):
        at = version.mark.position
        if version.mark.actor != (hand if hand and number == 1 else author):
            yield _found.breach(at, subject, f"{version.mark.actor} changed the words of {author}.")
        if version.number != number:
            yield _found.breach(at, subject, f"This is version {number} and calls itself {version.number}.")
        if version.text is None:
            yield _found.breach(at, subject, f"Version {number} of {subject} has no words.")
