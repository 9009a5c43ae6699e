# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did everybody who voted stand on the roll, once, while the poll was open?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.roll_right import roll_shown
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "Is every ballot from the roll, one each, cast while the poll was open?"
ARTICLE = 12
EVIDENCE = attested(
    "the server that signed the voter in",
    limit="Whether somebody voted in another's place shows only to that member.",
)
FINDS = ("rolls padded after opening, and votes by people who were not on them",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """A poll accepts nothing after its frozen end, whether the clock has come round or not."""
    for poll in audit.state.polls.values():
        if poll.box != "open" and poll.ballots:
            first = min(poll.ballots.values())
            yield _found.breach(
                first.position, poll.id, f"{poll.id} is secret, and a vote in it stands under a name."
            )
        shown = roll_shown(audit, poll)
        roll = audit.roll(poll) if shown is None else set(shown)
        for voter, ballot in poll.again:
            yield _found.breach(ballot.position, poll.id, f"{voter} voted a second time in {poll.id}.")
        closes, opens, counted = poll.closes_at, poll.opened.at, poll.counted
        end = counted.position if counted else audit.state.size
        for voter, ballot in poll.ballots.items():
            if voter not in roll:
                yield _found.breach(
                    ballot.position, poll.id, f"{voter} voted in {poll.id} without being on the roll."
                )
            if not opens <= ballot.at < closes or ballot.position > end:
                yield _found.breach(ballot.position, poll.id, f"{voter} voted in {poll.id} outside its time.")
            if ballot.choice is None:
                yield _found.breach(ballot.position, poll.id, f"The ballot of {voter} holds no choice.")
