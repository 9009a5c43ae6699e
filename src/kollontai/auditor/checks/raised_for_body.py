# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did whoever raised an issue in the name of a body hold a post in it then?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Mark

QUESTION = "Was every issue in the name of a body raised by one of its holders, in the same act, briefly?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("words in the name of a body by somebody who held no post in it",)

_found = Finder(__name__, ARTICLE)
MOST = 2_000


def check(audit: Audit) -> Iterator[Finding]:
    """By whom, when, in which body, and how long."""
    for issue in audit.state.issues.values():
        if issue.raised_for is not None:
            yield from _raised(audit, issue, *issue.raised_for)


def _raised(audit: Audit, issue: Issue, mark: Mark, body: str) -> Iterator[Finding]:
    at, post = mark.position, audit.state.posts[body]
    if mark.actor != issue.raised.actor:
        yield _found.breach(
            at,
            issue.id,
            f"{mark.actor} called {issue.id} of {issue.raised.actor} a matter of {body}.",
        )
    drafts = [audit.state.drafts[one] for one in issue.drafts if audit.state.drafts[one].first]
    before = max([issue.raised.position, *(one.put.position for one in drafts)])
    declared = {one.mark.position for draft in drafts for one in draft.effects}
    if mark.at != issue.raised.at or any(place not in declared for place in range(before + 1, at)):
        yield _found.breach(at, issue.id, f"{issue.id} was called a matter of {body} after it was raised.")
    held = any(
        term.post == body
        and term.begun.position < at
        and (term.ended is None or term.ended.position > at)
        and mark.at < term.ends_at
        for term in audit.state.terms_of_member.get(mark.actor, ())
    )
    if not held:
        yield _found.breach(
            at, issue.id, f"{mark.actor} raised {issue.id} for {body}, holding no post in it."
        )
    if post.form_at(at).seats < 2:
        yield _found.breach(at, issue.id, f"{body} is no body: it has one seat.")
    if post.unit not in audit.state.over(issue.unit, at):
        yield _found.breach(at, issue.id, f"{body} of {post.unit} raised {issue.id} in {issue.unit}.")
    words = [audit.contents.value(issue.text)]
    words += [audit.contents.value(draft.versions[0].text) for draft in drafts]
    length = sum(len(one.decode("utf-8", "replace")) for one in words if one is not None)
    if length > MOST:
        yield _found.breach(at, issue.id, f"{body} raised {issue.id} with {length} signs, not {MOST}.")
