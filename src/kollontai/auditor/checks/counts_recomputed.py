# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does every count come out the same when it is made again?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.read import json_value
from kollontai.auditor.recount import Recount
from kollontai.auditor.things import Mark, Poll

QUESTION = (
    "Does every poll, counted again from its opened or published ballots, give the same figures and winner?"
)
ARTICLE = 12
EVIDENCE = proved(
    limit="The counting rules, the next in line and the drawing of lots are shared with the server; outside "
    "programs check them."
)
FINDS = ("results that come out otherwise when they are counted again",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Closed at its time, or earlier only when everybody has voted."""
    for poll in audit.state.polls.values():
        counted = poll.counted
        if counted is None:
            continue
        yield from _closing(poll, counted)
        if poll.lost is not None:
            yield _found.breach(
                counted.position, poll.id, f"{poll.id} was annulled and counted all the same."
            )
        if poll.box == "open" and len(poll.ballots) != poll.cast:
            yield _found.breach(
                counted.position,
                poll.id,
                f"It says {poll.cast} voted in {poll.id}; the record holds {len(poll.ballots)} ballots.",
            )
        yield from _result(audit, poll, counted)


def _closing(poll: Poll, counted: Mark) -> Iterator[Finding]:
    if poll.box == "outside":
        return  # it is counted when two scrutineers have entered the same; outside_ballots looks at it
    everybody = poll.voters >= poll.roll_count
    if counted.at < poll.closes_at and not everybody:
        yield _found.breach(
            counted.position, poll.id,
            f"{poll.id} was closed at {counted.at:%Y-%m-%d %H:%M}, before "
            f"{poll.closes_at:%Y-%m-%d %H:%M}, although not everybody had voted.",
        )  # fmt: skip
    elif poll.counted_due != poll.closes_at and not (everybody and counted.at < poll.closes_at):
        yield _found.breach(
            counted.position, poll.id, f"The count of {poll.id} was due at another time than its close."
        )


def _result(audit: Audit, poll: Poll, counted: Mark) -> Iterator[Finding]:
    at = counted.position
    again = audit.recount(poll)
    for position in again.wrong:
        yield _found.breach(position, poll.id, f"This ballot says nothing that {poll.id} asked for.")
    if again.problem:
        yield _found.breach(at, poll.id, f"{poll.id} cannot be counted: {again.problem}")
    if again.outcome is None:
        if again.unread:
            yield _found.observe(
                at,
                poll.id,
                f"{poll.id} could not be counted again: {again.unread} choices are not in this export."
                if not again.undecided
                else f"{poll.id} could not be counted again: a tie was decided by nothing on the record.",
            )
        return
    if poll.outcome != again.outcome:
        yield _found.breach(
            at,
            poll.id,
            f"The outcome of {poll.id} is given as {poll.outcome}; counted again it is {again.outcome}.",
        )
    if again.figures is not None and dict(poll.figures) != dict(again.figures):
        wrong = sorted(
            key
            for key in {**poll.figures, **again.figures}
            if poll.figures.get(key) != again.figures.get(key)
        )
        told = ", ".join(
            f"{key} {poll.figures.get(key)} instead of {again.figures.get(key)}" for key in wrong[:6]
        )
        yield _found.breach(at, poll.id, f"The figures of {poll.id} are not those of its ballots: {told}.")
    yield from _whole(audit, poll, again, at)


def _whole(audit: Audit, poll: Poll, again: Recount, at: int) -> Iterator[Finding]:
    """The whole count, matrix and all, where its words are here."""
    shown = json_value(audit.contents.value(poll.count))
    if type(shown) is dict and again.whole is not None:
        for key in sorted(shown.keys() & again.whole.keys()):
            if _said(shown[key]) != _said(again.whole[key]):
                yield _found.breach(
                    at, poll.id, f"The published count of {poll.id} has another {key} than its ballots give."
                )
    elif audit.contents.opened(poll.count):
        yield _found.breach(at, poll.id, f"The published count of {poll.id} cannot be read.")


def _said(value: Any) -> Any:
    """A part of a count without its notes, which may call candidates by name."""
    if type(value) is not list:
        return value
    return [
        {name: one for name, one in part.items() if name != "notes"} if type(part) is dict else part
        for part in value
    ]
