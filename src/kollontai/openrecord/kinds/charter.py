# SPDX-License-Identifier: AGPL-3.0-or-later
"""Big decisions, and what a vote changes of the charter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("issue.called_big", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueCalledBig(Fact):
    """A member who is no leader on it says that the issue is a big decision. Nobody takes it back."""

    issue: str


@kind("issue.made_big", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueMadeBig(Fact):
    """The issue is a big decision from here on; its talk begins anew with the next entry.

    `why`: "members" (this act was the last call needed) or "effect" (this act declared an effect that needs
    the long times; its `effects.declared` stands directly before). `limits`: what it keeps
    from here on: as it was born, and, for what it was not born with, those of this day.
    """

    issue: str
    why: str
    limits: Mapping[str, int]


@kind("charter.changed", link="clock", audience="world", commits=("text",))
@dataclass(frozen=True, slots=True)
class CharterChanged(Fact):
    """The charter is otherwise from here on, because all members voted so: it stands with the count.

    `version` counts from 1, the founding's. `what`: "set_limit" (`key`, `value`, and `of` for the number
    below the line of a fraction), "set_joining" (`joining`) or "set_charter_text" (the words are committed).
    """

    version: int
    what: str
    issue: str
    draft: str
    key: str | None = None
    value: int | None = None
    of: int | None = None
    joining: str | None = None


@kind("unit.decided", link="clock", audience="world", commits=("name",))
@dataclass(frozen=True, slots=True)
class UnitDecided(Fact):
    """A unit begins, or is called otherwise, because members voted so: it stands with the count.

    `what`: "created" (by all members, below the first unit) or "renamed" (by the unit itself).
    """

    unit: str
    parent: str
    what: str
    issue: str
    draft: str


@kind("dues.set", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class DuesSet(Fact):
    """A member pays this much a month from here on, in hundredths of the currency. `number` counts from 1."""

    number: int
    amount: int
    issue: str
    draft: str


@kind("law_note.voted", link="clock", audience="world", commits=("words",))
@dataclass(frozen=True, slots=True)
class LawNoteVoted(Fact):
    """A law note stands beside an article until its day, because all members voted so.

    `touches`: "form", "term", "eligibility", "proxy", "publication" or "signing". `words` (committed): a JSON
    object with "country", "statute", "section", "adviser", "text" (the section's, in full) and "change" (the
    narrowest one).
    """

    note: str
    article: int
    touches: str
    until: datetime
    issue: str
    draft: str


@kind("law_note.lapsed", link="clock", audience="world")
@dataclass(frozen=True, slots=True)
class LawNoteLapsed(Fact):
    """A law note is over, by the clock, on its day."""

    note: str
    due: datetime
