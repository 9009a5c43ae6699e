# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the longest lists of an honest claim look like, to the letter.

A claim is canonical JSON with its lists in order. So what stands in it can be written down beforehand, some
rows at a time, and compared as text: no row of a million has to be taken apart. Wherever the text differs,
the rest of that list is read row by row, and every difference is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.roll_right import roll_shown
from kollontai.auditor.rows import Pointers
from kollontai.openrecord import facts

Expected = Iterator[tuple[str, Any]]
"""The text of some rows, and what is known once it has been found in the claim."""

_SOME = 1_000
_AUDIENCES = {name: cls.audience for name, cls in facts.KINDS.items()}


def expected(audit: Audit, name: str) -> Expected:
    """What stands in a list of this name; nothing for lists that are read row by row anyway."""
    write = _WRITERS.get(name)
    return iter(()) if write is None else write(audit)


def _some(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while found := list(islice(left, _SOME)):
        yield found


def _ballots(audit: Audit) -> Expected:
    """Notes: the positions of these ballots."""
    spelt = audit.spelt
    for poll_id, poll in sorted(audit.state.polls.items()):
        ballots = poll.ballots
        for voters in _some(sorted(ballots)):
            text = ",".join(
                [f'{{"at":"{spelt[ballots[one].at]}","poll":"{poll_id}","voter":"{one}"}}' for one in voters]
            )
            yield text, [ballots[one].position for one in voters]


def _voters(audit: Audit) -> Expected:
    """Notes: the poll, and who is on its roll."""
    people = audit.state.people
    for poll_id, poll in sorted(audit.state.polls.items()):
        roll = roll_shown(audit, poll)
        names: Sequence[str] = sorted(audit.roll(poll) if roll is None else roll)
        if not all(name in people for name in names):
            return  # no ids: what they would look like in a claim is not said
        for some in _some(names):
            yield ",".join([f'{{"member":"{one}","poll":"{poll_id}"}}' for one in some]), (poll_id, some)


def _contributions(audit: Audit) -> Expected:
    """Notes: the positions of these contributions."""
    spelt, contributions = audit.spelt, audit.state.contributions
    for names in _some(sorted(contributions)):
        rows, positions = [], []
        for name in names:
            one = contributions[name]
            position, at, _, _ = one.versions[0].mark
            positions.append(position)
            rows.append(
                f'{{"answers":"{one.answers or ""}","at":"{spelt[at]}","author":"{one.author}",'
                f'"contribution":"{name}","form":"{one.form}","issue":"{one.issue}","stage":"{one.stage}",'
                f'"stance":"{one.stance}","version":{one.versions[-1].number}}}'
            )
        yield ",".join(rows), positions


def _contents(audit: Audit) -> Expected:
    """Notes: how many, and the last commitment."""
    committed, erased, contents = audit.state.committed, audit.state.erased, audit.contents
    authors, closed = contents.authors, contents.closed
    for some in _some(sorted(committed)):
        rows = []
        for commitment in some:
            _, kind, field, actor, owner, held = committed[commitment]
            author = authors.get(commitment, owner)
            if author not in (actor, owner):
                return
            rows.append(
                f'{{"audience":"{_AUDIENCES[kind]}","author":"{author}","commitment":"{commitment.hex()}",'
                f'"erased":{"true" if commitment in erased else "false"},"field":"{field}",'
                f'"held_until":"{held if held in closed else ""}","kind":"{kind}"}}'
            )
        yield ",".join(rows), (len(rows), some[-1].hex())


def _pointers(audit: Audit) -> Expected:
    """Notes: how many, and the last label and subject."""
    pointers = Pointers(audit)
    for label, places in pointers.by_label():
        for some in _some(places):
            text = ",".join([f'["{label}","{subject}","{shown.hex()}"]' for subject, shown in some])
            yield text, (len(some), (label, some[-1][0]))


_WRITERS: dict[str, Callable[[Audit], Expected]] = {
    "ballots": _ballots,
    "voters": _voters,
    "contributions": _contributions,
    "contents": _contents,
    "pointers": _pointers,
}
