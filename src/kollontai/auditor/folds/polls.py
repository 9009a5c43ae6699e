# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls, ballots and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Ballot, Poll

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def poll_of(state: State, line: Line) -> Poll:
    poll = state.polls.get(line.fields["poll"])
    if poll is None:
        raise Impossible(line.fields["poll"], f"There is no poll {line.fields['poll']}.")
    return poll


@folds("poll.opened")
def opened(state: State, line: Line) -> None:
    """A vote opens."""
    f, c = line.fields, line.commitments
    if f["poll"] in state.polls:
        raise Impossible(f["poll"], f"The poll {f['poll']} opens a second time.")
    if f["unit"] not in state.units:
        raise Impossible(f["poll"], f"The poll {f['poll']} is held in {f['unit']}, which does not exist.")
    poll = state.polls[f["poll"]] = Poll(
        f["poll"], f["about"], f["subject"], f["unit"], f["form"], f["box"], f["options"], f["status_quo"],
        f["opens_at"], f["closes_at"], f["roll_count"], f["quorum_bp"], f["majority"], f["more_than"],
        f["due"], mark(line), c.get("roll"), c.get("paper"),
    )  # fmt: skip
    issue = state.issues.get(poll.subject)
    if issue is not None:
        issue.polls.append(poll.id)
    elif poll.about == "election" and poll.subject in state.elections:
        state.elections[poll.subject].polls.append(poll.id)
    elif poll.about == "recall" and poll.subject in state.petitions:
        state.petitions[poll.subject].polls.append(poll.id)
    state.time(line, f["due"], poll.id)


@folds("ballot.cast")
def cast(state: State, line: Line) -> None:
    """A member votes."""
    poll = state.polls.get(line.fields["poll"]) or poll_of(state, line)
    ballot = tuple.__new__(Ballot, (line.position, line.at, line.commitments.get("choice")))
    if line.actor in poll.ballots:
        poll.again.append((line.actor, ballot))
    else:
        poll.ballots[line.actor] = ballot


@folds("poll.counted")
def counted(state: State, line: Line) -> None:
    """A vote is closed and counted."""
    f = line.fields
    poll = poll_of(state, line)
    if poll.counted is not None:
        raise Impossible(poll.id, f"The poll {poll.id} is counted a second time.")
    poll.counted, poll.counted_due = mark(line), f["due"]
    poll.cast, poll.outcome, poll.figures = f["cast"], f["outcome"], f["figures"]
    poll.count = line.commitments.get("count")
    if poll.box != "outside":  # those wait for two scrutineers
        state.time(line, f["due"], poll.id)
