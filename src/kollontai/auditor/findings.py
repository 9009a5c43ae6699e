# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a check has to say: a finding, and how far its evidence reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["breach", "observation"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the articles or the formats ask.

    `position` is the entry on the record that shows it, where one does. A *breach* breaks a rule; an
    *observation* breaks none and is there for members to judge.
    """

    check: str
    position: int | None
    subject: str
    sentence: str
    article: int
    severity: Severity = "breach"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far an answer reaches: proved, attested by somebody, or absent."""

    strength: Literal["proved", "attested", "absent"]
    by: str = ""
    """Whose word it is, where it is attested."""
    limit: str = ""
    """What this evidence does not reach, in one sentence."""

    def __str__(self) -> str:
        """The class in words."""
        return f"attested by {self.by}" if self.by else self.strength


PROVED = Evidence("proved")


def proved(*, limit: str = "") -> Evidence:
    """Anybody can work it out again from the export alone."""
    return Evidence("proved", limit=limit)


def attested(by: str, *, limit: str = "") -> Evidence:
    """It rests on somebody's word, which the record keeps."""
    return Evidence("attested", by, limit)


class Finder:
    """Makes the findings of one check."""

    __slots__ = ("article", "name")

    def __init__(self, name: str, article: int) -> None:
        """Name the check (the last part of its module's name) and the article it watches."""
        self.name = name.rpartition(".")[2]
        self.article = article

    def breach(
        self, position: int | None, subject: str, sentence: str, *, article: int | None = None
    ) -> Finding:
        """A rule is broken."""
        return Finding(self.name, position, subject, sentence, article or self.article)

    def observe(
        self, position: int | None, subject: str, sentence: str, *, article: int | None = None
    ) -> Finding:
        """No rule is broken; members may want to know."""
        return Finding(self.name, position, subject, sentence, article or self.article, "observation")
