# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secret boxes, the lots beside them, and ballots held outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.folds.polls import poll_of
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Addition, Box, Entered, Poll

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _box(state: State, line: Line) -> Box:
    poll = poll_of(state, line)
    if poll.secret is None:
        raise Impossible(poll.id, f"{poll.id} has no secret box.")
    return poll.secret


@folds("box.opened")
def opened(state: State, line: Line) -> None:
    """A box is open, sealed to a key of its own."""
    f, poll = line.fields, poll_of(state, line)
    if poll.secret is not None:
        raise Impossible(poll.id, f"The box of {poll.id} opens a second time.")
    poll.secret = Box(
        mark(line), f["key"], f["size"], f["seats"], f["rule"], f["most_ranks"], f["lot"], f["lots_until"]
    )


@folds("lot.added")
def added(state: State, line: Line) -> None:
    """A member adds to the lot."""
    box = _box(state, line)
    if line.actor in box.added:
        raise Impossible(line.fields["poll"], f"{line.actor} adds to the lot of {line.fields['poll']} twice.")
    box.added[line.actor] = Addition(mark(line), line.fields["sha256"])


@folds("lot.shown")
def shown(state: State, line: Line) -> None:
    """Whoever added to the lot shows their sentence."""
    poll = line.fields["poll"]
    addition = _box(state, line).added.get(line.actor)
    if addition is None:
        raise Impossible(poll, f"{line.actor} shows a sentence, but had added nothing to the lot of {poll}.")
    if addition.shown is not None:
        raise Impossible(poll, f"{line.actor} shows a second sentence for the lot of {poll}.")
    addition.shown, addition.sentence = mark(line), line.commitments.get("sentence")


@folds("box.counted")
def counted(state: State, line: Line) -> None:
    """What lay in a box is published."""
    f, box = line.fields, _box(state, line)
    if box.counted is not None or box.lost is not None:
        raise Impossible(f["poll"], f"The box of {f['poll']} is opened although it had been done with.")
    box.counted, box.cast, box.secret, box.silent = mark(line), f["cast"], f["secret"], f["silent"]
    box.sealed, box.ballots = line.commitments.get("box"), line.commitments.get("ballots")


@folds("box.lost")
def lost(state: State, line: Line) -> None:
    """A box cannot be opened; the poll is annulled."""
    f, box = line.fields, _box(state, line)
    if box.counted is not None or box.lost is not None:
        raise Impossible(f["poll"], f"The box of {f['poll']} is lost although it had been done with.")
    box.lost, box.lost_why = mark(line), f["why"]
    state.time(line, f["due"], f["poll"])


def _entered(poll: Poll, member: str) -> Entered | None:
    return next((one for one in poll.entered if one.member == member and one.back is None), None)


@folds("outside.entered")
def entered(state: State, line: Line) -> None:
    """A scrutineer enters what a ballot held outside gave."""
    f, c, poll = line.fields, line.commitments, poll_of(state, line)
    if _entered(poll, line.actor) is not None:
        raise Impossible(poll.id, f"{line.actor} enters the ballots of {poll.id} a second time.")
    poll.entered.append(
        Entered(mark(line), line.actor, f["cast"], f["sha256"], c.get("report"), c.get("ballots"))
    )


@folds("outside.taken_back")
def taken_back(state: State, line: Line) -> None:
    """A scrutineer takes back what they had entered."""
    poll = poll_of(state, line)
    one = _entered(poll, line.actor)
    if one is None:
        raise Impossible(poll.id, f"{line.actor} takes back ballots of {poll.id} that they never entered.")
    one.back = mark(line)


@folds("links.destroyed")
def links_destroyed(state: State, line: Line) -> None:
    """Who took part, or who signed, is known no more."""
    of = line.fields["of"]
    thing = state.polls.get(of) or state.petitions.get(of)
    if thing is None:
        raise Impossible(of, f"There is no poll and no petition {of} whose ties could be destroyed.")
    if thing.links_gone is not None:
        raise Impossible(of, f"The ties of {of} are destroyed a second time.")
    thing.links_gone = mark(line)
    state.time(line, line.fields["due"], of)
