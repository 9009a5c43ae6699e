# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a question comes again, and how members shorten; quiet days and the voting day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.issues import issue_of
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Again, QuietSet, Shortened, Shortening, VotingSet

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("question.again")
def question_again(state: State, line: Line) -> None:
    """A draft asks again what was decided."""
    f = line.fields
    draft = state.drafts.get(f["draft"])
    if draft is None or draft.issue != f["issue"]:
        raise Impossible(f["draft"], f"There is no draft {f['draft']} on {f['issue']}.")
    if draft.again_of(f["version"]) is not None:
        raise Impossible(draft.id, f"Version {f['version']} of {draft.id} is called a question again twice.")
    draft.again.append(Again(mark(line), f["version"], f["earlier"], f["needed"]))


@folds("shortening.proposed")
def shortening_proposed(state: State, line: Line) -> None:
    """A member proposes to shorten."""
    f, issue = line.fields, issue_of(state, line)
    if f["shortening"] in state.shortenings:
        raise Impossible(f["shortening"], f"The shortening {f['shortening']} is proposed a second time.")
    one = Shortening(f["shortening"], issue.id, f["letter"], f["before"], mark(line))
    one.backing[line.actor] = mark(line)
    state.shortenings[one.id] = one
    issue.shortenings.append(one.id)


@folds("shortening.supported")
def shortening_supported(state: State, line: Line) -> None:
    """A member stands behind it."""
    one = _shortening(state, line)
    if line.actor in one.backing:
        raise Impossible(one.id, f"{line.actor} stands behind {one.id} twice.")
    one.backing[line.actor] = mark(line)


@folds("issue.shortened")
def shortened(state: State, line: Line) -> None:
    """It is shortened."""
    f, one, issue = line.fields, _shortening(state, line), issue_of(state, line)
    if issue.shortened is not None:
        raise Impossible(issue.id, f"{issue.id} is shortened a second time.")
    issue.shortened = Shortened(
        mark(line), one.id, f["supporters"], f["needed"], f["ends_at"], f["would_end"]
    )
    if issue.stages and issue.ended is None and issue.stages[-1].name != "vote":
        stage = issue.stages[-1]
        stage.cut_from, stage.ends_at = stage.ends_at, f["ends_at"]


def _shortening(state: State, line: Line) -> Shortening:
    one = state.shortenings.get(line.fields["shortening"])
    if one is None or one.issue != line.fields["issue"]:
        raise Impossible(line.fields["issue"], f"There is no {line.fields['shortening']} on that issue.")
    return one


@folds("quiet_days.set")
def quiet_days_set(state: State, line: Line) -> None:
    """A year has these quiet days from here on."""
    f = line.fields
    state.quiet_days.append(
        QuietSet(mark(line), f["number"], f["year"], tuple(f["days"]), f["issue"], f["draft"])
    )


@folds("voting_day.set")
def voting_day_set(state: State, line: Line) -> None:
    """Votes open on this day of a month from here on."""
    f = line.fields
    state.voting_days.append(VotingSet(mark(line), f["number"], f["day"], f["issue"], f["draft"]))
