# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line
"""The words of the questions that the clock puts, written afresh: nobody chooses them for a question."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Asked(NamedTuple):
    """The title and the text of a question."""

    title: str
    text: str


def nobody_stands(post: str, rounds: int) -> Asked:
    """Whether to drop a post for which nobody stood in so many rounds."""
    lines = (
        f"Nobody stood for the post “{post}” in {rounds} rounds of nominations, one after the other. Article 1 then asks the members of its unit whether to drop it. The clock put this question; nobody moved it.",
        "Nominations go on meanwhile.",
        "If this draft carries, nobody is elected to the post any more. Whoever holds it holds it to the end of their term.",
        "Others may put drafts beside it: to change the post, to join its work to another, or to leave it as it is.",
    )
    return Asked(f"Nobody stands for “{post}”: is the post to end?", "\n".join(lines))


def when_it_came(
    number: int, *, received: datetime, posted: datetime, before: datetime, shortened: datetime,
    would_end: datetime, supporters: int, needed: int,
) -> Asked:  # fmt: skip
    """When the letter came by which members shortened an issue."""
    lines = (
        f"Members shortened issue {number} because of a date from outside. Article 2 then asks afterwards when the letter came, whether it could have come earlier, and who could have known. The clock put this question; nobody moved it.",
        f"The letter came at {_say(received)}, as whoever posted it says; it stands in the letter box of issue {number}, with their name.",
        f"It was posted at {_say(posted)}.",
        f"The date it names is {_say(before)}.",
        f"The issue was shortened at {_say(shortened)} by {supporters} members who do not lead on it; {needed} were needed.",
        f"The vote would have ended at {_say(would_end)}.",
        "If this draft carries, the members find that the letter was shown in time. Others may put drafts beside it.",
    )
    return Asked(f"When did the letter come by which issue {number} was shortened?", "\n".join(lines))


def _say(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
