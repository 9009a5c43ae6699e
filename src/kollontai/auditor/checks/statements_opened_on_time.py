# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the clock open every sealed statement when the leaders' stage began, and none before?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding

QUESTION = "Was every sealed statement opened by the clock at the start of the leaders' stage?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("words of a leader before their time",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Nobody opens a statement and nobody stops its opening."""
    for statement in audit.state.statements.values():
        issue = audit.state.issues[statement.issue]
        answer, opened = issue.stage("answer"), statement.opened
        if opened is None:
            ended = answer.mark if answer is not None else issue.lapsed
            if ended is not None:
                yield _found.breach(
                    ended.position,
                    statement.id,
                    f"The statement of {statement.author} on {issue.id} was not opened.",
                )
            continue
        if issue.lapsed is not None and not issue.stages:  # what was lodged is opened all the same
            if opened.at != issue.lapsed.at or statement.opened_due != issue.lapsed_due:
                yield _found.breach(
                    opened.position, statement.id, "A sealed statement was not opened as its issue lapsed."
                )
            continue
        talk = issue.stage("talk")
        if talk is None or answer is None or opened.at < talk.ends_at:
            yield _found.breach(
                opened.position, statement.id, "A sealed statement was opened before the leaders' stage."
            )
            continue
        if opened.actor != "clock":
            yield _found.breach(
                opened.position, statement.id, f"{opened.actor} opened a statement; only the clock does."
            )
        if statement.opened_due != talk.ends_at or opened.at != answer.mark.at:
            yield _found.breach(
                opened.position,
                statement.id,
                f"The statement of {statement.author} was not opened with the leaders' stage.",
            )
