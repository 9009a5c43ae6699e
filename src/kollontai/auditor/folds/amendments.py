# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments, combinations of them, and the alternatives that were written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.amendments import Alternative, Amendment, Combination
from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.issues import issue_of
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Version

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _amendment(state: State, line: Line) -> Amendment:
    f = line.fields
    one = state.amendments.get(f["amendment"])
    if one is None or one.issue != f["issue"]:
        raise Impossible(f["amendment"], f"There is no amendment {f['amendment']} on {f['issue']}.")
    return one


def _combination(state: State, line: Line) -> Combination:
    f = line.fields
    one = state.combinations.get(f["combination"])
    if one is None or one.issue != f["issue"]:
        raise Impossible(f["combination"], f"Nobody proposed the combination {f['combination']}.")
    return one


@folds("amendment.moved")
def moved(state: State, line: Line) -> None:
    """A member moves to change some lines."""
    f, c, here = line.fields, line.commitments, mark(line)
    issue = issue_of(state, line)
    if f["amendment"] in state.amendments:
        raise Impossible(f["amendment"], f"The amendment {f['amendment']} is moved a second time.")
    if f["draft"] not in issue.drafts:
        raise Impossible(f["amendment"], f"There is no draft {f['draft']} on {issue.id} to amend.")
    parent = f["parent"]
    above = state.amendments.get(parent or "")
    if parent is not None and (above is None or above.draft != f["draft"]):
        raise Impossible(f["amendment"], f"There is no amendment {parent} of {f['draft']} to amend.")
    state.amendments[f["amendment"]] = Amendment(
        f["amendment"], issue.id, f["draft"], f["number"], f["operation"], f["version"], f["first"],
        f["last"], parent or "", here, [Version(1, here, None, c.get("text"))], c.get("reasons"),
    )  # fmt: skip
    issue.amendments.append(f["amendment"])


@folds("amendment.supported")
def supported(state: State, line: Line) -> None:
    """A member stands behind one."""
    one = _amendment(state, line)
    if line.actor in one.backing:
        raise Impossible(one.id, f"{line.actor} supports the amendment {one.id} twice.")
    one.backing[line.actor] = mark(line)


@folds("amendment.withdrawn")
def withdrawn(state: State, line: Line) -> None:
    """One is taken back."""
    one = _amendment(state, line)
    if one.taken_back is not None:
        raise Impossible(one.id, f"The amendment {one.id} is withdrawn twice.")
    one.taken_back = mark(line)


@folds("amendment.accepted")
def accepted(state: State, line: Line) -> None:
    """One is taken into the text."""
    one = _amendment(state, line)
    if one.accepted is not None:
        raise Impossible(one.id, f"The amendment {one.id} is accepted twice.")
    one.accepted, one.accepted_as = mark(line), line.fields["version"]


@folds("amendment.revised")
def revised(state: State, line: Line) -> None:
    """One has new lines."""
    one = _amendment(state, line)
    one.versions.append(Version(line.fields["version"], mark(line), None, line.commitments.get("text")))


@folds("combination.proposed")
def proposed(state: State, line: Line) -> None:
    """A mover wants amendments as one."""
    f = line.fields
    issue = issue_of(state, line)
    if f["combination"] in state.combinations:
        raise Impossible(f["combination"], f"The combination {f['combination']} is proposed a second time.")
    for name in f["amendments"]:
        if name not in issue.amendments:
            raise Impossible(f["combination"], f"There is no amendment {name} on {issue.id} to combine.")
    state.combinations[f["combination"]] = Combination(
        f["combination"], issue.id, f["draft"], tuple(f["amendments"]), mark(line)
    )
    issue.combinations.append(f["combination"])


@folds("combination.agreed")
def agreed(state: State, line: Line) -> None:
    """Another mover agrees."""
    one = _combination(state, line)
    if line.actor in one.agreed:
        raise Impossible(one.id, f"{line.actor} agrees to {one.id} twice.")
    one.agreed[line.actor] = mark(line)


@folds("amendments.combined")
def combined(state: State, line: Line) -> None:
    """They are one."""
    one = _combination(state, line)
    if one.combined is not None:
        raise Impossible(one.id, f"The amendments of {one.id} are combined twice.")
    one.combined = mark(line)


@folds("alternative.written")
def written(state: State, line: Line) -> None:
    """A draft is written out as amendments make it."""
    f = line.fields
    issue = issue_of(state, line)
    if f["alternative"] in state.alternatives or f["alternative"] in state.drafts:
        raise Impossible(f["alternative"], f"The alternative {f['alternative']} is written a second time.")
    if f["draft"] not in issue.drafts or any(name not in issue.amendments for name in f["amendments"]):
        raise Impossible(f["alternative"], f"{f['alternative']} is made of what is not on {issue.id}.")
    state.alternatives[f["alternative"]] = Alternative(
        f["alternative"], issue.id, f["draft"], f["version"], tuple(f["amendments"]), mark(line),
        line.commitments.get("text"), f["due"],
    )  # fmt: skip
    issue.alternatives.append(f["alternative"])
    state.time(line, f["due"], issue.id)
