# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was every alternative written out that had to be, to the letter, and no other?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import Alternative, Option, options
from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Issue, Mark, Poll

QUESTION = (
    "Does every alternative on a paper say, to the letter, what its amendments make of the draft, and does "
    "each stand there that had the supporters?"
)
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Everything is worked out from the drafts, the amendments and who stands behind them."""
    for issue in audit.state.issues.values():
        if not issue.amendments and not issue.alternatives:
            continue
        written = [audit.state.alternatives[name] for name in issue.alternatives]
        opened = [audit.state.polls[name] for name in issue.polls if audit.state.polls[name].about == "issue"]
        if opened:
            yield from _opened(audit, issue, opened[0], written)
        else:
            for one in written:
                yield _found.breach(
                    one.written.position,
                    one.id,
                    f"{one.id} was written out, and no vote opened.",
                )
            if issue.lapsed is not None and issue.lapsed_why == "no-draft":
                yield from _lapsed(audit, issue, issue.lapsed)


def _opened(audit: Audit, issue: Issue, poll: Poll, written: list[Alternative]) -> Iterator[Finding]:
    wanted = {one.key: one for one in options(audit, issue, poll.opened) if one.amendments}
    seen: set[tuple[str, int, tuple[str, ...]]] = set()
    for one in written:
        at = one.written.position
        key = one.draft, one.version, one.amendments
        right = wanted.get(key)
        if right is None or key in seen:
            yield _found.breach(at, one.id, f"{one.id} of {one.draft} is written out without being entitled.")
            continue
        seen.add(key)
        if one.written.at != poll.opened.at or at > poll.opened.position:
            yield _found.breach(at, one.id, f"{one.id} was not written out as the vote opened.")
        text = audit.contents.value(one.text)
        if text is not None and text.decode("utf-8", "replace") != right.text:
            yield _found.breach(
                at, one.id, f"{one.id} is not, to the letter, what its amendments make of {one.draft}."
            )
        if poll.form == "ranked" and one.id not in poll.options:
            yield _found.breach(at, one.id, f"{one.id} was written out and does not stand on the paper.")
        yield from _on_paper(audit, poll, one, right)
    for key in sorted(wanted.keys() - seen):
        names = ", ".join(str(audit.state.amendments[name].number) for name in key[2])
        yield _found.breach(
            poll.opened.position, issue.id,
            f"{key[0]} with amendment {names} has {wanted[key].supporters} supporters of "
            f"{audit.needed(issue)} needed and is not on the ballot.",
        )  # fmt: skip


def _on_paper(audit: Audit, poll: Poll, one: Alternative, right: Option) -> Iterator[Finding]:
    paper = json_value(audit.contents.value(poll.paper))
    if type(paper) is not dict:
        return  # missing or altered: content_opens says so
    shown = paper.get("options") if poll.form == "ranked" else [paper.get("draft")]
    for option in shown if type(shown) is list else []:
        if type(option) is dict and option.get("id") == one.id:
            numbers = sorted(audit.state.amendments[name].number for name in one.amendments)
            version = next(
                (v for v in audit.state.drafts[one.draft].versions if v.number == one.version), None
            )
            title = audit.contents.value(version.title) if version else None
            if (
                option.get("text") != right.text
                or option.get("draft") != one.draft
                or option.get("amendments") != numbers
                or (title is not None and option.get("title") != title.decode("utf-8", "replace"))
            ):
                yield _found.breach(
                    poll.opened.position,
                    one.id,
                    f"The ballot paper does not show {one.id} as it was written.",
                )
            return
    yield _found.breach(poll.opened.position, one.id, f"The ballot paper does not show {one.id}.")


def _lapsed(audit: Audit, issue: Issue, lapsed: Mark) -> Iterator[Finding]:
    if any(one.amendments for one in options(audit, issue, lapsed)):
        yield _found.breach(
            lapsed.position, issue.id, f"{issue.id} lapsed although an amended draft had its supporters."
        )
