# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was everything said in a stage that had room for it?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Contribution, Issue, Mark, SpokenOf

QUESTION = "Did members and leaders speak and support only while the stage for it ran?"
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ("words of a leader before their time",)

_found = Finder(__name__, ARTICLE)

_STANCES = frozenset({"for", "against", "other", "question"})
_OPEN_TO_ALL = frozenset({"talk", "reply"})


def check(audit: Audit) -> Iterator[Finding]:
    """Support while it gathers; words in talk, answer and reply; only questions while the leaders answer."""
    for issue in audit.state.issues.values():
        end = issue.ended.position if issue.ended else audit.state.size
        of_all = issue.unit == audit.state.root
        for contribution_id in issue.contributions:
            contribution = audit.state.contributions[contribution_id]
            position, at, _, _ = contribution.versions[0].mark
            stage = issue.stage_at(position)
            if not (  # a member's words in the talk, never changed: nearly all are
                stage is not None
                and stage.name == contribution.stage in _OPEN_TO_ALL
                and at < stage.ends_at
                and position < end
                and contribution.form == "voice"
                and contribution.stance in _STANCES
                and len(contribution.versions) == 1
            ):
                yield from _words(audit, issue, contribution)
            if not of_all and stranger(audit, issue, contribution.author, contribution.made):
                yield _found.breach(
                    position, contribution_id,
                    f"{contribution.author} spoke on {issue.id} without belonging to its unit.",
                )  # fmt: skip
            if contribution_id in audit.state.spoken_of:
                yield from _lines(audit, audit.state.spoken_of[contribution_id])
        for member, backing in issue.backing.items():
            mark = backing.mark
            if issue.stage_at(mark.position) is not None or _after_end(issue, mark):
                yield _found.breach(
                    mark.position, issue.id, f"{member} supported {issue.id} after it had left gathering."
                )
            person = audit.state.people.get(member)
            if person is not None and not audit.state.belongs(person, issue.unit, mark.position):
                yield _found.breach(
                    mark.position, issue.id, f"{member} supports {issue.id} without belonging to its unit."
                )


def stranger(audit: Audit, issue: Issue, member: str, mark: Mark) -> bool:
    """Whether somebody was of another unit than an issue when this entry was made, and led not on it."""
    person = audit.state.people.get(member)
    return (
        issue.unit != audit.state.root
        and person is not None
        and not audit.state.belongs(person, issue.unit, mark.position)
        and not audit.leads(member, issue, mark)
    )


def _lines(audit: Audit, one: SpokenOf) -> Iterator[Finding]:
    """Whoever speaks says at once of which lines, and the lines are there."""
    made = audit.state.contributions[one.contribution].made
    if one.mark.actor != made.actor or one.mark.at != made.at:
        yield _found.breach(
            one.mark.position, one.contribution, "Its lines were not named by its author at once."
        )
    earlier = [
        version
        for version in audit.state.drafts[one.draft].versions
        if version.mark.position < one.mark.position
    ]
    read = next((version for version in earlier if version.number == one.version), None)
    text = audit.contents.value(read.text) if read else b""
    if text is not None and not 1 <= one.first <= one.last <= text.count(b"\n") + (read is not None):
        yield _found.breach(
            one.mark.position, one.contribution, f"It speaks of lines that {one.draft} does not have."
        )


def _after_end(issue: Issue, mark: Mark) -> bool:
    return issue.ended is not None and issue.ended.position < mark.position


def why_closed(issue: Issue, mark: Mark) -> str:
    """Why nobody may add anything to an issue when this entry was made; nothing where one may."""
    if _after_end(issue, mark):
        return "after it had ended"
    stage = issue.stage_at(mark.position)
    if stage is None:
        return "while it was still gathering supporters"
    if stage.name == "vote":
        return "while the vote was on"
    if mark.at >= stage.ends_at:
        return f"after the end of the stage {stage.name}"
    return ""


def _words(audit: Audit, issue: Issue, contribution: Contribution) -> Iterator[Finding]:
    author = contribution.author
    for version in contribution.versions:
        why = why_closed(issue, version.mark)
        if why:
            yield _found.breach(
                version.mark.position, contribution.id, f"{author} spoke on {issue.id} {why}."
            )
    made = contribution.made
    stage = issue.stage_at(made.position)
    name = stage.name if stage else "gathering"
    if contribution.stage != name:
        yield _found.breach(
            made.position,
            contribution.id,
            f"It says it was said in the stage {contribution.stage}; it was {name}.",
        )
    if contribution.form == "voice":
        if contribution.stance not in _STANCES:
            yield _found.breach(
                made.position, contribution.id, f"There is no stance called {contribution.stance}."
            )
        for version in contribution.versions if contribution.stance != "question" else ():
            here = version.mark
            then = issue.stage_at(here.position)
            if then is not None and then.name == "answer" and not audit.leads(author, issue, here):
                yield _found.breach(
                    here.position,
                    contribution.id,
                    f"{author} spoke on {issue.id} while the leaders answered; members ask then.",
                )
