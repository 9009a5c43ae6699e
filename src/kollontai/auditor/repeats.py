# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which question was decided before, in a unit or a wider one, and what its paper asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kollontai.auditor.backing import qualifies
from kollontai.auditor.days import later
from kollontai.auditor.questions import Question, read_question, sequences, the_same
from kollontai.auditor.things import Draft, Issue, Mark

if TYPE_CHECKING:
    from kollontai.auditor.audit import Audit


class Papers:
    """What the papers of decided issues asked, found by their words and by the kinds of their effects."""

    def __init__(self, audit: Audit) -> None:
        """Read every paper once."""
        self.asked: list[tuple[Issue, Question]] = []
        self._found: defaultdict[str, list[int]] = defaultdict(list)
        for issue in audit.state.issues.values():
            if issue.decided is None:
                continue
            for question in on_paper(audit, issue):
                for trait in _traits(question):
                    self._found[trait].append(len(self.asked))
                self.asked.append((issue, question))

    def like(self, asked: Question) -> Iterator[Issue]:
        """The issues whose papers asked the same."""
        near = {number for trait in _traits(asked) for number in self._found.get(trait, ())}
        for number in sorted(near):
            issue, question = self.asked[number]
            if the_same(asked, question):
                yield issue


def _traits(question: Question) -> set[str]:
    """What two drafts that ask the same have at least one of in common."""
    words, runs = sequences(question.text)
    return {
        *runs,
        "words " + " ".join(words[:20]),
        *(f"effect {one.get('effect')}" for one in question.effects),
    }


def decided_as(audit: Audit, issue: Issue, asked: Question, here: Mark) -> str:
    """The issue that decided this question not long before, here, in what has become part of this unit, or in
    a wider one; empty for none."""
    days, line = audit.limits_of(issue)["D10.again"], audit.state.over(issue.unit, here.position)
    found = [
        (other.decided.at, other.id)
        for other in audit.papers.like(asked)
        if other.decided is not None
        and other is not issue
        and other.unit in line
        and other.decided.position < here.position
        and here.at < later(other.decided.at, days)
    ]
    return max(found)[1] if found else ""


def on_paper(audit: Audit, issue: Issue) -> list[Question]:
    """The texts that stood on the paper of a decided issue, with what each would have changed."""
    poll = audit.state.polls.get(issue.decided_poll)
    if poll is None:
        return []
    opened = poll.opened
    written = [audit.state.alternatives[one] for one in issue.alternatives]
    drafts = [audit.state.drafts[one] for one in issue.drafts]
    if poll.form == "ranked":
        written = [one for one in written if one.id in poll.options]
        drafts = [one for one in drafts if one.id in poll.options]
    else:
        drafts = [] if written else [one for one in drafts if _asked(audit, issue, one, opened)]
    found = [_question(audit, one, one.version_at(opened.position).text, opened) for one in drafts]
    found += [_question(audit, audit.state.drafts[one.draft], one.text, opened) for one in written]
    return [one for one in found if one is not None]


def _asked(audit: Audit, issue: Issue, draft: Draft, opened: Mark) -> bool:
    stands = draft.put.position < opened.position and (
        draft.withdrawn is None or draft.withdrawn.position > opened.position
    )
    return stands and qualifies(audit, issue, draft, opened)


def _question(audit: Audit, draft: Draft, text: bytes | None, opened: Mark) -> Question | None:
    words = audit.contents.value(text)
    if words is None:
        return None
    declared = draft.effects_of(draft.version_at(opened.position).number)
    effects = audit.contents.value(declared.effects) if declared else None
    return read_question(words.decode("utf-8", "replace"), effects or b"")


def share_of(audit: Audit, issue: Issue, members: int) -> int:
    """How many of so many members stand behind a question that comes again early."""
    return -(-members * audit.limits_of(issue)["D10.share"] // 10_000)
