# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may write in for whom, what was written in, and what was undone of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.amendments import Amendment
from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.issues import issue_of
from kollontai.auditor.folds.talk import add_contribution
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Backing, Contribution, Draft, Issue, Naming, Version, WriteIn

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("writer.named")
def named(state: State, line: Line) -> None:
    """A member lets another write in for them."""
    f = line.fields
    if f["naming"] in state.namings:
        raise Impossible(f["naming"], f"The naming {f['naming']} is made a second time.")
    state.namings[f["naming"]] = Naming(f["naming"], line.actor, f["writer"], mark(line))


@folds("naming.ended")
def ended(state: State, line: Line) -> None:
    """Either of the two ends it."""
    naming = state.namings.get(line.fields["naming"])
    if naming is None or naming.ended is not None:
        raise Impossible(line.fields["naming"], "A naming ends that does not stand.")
    naming.ended = mark(line)


def _write_in(state: State, line: Line, to: str, of: str) -> WriteIn:
    f = line.fields
    if f["write_in"] in state.write_ins:
        raise Impossible(f["write_in"], f"{f['write_in']} is written in a second time.")
    made = WriteIn(f["write_in"], mark(line), f["member"], f["issue"], to, of)
    state.write_ins[made.id] = made
    return made


@folds("words.written_in")
def words(state: State, line: Line) -> None:
    """A writer speaks in another's name."""
    f = line.fields
    issue_of(state, line)
    made = _write_in(state, line, "words", f["contribution"])
    version = Version(1, made.mark, None, line.commitments.get("text"))
    add_contribution(
        state, line,
        Contribution(
            f["contribution"], f["issue"], f["member"], "voice", f["stage"], f["stance"], f["answers"],
            [version], written_by=line.actor,
        ),
    )  # fmt: skip


@folds("support.written_in")
def support(state: State, line: Line) -> None:
    """A writer puts another behind something."""
    f = line.fields
    issue = issue_of(state, line)
    made = _write_in(state, line, f["to"], f["of"])
    what = _supported(state, issue, made)
    if what is None:
        return  # the check that asks what was written in says so
    if isinstance(what, Issue):
        earlier = issue.backing.get(made.member)
        if earlier is not None and earlier.withdrawn is None:
            raise Impossible(issue.id, f"{made.member} supports {issue.id} twice.")
        issue.backing[made.member] = Backing(made.mark, write_in=made.id)
        return
    if made.member in what.backing:
        raise Impossible(made.of, f"{made.member} supports {made.of} twice.")
    what.backing[made.member] = made.mark
    state.by_write_in[made.of, made.member] = made.id


def _supported(state: State, issue: Issue, made: WriteIn) -> Issue | Draft | Amendment | None:
    if made.to == "issue":
        return issue if made.of == issue.id else None
    if made.to == "draft":
        what: Draft | Amendment | None = state.drafts.get(made.of)
    else:
        what = state.amendments.get(made.of) if made.to == "amendment" else None
    return what if what is not None and what.issue == issue.id else None


@folds("writing.undone")
def undone(state: State, line: Line) -> None:
    """What was written in is not theirs, they say."""
    made = state.write_ins.get(line.fields["write_in"])
    if made is None or made.undone is not None:
        raise Impossible(line.fields["write_in"], "Something is undone that was not written in, or twice.")
    made.undone, made.how = mark(line), line.fields["how"]
    issue = state.issues[made.issue]
    if made.to == "words":
        said = state.contributions.get(made.of)
        if said is None or len(said.versions) > 1:
            raise Impossible(made.of, f"{made.of} is disowned, but was put anew by {made.member}.")
        said.disowned = made.undone
        return
    what = _supported(state, issue, made)
    if isinstance(what, Issue):
        backing = issue.backing.get(made.member)
        if backing is None or backing.write_in != made.id or backing.withdrawn is not None:
            raise Impossible(made.of, f"{made.member} takes back a support for {made.of} that stood no more.")
        backing.withdrawn = made.undone
    elif what is not None and state.by_write_in.get((made.of, made.member)) != made.id:
        raise Impossible(made.of, f"{made.member} takes back a support for {made.of} that stood no more.")
    elif what is not None and issue.ended is None and issue.stage("vote") is None:
        del what.backing[made.member], state.by_write_in[made.of, made.member]  # it is not on the paper
