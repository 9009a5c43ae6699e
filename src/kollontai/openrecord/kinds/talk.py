# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said on an issue: contributions, answers of fact, sealed statements, letters, erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("contribution.made", link="accountable", audience="members", commits=("text",))
@dataclass(frozen=True, slots=True)
class ContributionMade(Fact):
    """Somebody spoke on an issue.

    `stance`: "for", "against", "other" or "question" (chosen by its author). `stage`: where the issue
    stood. `answers`: the contribution it answers.
    """

    contribution: str
    issue: str
    stage: str
    stance: str
    answers: str | None = None


@kind("contribution.revised", link="accountable", audience="members", commits=("text",))
@dataclass(frozen=True, slots=True)
class ContributionRevised(Fact):
    """The author put a new version of their own words; the earlier ones stay readable."""

    contribution: str
    issue: str
    version: int


@kind("fact.answered", link="accountable", audience="members", commits=("text", "source"))
@dataclass(frozen=True, slots=True)
class FactAnswered(Fact):
    """A leader answered a question of fact, or corrected a date, a sum or a quotation with its source.

    `form`: "answer" (to a contribution with stance "question") or "correction" (with a source).
    """

    contribution: str
    issue: str
    stage: str
    form: str
    answers: str


@kind("fact.cover_asked", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class FactCoverAsked(Fact):
    """A member says that a "fact" argues instead of stating something.

    With three of them it is covered, one click to read, until the stage in which it was stated is over.
    """

    contribution: str
    issue: str


@kind("statement.sealed", link="accountable", audience="members", commits=("text",), held=True)
@dataclass(frozen=True, slots=True)
class StatementSealed(Fact):
    """A leader lodged one statement ahead; the clock opens it when the leaders answer."""

    statement: str
    issue: str


@kind("statement.opened", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class StatementOpened(Fact):
    """The clock opened a sealed statement. Nobody else can, and nobody can stop it."""

    statement: str
    issue: str
    due: datetime


@kind("letter.posted", link="accountable", audience="members", commits=("sender", "text"))
@dataclass(frozen=True, slots=True)
class LetterPosted(Fact):
    """A document from outside, posted whole and without comment by whoever received it."""

    letter: str
    issue: str
    received_at: datetime


@kind("content.erased", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class ContentErased(Fact):
    """Bytes and salt of these commitments (hex) were deleted. `ground`: "own" (by its author)."""

    commitments: tuple[str, ...]
    ground: str


@kind("export.stamped", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class ExportStamped(Fact):
    """The hash of the members' export at this size of the record, so that all can see they hold the same."""

    size: int
    manifest_sha256: str
