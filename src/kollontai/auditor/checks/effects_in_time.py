# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were effects fixed when the members' talk ended?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.effects import fixed_for, is_part_of, said_by
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Effects, Issue

QUESTION = "Does no draft of the leaders' stage or the reply change what no draft of the talk would change?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("effects that were declared when they could no longer be talked over",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """From the leaders' stage on a draft declares what one draft declared when the talk ended, or less."""
    for issue in audit.state.issues.values():
        for draft in map(audit.state.drafts.__getitem__, issue.drafts):
            for effects in draft.effects:
                stage = issue.stage_at(effects.mark.position)
                if stage is not None and stage.name != "talk":
                    yield from _late(audit, issue, effects)


def _late(audit: Audit, issue: Issue, effects: Effects) -> Iterator[Finding]:
    fixed = fixed_for(audit, issue)
    said = said_by(audit, effects)
    wholes = [said_by(audit, one) for one in fixed]
    known = any(
        is_part_of(said, whole) if said is not None and whole is not None
        else Counter(effects.what) <= Counter(one.what)
        for one, whole in zip(fixed, wholes, strict=True)
    )  # fmt: skip
    if effects.what and not known:
        yield _found.breach(
            effects.mark.position, issue.id,
            f"A draft on {issue.id} declared effects that no draft had when the members' talk ended.",
        )  # fmt: skip
