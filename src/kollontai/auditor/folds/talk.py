# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said on an issue, and what is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.issues import issue_of
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Contribution, Erasure, Letter, SpokenOf, Stamp, Statement, Version

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def add_contribution(state: State, line: Line, contribution: Contribution) -> None:
    """Take in something said, once, on an issue that there is."""
    issue = issue_of(state, line)
    if contribution.id in state.contributions:
        raise Impossible(contribution.id, f"The contribution {contribution.id} is made a second time.")
    answers = contribution.answers
    if answers is not None:
        answered = state.contributions.get(answers)
        if answered is None or answered.issue != issue.id:
            state.impossible.append(
                (line.position, contribution.id, f"It answers {answers}, which was not said on {issue.id}.")
            )
    state.contributions[contribution.id] = contribution
    issue.contributions.append(contribution.id)


@folds("contribution.made")
def made(state: State, line: Line) -> None:
    """Somebody speaks."""
    f = line.fields
    version = tuple.__new__(Version, (1, mark(line), None, line.commitments.get("text")))
    contribution = Contribution(
        f["contribution"], f["issue"], line.actor, "voice", f["stage"], f["stance"], f["answers"], [version]
    )
    add_contribution(state, line, contribution)


@folds("lines.spoken_of")
def spoken_of(state: State, line: Line) -> None:
    """It speaks of lines of a draft."""
    f = line.fields
    issue = issue_of(state, line)
    if f["contribution"] not in issue.contributions or f["draft"] not in issue.drafts:
        raise Impossible(f["contribution"], f"There is no draft {f['draft']} on {issue.id} to speak of.")
    if f["contribution"] in state.spoken_of:
        raise Impossible(f["contribution"], f"{f['contribution']} says twice of which lines it speaks.")
    state.spoken_of[f["contribution"]] = SpokenOf(
        mark(line), f["contribution"], f["draft"], f["version"], f["first"], f["last"]
    )


@folds("fact.answered")
def answered(state: State, line: Line) -> None:
    """A leader answers a question of fact."""
    f, c = line.fields, line.commitments
    version = Version(1, mark(line), None, c.get("text"))
    contribution = Contribution(
        f["contribution"], f["issue"], line.actor, f["form"], f["stage"], "", f["answers"], [version],
        c.get("source"),
    )  # fmt: skip
    add_contribution(state, line, contribution)


@folds("fact.cover_asked")
def cover_asked(state: State, line: Line) -> None:
    """A member says that a "fact" argues."""
    f = line.fields
    said = state.contributions.get(f["contribution"])
    if said is None or said.issue != f["issue"]:
        raise Impossible(f["contribution"], f"There is no contribution {f['contribution']} on {f['issue']}.")
    if line.actor in said.covers:
        raise Impossible(said.id, f"{line.actor} asks a second time to have {said.id} covered.")
    said.covers[line.actor] = mark(line)
    state.covered[said.id] = said


@folds("contribution.revised")
def revised(state: State, line: Line) -> None:
    """An author puts a new version."""
    f = line.fields
    contribution = state.contributions.get(f["contribution"])
    if contribution is None or contribution.issue != f["issue"]:
        raise Impossible(f["contribution"], f"There is no contribution {f['contribution']} on {f['issue']}.")
    contribution.versions.append(Version(f["version"], mark(line), None, line.commitments.get("text")))


@folds("statement.sealed")
def sealed(state: State, line: Line) -> None:
    """A leader lodges a statement."""
    f = line.fields
    issue = issue_of(state, line)
    if f["statement"] in state.statements:
        raise Impossible(f["statement"], f"The statement {f['statement']} is lodged a second time.")
    state.statements[f["statement"]] = Statement(
        f["statement"], issue.id, line.actor, mark(line), line.commitments.get("text")
    )
    issue.statements.append(f["statement"])


@folds("statement.opened")
def opened(state: State, line: Line) -> None:
    """The clock opens it."""
    f = line.fields
    statement = state.statements.get(f["statement"])
    if statement is None or statement.issue != f["issue"]:
        raise Impossible(f["statement"], f"There is no statement {f['statement']} on {f['issue']}.")
    if statement.opened is not None:
        raise Impossible(statement.id, f"The statement {statement.id} is opened twice.")
    statement.opened, statement.opened_due = mark(line), f["due"]
    state.time(line, f["due"], statement.id)


@folds("letter.posted")
def posted(state: State, line: Line) -> None:
    """A document from outside."""
    f, c = line.fields, line.commitments
    issue = issue_of(state, line)
    if f["letter"] in state.letters:
        raise Impossible(f["letter"], f"The letter {f['letter']} is posted a second time.")
    state.letters[f["letter"]] = Letter(
        f["letter"], issue.id, mark(line), f["received_at"], c.get("sender"), c.get("text")
    )
    issue.letters.append(f["letter"])


@folds("content.erased")
def erased(state: State, line: Line) -> None:
    """Bytes are deleted."""
    f = line.fields
    here = mark(line)
    state.erasures.append(Erasure(here, f["commitments"], f["ground"]))
    for text in f["commitments"]:
        try:
            commitment = bytes.fromhex(text)
        except ValueError:
            raise Impossible(text, "An erasure names something that is no commitment.") from None
        if commitment not in state.committed:
            raise Impossible(text, "An erasure names a commitment that the record does not hold.")
        state.erased.setdefault(commitment, here)


@folds("export.stamped")
def stamped(state: State, line: Line) -> None:
    """The hash of an export."""
    state.stamps.append(Stamp(mark(line), line.fields["size"], line.fields["manifest_sha256"]))
