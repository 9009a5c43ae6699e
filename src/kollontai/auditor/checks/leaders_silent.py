# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did any leader on an issue speak, move or support before the leaders' time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Contribution, Draft, Issue, Mark

QUESTION = (
    "Did every leader on an issue wait for the leaders' stage, but for facts, one sealed statement and "
    "letters?"
)
ARTICLE = 2
EVIDENCE = proved(limit="Whether a member posts for a leader, no record can tell.")
FINDS = ("words of a leader before their time",)

_found = Finder(__name__, ARTICLE)

MOST_OF_A_LEADERS_TEXT = 2_000


def check(audit: Audit) -> Iterator[Finding]:
    """Who leads is worked out from the terms, for each moment."""
    state = audit.state
    for issue in state.issues.values():
        yield from _raising(audit, issue)
        for member, backing in issue.backing.items():
            mark = backing.mark
            if mark != issue.raised and audit.leads(member, issue, mark):
                yield _found.breach(mark.position, issue.id, f"{member} supports {issue.id} and leads on it.")
        for contribution_id in issue.contributions:
            contribution = state.contributions[contribution_id]
            if contribution.form != "voice" or audit.leadership.ever_led(contribution.author):
                yield from _words(audit, issue, contribution)
        for draft_id in issue.drafts:
            yield from _draft(audit, issue, state.drafts[draft_id])
        yield from _amendments(audit, issue)
        yield from _statements(audit, issue)


def _too_early(audit: Audit, issue: Issue, member: str, mark: Mark) -> str:
    """The stage in which a leader must not speak; nothing where they may, or are none."""
    stage = issue.stage_at(mark.position)
    name = stage.name if stage else "gathering"
    return "" if name == "answer" or not audit.leads(member, issue, mark) else name


def _raising(audit: Audit, issue: Issue) -> Iterator[Finding]:
    leads = audit.leads(issue.raised.actor, issue, issue.raised)
    if leads != issue.by_leader:
        said, was = ("a leader", "none") if issue.by_leader else ("no leader", "one")
        yield _found.breach(
            issue.raised.position, issue.id,
            f"{issue.raised.actor} is said to be {said} on {issue.id}, but was {was}.",
        )  # fmt: skip
    if leads:
        drafts = map(audit.state.drafts.__getitem__, issue.drafts)
        texts = [issue.text, *(draft.versions[0].text for draft in drafts if draft.first)]
        words = [value for value in map(audit.contents.value, texts) if value is not None]
        if sum(len(value.decode("utf-8", "replace")) for value in words) > MOST_OF_A_LEADERS_TEXT:
            yield _found.breach(
                issue.raised.position, issue.id,
                f"A leader raised {issue.id} with more than {MOST_OF_A_LEADERS_TEXT} characters.",
            )  # fmt: skip


def _words(audit: Audit, issue: Issue, contribution: Contribution) -> Iterator[Finding]:
    author = contribution.author
    if contribution.form == "voice":
        for version in contribution.versions:
            stage = _too_early(audit, issue, author, version.mark)
            if stage:
                yield _found.breach(
                    version.mark.position, contribution.id,
                    f"{author} leads on {issue.id} and spoke in the stage {stage}.",
                )  # fmt: skip
            elif version.number > 1 and _leads_since(audit, issue, contribution, version.mark):
                yield _found.breach(
                    version.mark.position, contribution.id,
                    f"{author} leads on {issue.id} and changed what they had said there as a member.",
                )  # fmt: skip
        return
    made = contribution.made
    answered = audit.state.contributions.get(contribution.answers or "")
    yield from _fact(audit, issue, contribution, answered)
    if contribution.form == "answer":
        if answered is None or answered.stance != "question":
            yield _found.breach(
                made.position, contribution.id, f"{author} answered where nobody had asked a question."
            )
    elif contribution.form != "correction":
        yield _found.breach(
            made.position, contribution.id, f"There is no answer of fact called {contribution.form}."
        )
    elif contribution.source is None:
        yield _found.breach(made.position, contribution.id, f"{author} corrected a fact without its source.")


def _leads_since(audit: Audit, issue: Issue, said: Contribution, here: Mark) -> bool:
    """Whether somebody has become a leader since they spoke as a member."""
    return audit.leads(said.author, issue, here) and not audit.leads(said.author, issue, said.made)


def _fact(audit: Audit, issue: Issue, fact: Contribution, answered: Contribution | None) -> Iterator[Finding]:
    """A leader's fact is short, stands once below a member's words, and is no later argument."""
    author, made = fact.author, fact.made
    if not audit.leads(author, issue, made):
        yield _found.breach(made.position, fact.id, f"{author} stated a fact as a leader and leads not.")
    if answered is not None and audit.leads(answered.author, issue, made):
        yield _found.breach(
            made.position, fact.id, f"{author} stated a fact below words of {answered.author}, who leads too."
        )
    if answered is not None and answered.form != "voice":
        yield _found.breach(made.position, fact.id, f"{author} stated a fact below another fact.")
    if any(
        other.answers == fact.answers and other.author == author and other.made.position < made.position
        for other in map(audit.state.contributions.__getitem__, issue.contributions)
        if other.form != "voice"
    ):
        yield _found.breach(made.position, fact.id, f"{author} stated a second fact below the same words.")
    for version in fact.versions:
        text, stage = audit.contents.value(version.text), issue.stage_at(version.mark.position)
        if text is not None and len(text.decode("utf-8", "replace")) > MOST_OF_A_LEADERS_TEXT:
            yield _found.breach(
                version.mark.position, fact.id,
                f"{author} stated a fact with more than {MOST_OF_A_LEADERS_TEXT} characters.",
            )  # fmt: skip
        if version.number > 1 and stage is not None and stage.name == "reply" != fact.stage:
            yield _found.breach(
                version.mark.position, fact.id, f"{author} changed an earlier fact while the members replied."
            )


def _draft(audit: Audit, issue: Issue, draft: Draft) -> Iterator[Finding]:
    for version in draft.versions:
        if draft.first and version.number == 1:
            continue  # it comes with the issue, which a leader may raise
        stage = _too_early(audit, issue, draft.mover, version.mark)
        if stage:
            did = "put" if version.number == 1 else "changed"
            yield _found.breach(
                version.mark.position, draft.id,
                f"{draft.mover} leads on {issue.id} and {did} a draft in the stage {stage}.",
            )  # fmt: skip
    for member, mark in draft.backing.items():
        if audit.leads(member, issue, mark):
            yield _found.breach(
                mark.position, draft.id, f"{member} leads on {issue.id} and supported a draft."
            )


def _amendments(audit: Audit, issue: Issue) -> Iterator[Finding]:
    state = audit.state
    for one in map(state.amendments.__getitem__, issue.amendments):
        for mark, did in ((one.moved, "moved an amendment"), (one.accepted, "accepted an amendment")):
            if mark is not None:
                yield from _before_time(audit, issue, one.id, mark, did)
        for member, mark in one.backing.items():
            if audit.leads(member, issue, mark):
                yield _found.breach(mark.position, one.id, f"{member} leads and supports an amendment.")
    for combination in map(state.combinations.__getitem__, issue.combinations):
        for mark in (combination.proposed, *combination.agreed.values()):
            yield from _before_time(audit, issue, combination.id, mark, "combined amendments")


def _before_time(audit: Audit, issue: Issue, name: str, mark: Mark, did: str) -> Iterator[Finding]:
    stage = _too_early(audit, issue, mark.actor, mark)
    if stage:
        yield _found.breach(
            mark.position, name, f"{mark.actor} leads on {issue.id} and {did} in the stage {stage}."
        )


def _statements(audit: Audit, issue: Issue) -> Iterator[Finding]:
    lodged: Counter[str] = Counter()
    for statement_id in issue.statements:
        statement = audit.state.statements[statement_id]
        mark, author = statement.sealed, statement.author
        lodged[author] += 1
        stage = issue.stage_at(mark.position)
        if stage is not None and stage.name != "talk":
            yield _found.breach(
                mark.position,
                statement.id,
                f"{author} lodged a statement in the stage {stage.name}, after its time.",
            )
        if not audit.leads(author, issue, mark):
            yield _found.breach(
                mark.position, statement.id, f"{author} lodged a leader's statement without leading."
            )
        if lodged[author] > 1:
            yield _found.breach(
                mark.position, statement.id, f"{author} lodged a second statement on {issue.id}."
            )
