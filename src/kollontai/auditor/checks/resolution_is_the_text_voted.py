# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is every text in force the one that was voted, to the letter?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.decision_follows_count import made_of, winner
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Resolution

QUESTION = "Is every text in force the one that carried: a draft in its last version, or as amended?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The commitment of the text in force is the commitment of the text on the paper."""
    seen: set[str] = set()
    for resolution in audit.state.resolutions.values():
        yield from _look(audit, resolution)
        if resolution.issue in seen:
            yield _found.breach(
                resolution.mark.position,
                resolution.id,
                f"{resolution.issue} has brought a second resolution into force.",
            )
        seen.add(resolution.issue)


def _look(audit: Audit, resolution: Resolution) -> Iterator[Finding]:
    at = resolution.mark.position
    issue = audit.state.issues[resolution.issue]
    poll = audit.state.polls.get(resolution.poll)
    if poll is None or poll.subject != issue.id or poll.counted is None or poll.counted.position > at:
        yield _found.breach(at, resolution.id, f"A text on {issue.id} is in force without a counted vote.")
        return
    carried = winner(audit, issue, poll)
    alternative = audit.state.alternatives.get(resolution.alternative or "")
    if carried is None or made_of(audit, carried) != (resolution.draft, resolution.alternative):
        in_force = resolution.alternative or resolution.draft
        yield _found.breach(
            at, resolution.id, f"{in_force} is in force; the vote carried {carried or 'nothing'}."
        )
    draft = audit.state.drafts.get(resolution.draft)
    if draft is None:
        yield _found.breach(at, resolution.id, f"The text in force belongs to no draft, {resolution.draft}.")
        return
    text = alternative.text if alternative else draft.version_at(poll.opened.position).text
    if text is None or text.hex() != resolution.text_commitment:
        yield _found.breach(
            at, resolution.id, f"The text in force on {issue.id} is not the one that was voted."
        )
    if resolution.mark.at != poll.counted.at:
        yield _found.breach(
            at, resolution.id, f"The text on {issue.id} did not come into force with the count."
        )
