# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line
"""Words that the server itself puts on the record: fixed, so that nobody chooses them for a question.

What stands on a ballot paper is frozen with it, and so is not translated for each reader. Pages say the same
in the reader's language beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kollontai.chapters.bodies.rules import PostWanted
from kollontai.chapters.deliberation.effects import CREATE, END, Effect

NOBODY_STANDS_TITLE = "Nobody stands for “{title}”: is the post to end?"
NOBODY_STANDS_TEXT = """Nobody stood for the post “{title}” in {rounds} rounds of nominations, one after the other. Article 1 then asks the members of its unit whether to drop it. The clock put this question; nobody moved it.
Nominations go on meanwhile.
If this draft carries, nobody is elected to the post any more. Whoever holds it holds it to the end of their term.
Others may put drafts beside it: to change the post, to join its work to another, or to leave it as it is."""


def nobody_stands(title: str, *, rounds: int) -> tuple[str, str]:
    """The question whether to drop a post for which nobody stood: its title and its text."""
    facts = {"title": title, "rounds": rounds}
    return NOBODY_STANDS_TITLE.format(**facts), NOBODY_STANDS_TEXT.format(**facts)


WHEN_IT_CAME_TITLE = "When did the letter come by which issue {number} was shortened?"
WHEN_IT_CAME_TEXT = """Members shortened issue {number} because of a date from outside. Article 2 then asks afterwards when the letter came, whether it could have come earlier, and who could have known. The clock put this question; nobody moved it.
The letter came at {received}, as whoever posted it says; it stands in the letter box of issue {number}, with their name.
It was posted at {posted}.
The date it names is {before}.
The issue was shortened at {shortened} by {supporters} members who do not lead on it; {needed} were needed.
The vote would have ended at {would_end}.
If this draft carries, the members find that the letter was shown in time. Others may put drafts beside it."""


def when_it_came(number: int, *, supporters: int, needed: int, **times: datetime) -> tuple[str, str]:
    """The question that follows an issue which members shortened: its title and its text."""
    said = {name: f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for name, moment in times.items()}
    facts = {"number": number, "supporters": supporters, "needed": needed, **said}
    return WHEN_IT_CAME_TITLE.format(**facts), WHEN_IT_CAME_TEXT.format(**facts)


# --- What this would change --------------------------------------------------------------------------


def would_change(one: Effect, before: PostWanted | None) -> str:
    """One effect in a sentence, for the ballot paper. `before`: the post as it stands."""
    title = before.title if before is not None else str(one.title)
    if one.effect == END:
        return f"The post “{title}” ends: nobody is elected to it any more; whoever holds it stays to the end of their term."
    said = "; ".join(_said(name, value, before) for name, value in one.sets().items() if _matters(one, name))
    if one.effect == CREATE:
        return f"A new post, “{title}”, filled by election: {said}."
    return f"The post “{title}”, for elections that open later: {said}."


def _matters(one: Effect, name: str) -> bool:
    """Whether a field of a new post says something that its name and the other fields do not."""
    if one.effect != CREATE:
        return True
    return name != "title" and not (name == "duty" and not one.duty)


def _said(name: str, value: object, before: PostWanted | None) -> str:
    was = "" if before is None else f" (now: {_value(name, getattr(before, name))})"
    return f"{_value(name, value)}{was}"


def _value(name: str, value: object) -> str:
    if name == "title":
        return f"its name is “{value}”"
    if name == "leading":
        return "it leads" if value else "it does not lead"
    if name == "seats":
        return "1 seat" if value == 1 else f"{value} seats"
    if name == "term_days":
        return f"a term of {value} days"
    if name == "pay":
        assert isinstance(value, int)
        return f"a pay of {value // 100}.{value % 100:02d} a month" if value else "no pay"
    if name == "duty":
        return f"its duty is that of a {value}" if value else "no special duty"
    return (
        "its ballots are held outside, by a scrutineer"
        if value == "outside"
        else "its ballots are secret and held here"
    )
