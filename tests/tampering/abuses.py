# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an abuse is: something done behind the software's back, and who must speak of it, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kollontai.auditor import Report


@dataclass(frozen=True)
class Seen:
    """What the check must say: about which thing, at which entry, with which words in its sentence."""

    subject: str
    position: int | None = None
    says: str = ""


@dataclass(frozen=True)
class Abuse:
    """One abuse. `do` bends what it is given and returns what must be seen."""

    way: str
    name: str
    check: str
    how: str
    do: Callable[..., Seen]

    @property
    def words(self) -> str:
        """What happens, in a sentence: the abuse's name, written out."""
        text = self.name.replace("_", " ")
        for name, written in _WRITTEN.items():
            text = text.replace(name, written)
        return text[0].upper() + text[1:]


_WRITTEN = {
    "e mail": "e-mail", "anothers": "another's", "somebodys": "somebody's", "somebody elses": "somebody else's",
    "members talk": "members' talk", "leaders proposal": "leader's proposal", "a members ": "a member's ",
}  # fmt: skip
"""What a name cannot spell."""

ABUSES: list[Abuse] = []


def abuse(way: str, check: str, how: str) -> Callable[[Callable[..., Seen]], Callable[..., Seen]]:
    """Add an abuse to the list; its function's name says what it is."""

    def register(do: Callable[..., Seen]) -> Callable[..., Seen]:
        ABUSES.append(Abuse(way, do.__name__, check, how, do))
        return do

    return register


def of(way: str) -> list[Any]:
    """Every abuse of one way, as parameters of a test."""
    import pytest

    return [pytest.param(one, id=one.name) for one in ABUSES if one.way == way]


def speaks(report: Report, one: Abuse, seen: Seen) -> None:
    """Hold that the right check says the right thing in the right place, and that every check was asked."""
    unfinished = [answer.unfinished for answer in report.answers if answer.unfinished]
    assert not unfinished, unfinished
    assert not report.ok, f"nothing was found of: {one.words}"
    found = [
        finding for finding in report.findings
        if (finding.check, finding.position, finding.subject) == (one.check, seen.position, seen.subject)
        and seen.says in finding.sentence
    ]  # fmt: skip
    assert found, f"{one.check} did not say it at {seen}:\n{report.text()}"
