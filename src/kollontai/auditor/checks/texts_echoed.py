# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did a leader say nearly word for word what a member had said before?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Issue, Mark

QUESTION = "Is there a text of a member on an issue, and later nearly the same text of a leader?"
ARTICLE = 2
EVIDENCE = proved(limit="That two texts are alike does not say who wrote the first.")
FINDS = ("a text of a member followed by nearly the same text of a leader",)

_found = Finder(__name__, ARTICLE)

ALIKE = 0.6
"""Share of five-word sequences of the shorter text that both have."""
LEAST_WORDS = 25
MOST_TEXTS = 2_000
MOST_BYTES = 20_000
_RUN = 5
_WORD = re.compile(r"\w+")


def check(audit: Audit) -> Iterator[Finding]:
    """Compared are sequences of five words; issues without leaders' words are passed over."""
    if not audit.leadership.anybody:
        return
    for issue in audit.state.issues.values():
        texts = _texts(audit, issue)
        leaders = [text for text in texts if text[3]]
        if not leaders:
            continue
        members = [(mark, author, runs) for mark, author, runs in _runs(audit, texts, leading=False)]
        for mark, author, runs in _runs(audit, texts, leading=True):
            for earlier, member, theirs in members:
                shorter = min(len(runs), len(theirs))
                if (
                    earlier.position < mark.position
                    and member != author
                    and len(runs & theirs) >= ALIKE * shorter
                ):
                    yield _found.observe(
                        mark.position, issue.id,
                        f"{author}, a leader on {issue.id}, says nearly what {member} had said in entry "
                        f"{earlier.position}.",
                    )  # fmt: skip
                    break


def _texts(audit: Audit, issue: Issue) -> list[tuple[Mark, str, bytes, bool]]:
    """Everything said or drafted on an issue: when, by whom, which words, and whether by a leader."""
    found = []
    for contribution_id in issue.contributions[:MOST_TEXTS]:
        contribution = audit.state.contributions[contribution_id]
        for version in contribution.versions:
            if version.text is not None and contribution.form == "voice":
                leads = audit.leads(contribution.author, issue, version.mark)
                found.append((version.mark, contribution.author, version.text, leads))
    for draft_id in issue.drafts:
        draft = audit.state.drafts[draft_id]
        for version in draft.versions:
            if version.text is not None:
                found.append(
                    (version.mark, draft.mover, version.text, audit.leads(draft.mover, issue, version.mark))
                )
    for statement_id in issue.statements:
        statement = audit.state.statements[statement_id]
        if statement.text is not None:
            mark = statement.opened or statement.sealed
            found.append((mark, statement.author, statement.text, True))
    return found


def _runs(
    audit: Audit, texts: list[tuple[Mark, str, bytes, bool]], *, leading: bool
) -> Iterator[tuple[Mark, str, set[int]]]:
    for mark, author, commitment, leads in texts:
        value = audit.contents.value(commitment) if leads == leading else None
        if value is None:
            continue
        words = _WORD.findall(value[:MOST_BYTES].decode("utf-8", "replace").casefold())
        if len(words) >= LEAST_WORDS:
            yield mark, author, {hash(tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1)}
