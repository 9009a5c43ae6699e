# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did movers alone dispose of what they had moved?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kollontai.auditor.amendments import Combination, Table, clash
from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Issue

QUESTION = (
    "Was every amendment withdrawn by its mover alone, accepted by the mover of the text, and combined with "
    "the yes of every mover?"
)
ARTICLE = 2
EVIDENCE = PROVED
FINDS = ()

_found = Finder(__name__, ARTICLE)

EACH = 10
LEAST, MOST = 2, 4


def check(audit: Audit) -> Iterator[Finding]:
    """Nobody takes back, takes in or ties together what is another's."""
    state = audit.state
    for issue in state.issues.values():
        moved: Counter[str] = Counter()
        for one in map(state.amendments.__getitem__, issue.amendments):
            moved[one.mover] += 1
            if moved[one.mover] == EACH + 1:
                yield _found.breach(
                    one.moved.position,
                    one.id,
                    f"{one.mover} moved more than {EACH} amendments.",
                )
            if one.taken_back is not None and one.taken_back.actor != one.mover:
                yield _found.breach(
                    one.taken_back.position,
                    one.id,
                    f"{one.taken_back.actor} withdrew what {one.mover} moved.",
                )
            if one.accepted is not None:
                parent = state.amendments.get(one.parent)
                owner = parent.mover if parent else state.drafts[one.draft].mover
                if one.accepted.actor != owner:
                    yield _found.breach(
                        one.accepted.position, one.id,
                        f"{one.accepted.actor} accepted {one.id} into the text of {owner}.",
                    )  # fmt: skip
        yield from _combined(audit, issue)


def _combined(audit: Audit, issue: Issue) -> Iterator[Finding]:
    state = audit.state
    taken: set[str] = set()
    for one in map(state.combinations.__getitem__, issue.combinations):
        parts = [state.amendments[name] for name in one.amendments]
        movers = {part.mover for part in parts}
        at = one.proposed.position
        if one.proposed.actor not in movers:
            yield _found.breach(at, one.id, f"{one.proposed.actor} would combine amendments of others.")
        if not LEAST <= len(set(one.amendments)) == len(parts) <= MOST:
            yield _found.breach(at, one.id, f"{len(parts)} amendments are to be one alternative.")
        if any(part.draft != one.draft for part in parts):
            yield _found.breach(at, one.id, f"{one.id} combines amendments of different drafts.")
        for member, mark in one.agreed.items():
            if member not in movers:
                yield _found.breach(mark.position, one.id, f"{member} agreed for amendments of others.")
        if one.combined is None:
            continue
        here = one.combined.position
        said_yes = {one.proposed.actor} | {
            member for member, mark in one.agreed.items() if mark.position < here
        }
        for mover in sorted(movers - said_yes):
            yield _found.breach(here, one.id, f"The amendment of {mover} was combined without their yes.")
        again = taken & set(one.amendments)
        if again:
            yield _found.breach(here, one.id, f"{min(again)} stands in two combinations.")
        taken |= set(one.amendments)
        yield from _can_be_one(audit, issue, one)


def _can_be_one(audit: Audit, issue: Issue, one: Combination) -> Iterator[Finding]:
    assert one.combined is not None
    table = Table(audit, issue, one.combined.position)
    places = [table.place(table.amendments[name]) for name in one.amendments if name in table.amendments]
    known = [place for place in places if place is not None]
    whole = len(known) == len(one.amendments) and not any(place.overtaken for place in known)
    if whole and clash([place.edit for place in known]):
        yield _found.breach(one.combined.position, one.id, f"{one.id} combines amendments that conflict.")
