# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments: moved, supported, taken into the text or carried to the vote, alone or combined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("amendment.moved", link="accountable", audience="members", commits=("text", "reasons"))
@dataclass(frozen=True, slots=True)
class AmendmentMoved(Fact):
    """A member moved to change a run of lines of a draft.

    `number` counts the amendments of an issue from 1. `operation`: "replace", "delete", or
    "insert" before line `first`, or after the last line (`last` is then one less than `first`). `version`: of
    the draft that they read, or, with `parent`, of that amendment, whose new lines are then counted. It
    commits to the new lines, but for "delete", and to reasons where any are given.
    """

    amendment: str
    issue: str
    draft: str
    number: int
    operation: str
    version: int
    first: int
    last: int
    parent: str | None = None


@kind("amendment.supported", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class AmendmentSupported(Fact):
    """A member stands behind this amendment."""

    amendment: str
    issue: str


@kind("amendment.withdrawn", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class AmendmentWithdrawn(Fact):
    """The mover took their amendment back."""

    amendment: str
    issue: str


@kind("amendment.accepted", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class AmendmentAccepted(Fact):
    """The mover of the text it speaks of took an amendment into that text.

    Stands directly before the `draft.revised`, or for an amendment to an amendment the `amendment.revised`,
    that it makes; `version` is the number of that version.
    """

    amendment: str
    issue: str
    version: int


@kind("amendment.revised", link="accountable", audience="members", commits=("text",))
@dataclass(frozen=True, slots=True)
class AmendmentRevised(Fact):
    """An amendment has new lines, because its mover accepted an amendment to it."""

    amendment: str
    issue: str
    version: int


@kind("combination.proposed", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class CombinationProposed(Fact):
    """The mover of one of these amendments wants them as one alternative. Two to four, of one draft."""

    combination: str
    issue: str
    draft: str
    amendments: tuple[str, ...]


@kind("combination.agreed", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class CombinationAgreed(Fact):
    """Another mover agrees, for all their amendments in it."""

    combination: str
    issue: str


@kind("amendments.combined", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class AmendmentsCombined(Fact):
    """Every mover has said yes: they are one alternative. Stands directly after the last yes."""

    combination: str
    issue: str


@kind("alternative.written", link="clock", audience="members", commits=("text",))
@dataclass(frozen=True, slots=True)
class AlternativeWritten(Fact):
    """A draft as amendments make it, written out whole when the vote opened.

    `version`: of the draft that they were applied to. `amendments` in the order of their lines. Its title and
    its effects are those of the draft.
    """

    alternative: str
    issue: str
    draft: str
    version: int
    amendments: tuple[str, ...]
    due: datetime
