# SPDX-License-Identifier: AGPL-3.0-or-later
"""Were exactly those on the roll who had to be?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Poll

QUESTION = (
    "Is every roll the members who belonged when it counted, no more and no fewer, frozen at the opening?"
)
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ("rolls padded after opening, and votes by people who were not on them",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """On an issue: who joined before it was raised. In an election: who belonged by the day it names.

    In a confirmation: every accepted member of the unit. In a recall: who was one when it was asked for.
    """
    for poll in audit.state.polls.values():
        at = poll.opened.position
        right = audit.roll(poll)
        shown = roll_shown(audit, poll)
        if shown is None:
            if audit.contents.opened(poll.roll):
                yield _found.breach(at, poll.id, "The roll cannot be read.")
            if poll.roll is None:
                yield _found.breach(at, poll.id, "The poll was opened without a roll.")
            if poll.roll_count != len(right):
                yield _found.breach(
                    at, poll.id, f"The roll has {poll.roll_count} names; {len(right)} members belong on it."
                )
            continue
        if len(set(shown)) != len(shown) or shown != sorted(shown):
            yield _found.breach(at, poll.id, "The roll names somebody twice or is out of order.")
        if poll.roll_count != len(shown):
            yield _found.breach(
                at, poll.id, f"The roll is said to have {poll.roll_count} names; it has {len(shown)}."
            )
        for member in sorted(set(shown) - right):
            yield _found.breach(
                at, member, f"{member} stands on the roll of {poll.id} and does not belong there."
            )
        for member in sorted(right - set(shown)):
            yield _found.breach(at, member, f"{member} belongs on the roll of {poll.id} and was left out.")


def roll_shown(audit: Audit, poll: Poll) -> list[str] | None:
    """The roll as it was frozen, if its words are here."""
    names = json_value(audit.contents.value(poll.roll))
    if type(names) is not list or not all(type(name) is str for name in names):
        return None
    return names
