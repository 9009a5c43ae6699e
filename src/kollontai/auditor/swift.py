# SPDX-License-Identifier: AGPL-3.0-or-later
"""The longest lists of a claim, compared without deriving a row for each of a million.

Each function takes some rows and gives back those that are not plainly what the record has, for a slower
look that says what is wrong with them.
"""

from __future__ import annotations

from binascii import unhexlify
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.openrecord import facts


def odd_ballots(audit: Audit, rows: list[Any], seen: bytearray) -> list[Any]:
    """Ballots: the poll, the voter, and when."""
    odd = []
    polls, spell = audit.state.polls, audit.spell
    for row in rows:
        try:
            ballot = polls[row["poll"]].ballots[row["voter"]]
            same = row["at"] == spell(ballot.at) and len(row) == 3 and not seen[ballot.position]
        except (KeyError, TypeError):
            same = False
        if same:
            seen[ballot.position] = 1
        else:
            odd.append(row)
    return odd


def odd_contributions(audit: Audit, rows: list[Any], seen: bytearray) -> list[Any]:
    """Contributions: everything that was said of them."""
    odd = []
    contributions, spell = audit.state.contributions, audit.spell
    for row in rows:
        try:
            one = contributions[row["contribution"]]
            versions = one.versions
            position, at, _, _ = versions[0].mark
            same = (
                row["issue"] == one.issue
                and row["author"] == one.author
                and row["form"] == one.form
                and row["stage"] == one.stage
                and row["stance"] == one.stance
                and row["answers"] == (one.answers or "")
                and row["version"] == versions[-1].number
                and row["at"] == spell(at)
                and len(row) == 9
                and not seen[position]
            )
        except (KeyError, TypeError):
            same = False
        if same:
            seen[position] = 1
        else:
            odd.append(row)
    return odd


def odd_voters(audit: Audit, rows: list[Any], voters: dict[str, set[str]]) -> list[Any]:
    """Voters: who is on which roll."""
    odd = []
    people, polls = audit.state.people, audit.state.polls
    for row in rows:
        try:
            person, poll = people[row["member"]].id, polls[row["poll"]].id
            known = voters.get(poll)
            if known is None:
                known = voters[poll] = set()
            if person not in known:
                known.add(person)
                continue
        except (KeyError, TypeError):
            pass
        odd.append(row)
    return odd


_AUDIENCES = {name: cls.audience for name, cls in facts.KINDS.items()}


def odd_contents(audit: Audit, rows: list[Any], last: str) -> tuple[list[Any], list[Any], str]:
    """Contents that differ from what their entries say; those out of order; and the last key."""
    odd, unordered = [], []
    get, erased, authors = audit.state.committed.get, audit.state.erased, audit.contents.authors
    for row in rows:
        same = False
        try:
            key = row["commitment"]
            if key <= last:
                unordered.append(row)
                continue
            last = key
            commitment = unhexlify(key)
            committed = get(commitment)
            if committed is not None:
                same = (
                    row["kind"] == committed.kind
                    and row["field"] == committed.field
                    and row["author"] == (authors.get(commitment) or committed.owner)
                    and row["audience"] == _AUDIENCES[committed.kind]
                    and row["erased"] is (commitment in erased)
                    and len(row) == 7
                    and key == commitment.hex()
                    and row["held_until"]
                    == (committed.held if committed.held and audit.contents.is_held(commitment) else "")
                )
        except (KeyError, TypeError, ValueError):
            pass
        if not same:
            odd.append(row)
    return odd, unordered, last


def odd_pointers(
    audit: Audit, rows: list[Any], last: tuple[str, str]
) -> tuple[list[Any], list[Any], tuple[str, str]]:
    """Pointers not plainly from a ballot or contribution to its words; those out of order; the last place."""
    odd, unordered = [], []
    polls, contributions = audit.state.polls, audit.state.contributions
    for row in rows:
        same = False
        try:
            label, subject, shown = row
            place = (label, subject)
            if place <= last:
                unordered.append(row)
                continue
            last = place
            if label == "ballot.choice":
                poll, _, voter = subject.partition("/")
                same = polls[poll].ballots[voter].choice == unhexlify(shown)
            elif label == "contribution.text" and subject[-2:] == "/1":
                version = contributions[subject[:-2]].versions[0]
                same = version.number == 1 and version.text == unhexlify(shown)
        except (KeyError, TypeError, ValueError, AttributeError):
            pass
        if not same:
            odd.append(row)
    return odd, unordered, last
