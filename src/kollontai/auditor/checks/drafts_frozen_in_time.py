# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were drafts frozen at half of the reply, and did the ballot paper show their last words?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.decision_follows_count import on_paper
from kollontai.auditor.checks.words_in_their_stage import stranger, why_closed
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Draft, Issue, Mark, Poll

QUESTION = "Were all texts frozen in time, and does the ballot paper show exactly their last version?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("stages cut short, and texts that were frozen too late",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """After the middle of the reply movers may only withdraw; once the vote is on, not even that."""
    for issue in audit.state.issues.values():
        drafts = [audit.state.drafts[draft_id] for draft_id in issue.drafts]
        yield from _first(issue, drafts)
        for draft in drafts:
            yield from _times(audit, issue, draft)
        for poll_id in issue.polls:
            poll = audit.state.polls[poll_id]
            if poll.about == "issue":
                yield from _paper(audit, issue, poll, drafts)


def _first(issue: Issue, drafts: list[Draft]) -> Iterator[Finding]:
    firsts = [draft for draft in drafts if draft.first]
    if len(firsts) != 1:
        yield _found.breach(
            issue.raised.position,
            issue.id,
            f"{issue.id} has {len(firsts)} first drafts; it is raised with one.",
        )
    for draft in firsts:
        if draft.mover != issue.raised.actor or draft.put.at != issue.raised.at:
            yield _found.breach(
                draft.put.position, draft.id, f"The first draft of {issue.id} did not come with the issue."
            )


def _times(audit: Audit, issue: Issue, draft: Draft) -> Iterator[Finding]:
    movers = [] if draft.first else [(draft.mover, draft.put)]  # who raised it: supporters_enough
    for member, mark in (*movers, *draft.backing.items()):
        if stranger(audit, issue, member, mark):
            yield _found.breach(
                mark.position,
                draft.id,
                f"{member} stands behind a draft on {issue.id}, and is of another unit.",
            )
    for version in draft.versions:
        if draft.first and version.number == 1:
            continue
        did = "put" if version.number == 1 else "changed"
        here, what = version.mark, f"{draft.mover} {did} a draft on {issue.id}"
        yield from _moment(issue, draft, here, what)
        stage = issue.stage_at(here.position)
        if stage is not None and stage.name == "answer" and not audit.leads(draft.mover, issue, here):
            yield _found.breach(here.position, draft.id, f"{what} while the leaders answered.")
    for member, mark in draft.backing.items():
        yield from _moment(issue, draft, mark, f"{member} supported a draft on {issue.id}")
    if draft.withdrawn is not None:
        stage = issue.stage_at(draft.withdrawn.position)
        if issue.ended is not None and issue.ended.position < draft.withdrawn.position:
            yield _found.breach(draft.withdrawn.position, draft.id, "A draft was withdrawn after the end.")
        elif stage is not None and stage.name == "vote":
            yield _found.breach(
                draft.withdrawn.position, draft.id, "A draft was withdrawn while the vote was on."
            )


def _moment(issue: Issue, draft: Draft, mark: Mark, what: str) -> Iterator[Finding]:
    why = why_closed(issue, mark)
    reply = issue.stage("reply")
    if not why and reply is not None and mark.position > reply.mark.position:
        closes = reply.drafts_close_at
        if closes is None or mark.at >= closes:
            why = "after drafts had closed"
    if not why and draft.withdrawn is not None and draft.withdrawn.position < mark.position:
        why = "that had been withdrawn"
    if why:
        yield _found.breach(mark.position, draft.id, f"{what} {why}.")


def _paper(audit: Audit, issue: Issue, poll: Poll, drafts: list[Draft]) -> Iterator[Finding]:
    """Every text on the paper is the last version's, to the letter."""
    paper = json_value(audit.contents.value(poll.paper))
    if paper is None:
        return  # missing or altered: content_opens says so
    strings = set(_strings(paper))
    right = {
        one.text.hex()
        for one in map(audit.state.alternatives.__getitem__, issue.alternatives)
        if one.text is not None  # alternatives_written looks at them
    }
    for draft in drafts:
        if draft.withdrawn is not None and draft.withdrawn.position < poll.opened.position:
            continue
        shown = (
            draft.id == on_paper(audit, issue, poll) if poll.form == "yes_no" else draft.id in poll.options
        )
        if not shown:
            continue  # too few members wanted it on the ballot
        version = draft.version_at(poll.opened.position)
        for name, commitment in (("title", version.title), ("text", version.text)):
            if commitment is None:
                continue
            right.add(commitment.hex())
            words = audit.contents.value(commitment)
            if (
                words is not None
                and words.decode("utf-8", "replace") not in strings
                and commitment.hex() not in strings
            ):
                yield _found.breach(
                    poll.opened.position, draft.id,
                    f"The ballot paper does not show the {name} of {draft.id} as it last was.",
                )  # fmt: skip
    for string in sorted(strings):
        if len(string) == 64 and all(sign in "0123456789abcdef" for sign in string) and string not in right:
            yield _found.breach(
                poll.opened.position, poll.id, "The ballot paper points at words that were not put last."
            )


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif depth < 20 and type(value) is list:
        for item in value:
            yield from _strings(item, depth + 1)
    elif depth < 20 and type(value) is dict:
        for item in value.values():
            yield from _strings(item, depth + 1)
