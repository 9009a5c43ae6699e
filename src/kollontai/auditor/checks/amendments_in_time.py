# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were amendments moved, supported and accepted while there was room for it, on lines that were there?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import Amendment, Combination, Table
from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.words_in_their_stage import why_closed
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue, Mark

QUESTION = (
    "Was every amendment moved on lines that stood in the text, numbered in turn, and moved, supported, "
    "accepted and combined by members of the unit before the middle of the reply?"
)
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("stages cut short, and texts that were frozen too late",)

_found = Finder(__name__, ARTICLE)

OPERATIONS = ("replace", "insert", "delete")
MOST = 300


def check(audit: Audit) -> Iterator[Finding]:
    """The same stages as for drafts, and the same close."""
    state = audit.state
    for issue in state.issues.values():
        mine = [state.amendments[name] for name in issue.amendments]
        for turn, one in enumerate(mine, 1):
            if one.number != turn:
                yield _found.breach(
                    one.moved.position,
                    one.id,
                    f"Amendment {turn} on {issue.id} is numbered {one.number}.",
                )
            yield from _moved(audit, issue, one)
            yield from _times(audit, issue, one)
        if len(mine) > MOST:
            yield _found.breach(
                mine[MOST].moved.position, issue.id, f"There are more than {MOST} amendments on {issue.id}."
            )
        for combination in map(state.combinations.__getitem__, issue.combinations):
            yield from _combination(audit, issue, combination)


def _moved(audit: Audit, issue: Issue, one: Amendment) -> Iterator[Finding]:
    at = one.moved.position
    table = Table(audit, issue, at)
    draft, parent = audit.state.drafts[one.draft], table.amendments.get(one.parent)
    text = table.history.get(one.parent or one.draft)
    if one.operation not in OPERATIONS or (one.operation == "insert") != (one.last == one.first - 1):
        yield _found.breach(at, one.id, f"{one.id} is to {one.operation} lines {one.first} to {one.last}.")
    if (one.operation == "delete") == (one.versions[0].text is not None):
        yield _found.breach(at, one.id, f"{one.id} is to {one.operation}; its new lines do not suit.")
    if table.is_over(draft):
        yield _found.breach(at, one.id, f"{one.mover} amended a draft that had been withdrawn.")
    if one.parent:
        if parent is None or parent.parent:
            yield _found.breach(at, one.id, f"{one.id} amends an amendment to an amendment.")
        elif table.is_over(parent) or parent.operation == "delete":
            yield _found.breach(at, one.id, f"{one.id} amends {parent.id}, and nothing of it is left.")
    if text is None:
        return  # the words are not here: content_opens says so where they must be
    if not text.has(one.version, one.span):
        yield _found.breach(at, one.id, f"{one.id} amends lines that are not there.")
    elif text.follow(one.span, one.version, text.last) is None:
        yield _found.breach(
            at, one.id, f"{one.mover} amended version {one.version} of a text whose lines had moved on since."
        )


def _times(audit: Audit, issue: Issue, one: Amendment) -> Iterator[Finding]:
    yield from _member_in_time(audit, issue, one.id, one.moved, "moved an amendment")
    for mark in one.backing.values():
        yield from _moment(audit, issue, one.id, mark, "supported an amendment")
        if one.taken_back is not None and one.taken_back.position < mark.position:
            yield _found.breach(mark.position, one.id, f"{mark.actor} supported what had been withdrawn.")
    if one.accepted is not None:
        yield from _member_in_time(audit, issue, one.id, one.accepted, "accepted an amendment")
        if one.taken_back is not None:
            yield _found.breach(
                max(one.accepted.position, one.taken_back.position), one.id,
                f"{one.id} was accepted and withdrawn.",
            )  # fmt: skip
    if one.taken_back is not None:
        stage = issue.stage_at(one.taken_back.position)
        over = issue.ended is not None and issue.ended.position < one.taken_back.position
        if over or (stage is not None and stage.name == "vote"):
            yield _found.breach(
                one.taken_back.position,
                one.id,
                "An amendment was withdrawn after the vote opened.",
            )


def _combination(audit: Audit, issue: Issue, one: Combination) -> Iterator[Finding]:
    yield from _member_in_time(audit, issue, one.id, one.proposed, "proposed to combine amendments")
    for mark in one.agreed.values():
        yield from _member_in_time(audit, issue, one.id, mark, "agreed to combine amendments")


def _member_in_time(audit: Audit, issue: Issue, name: str, mark: Mark, did: str) -> Iterator[Finding]:
    yield from _moment(audit, issue, name, mark, did)
    stage = issue.stage_at(mark.position)
    if stage is not None and stage.name == "answer" and not audit.leads(mark.actor, issue, mark):
        yield _found.breach(
            mark.position, name, f"{mark.actor} {did} on {issue.id} while the leaders answered."
        )


def _moment(audit: Audit, issue: Issue, name: str, mark: Mark, did: str) -> Iterator[Finding]:
    why = why_closed(issue, mark)
    reply = issue.stage("reply")
    if not why and reply is not None and mark.position > reply.mark.position:
        closes = reply.drafts_close_at
        if closes is None or mark.at >= closes:
            why = "after amendments had closed"
    if why:
        yield _found.breach(mark.position, name, f"{mark.actor} {did} on {issue.id} {why}.")
    person = audit.state.people.get(mark.actor)
    outside = person is None or not audit.state.belongs(person, issue.unit, mark.position)
    if outside and not audit.leads(mark.actor, issue, mark):
        yield _found.breach(
            mark.position, name, f"{mark.actor} {did} on {issue.id} without belonging to its unit."
        )
