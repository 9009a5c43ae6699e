# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did two different scrutineers enter the same of every ballot held outside?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from kollontai.auditor.audit import Audit
from kollontai.auditor.elections import is_scrutineer
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.published import decisive_entry, outside_ballots, standing_entries
from kollontai.auditor.things import Poll

QUESTION = "Did two different scrutineers enter equal ballots of every vote held outside, after its close?"
ARTICLE = 12
EVIDENCE = attested(
    "the two scrutineers", limit="What lay in a box that was held outside, only its scrutineers have seen."
)
FINDS = ("ballots held outside that two scrutineers did not enter alike",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Counted when the second has entered the same; never before, and by nobody alone."""
    for poll in audit.state.polls.values():
        if poll.box == "outside" or poll.entered:
            yield from _entries(audit, poll)
        if poll.box == "outside" and poll.counted is not None:
            yield from _counted(audit, poll, poll.counted.position)


def _entries(audit: Audit, poll: Poll) -> Iterator[Finding]:
    for entry in poll.entered:
        at = entry.mark.position
        if poll.box != "outside":
            yield _found.breach(
                at, poll.id, f"{poll.id} is not held outside, and ballots were entered for it."
            )
        if entry.mark.at < poll.closes_at:
            yield _found.breach(at, poll.id, f"{entry.member} entered ballots of {poll.id} before its close.")
        counted = poll.counted
        for mark in (entry.mark, entry.back):
            if counted is not None and mark is not None and mark.position > counted.position:
                yield _found.breach(
                    mark.position, poll.id, f"An entry for {poll.id} changed after its count."
                )
        value = audit.contents.value(entry.ballots)
        if entry.ballots is None or (value is not None and sha256(value).hexdigest() != entry.sha256):
            yield _found.breach(
                at, poll.id, f"What {entry.member} entered for {poll.id} is not what its hash says."
            )


def _counted(audit: Audit, poll: Poll, at: int) -> Iterator[Finding]:
    last = decisive_entry(poll)
    equal = [
        one for one in standing_entries(poll) if last and (one.sha256, one.cast) == (last.sha256, last.cast)
    ]
    who = {entry.member for entry in equal}
    if len(who) < 2:
        yield _found.breach(
            at, poll.id, f"{poll.id} was counted with the entry of {len(who)} scrutineer; two are needed."
        )
        return
    others = [one for one in standing_entries(poll) if one not in equal]  # of whom holds the post no more
    if poll.counted and any(is_scrutineer(audit, one.member, poll.unit, poll.counted) for one in others):
        yield _found.breach(at, poll.id, f"{poll.id} was counted although its entries are unequal.")
    if any(entry.cast != poll.cast for entry in equal):
        yield _found.breach(at, poll.id, f"{poll.id} was counted with other numbers than were entered.")
    election = audit.state.elections.get(poll.subject)
    ballots = outside_ballots(poll, election.seats, audit.contents) if election else None
    if ballots is not None and not isinstance(ballots, str) and ballots.total != poll.cast:
        yield _found.breach(
            at,
            poll.id,
            f"{ballots.total} ballots were entered for {poll.id}, and {poll.cast} are said to be cast.",
        )
    if poll.cast > poll.roll_count:
        yield _found.breach(
            at, poll.id, f"{poll.cast} voted in {poll.id}; the roll has {poll.roll_count} names."
        )
