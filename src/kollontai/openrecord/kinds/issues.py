# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issues: raised, supported, talked over by members first, answered by leaders, replied to, voted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("issue.raised", link="accountable", audience="members", commits=("title", "text"))
@dataclass(frozen=True, slots=True)
class IssueRaised(Fact):
    """A member put an issue before its unit.

    `weight`: "big", "ordinary" or "unit". `limits` are copied from the charter for the issue's whole
    life (keys of the articles file). `needed`: supporters needed; `lapses_at`: when it lapses without.
    """

    issue: str
    number: int
    unit: str
    weight: str
    by_leader: bool
    needed: int
    lapses_at: datetime
    limits: Mapping[str, int]


@kind("issue.supported", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueSupported(Fact):
    """A member stands behind bringing the issue up."""

    issue: str


@kind("issue.support_withdrawn", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class IssueSupportWithdrawn(Fact):
    """A member no longer stands behind it."""

    issue: str


@kind("issue.lapsed", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class IssueLapsed(Fact):
    """The issue ended without a vote. `why`: "no-supporters" or "no-draft"."""

    issue: str
    why: str
    due: datetime


@kind("stage.begun", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class StageBegun(Fact):
    """A stage of an issue began. `stage`: "talk", "answer", "reply" or "vote".

    Talk begins with the last supporter needed (an act of a member, `due` missing); every other stage
    by the clock. `drafts_close_at` stands with the reply.
    """

    issue: str
    stage: str
    ends_at: datetime
    due: datetime | None = None
    drafts_close_at: datetime | None = None


@kind("issue.decided", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class IssueDecided(Fact):
    """The vote decided. `outcome`: "carried" or "not-carried"; `draft` the one that carried.

    `alternative`: where it carried as amendments make it, the one that was written out.
    """

    issue: str
    poll: str
    outcome: str
    draft: str | None = None
    alternative: str | None = None


@kind("resolution.in_force", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class ResolutionInForce(Fact):
    """A text the members voted is in force, by itself, from the count on.

    `text_commitment` is the commitment (hex) of the draft's last version, or of the `alternative` that was
    written out: what was voted, to the letter.
    """

    resolution: str
    issue: str
    draft: str
    poll: str
    text_commitment: str
    alternative: str | None = None


@kind("draft.put", link="accountable", audience="members", commits=("title", "text"))
@dataclass(frozen=True, slots=True)
class DraftPut(Fact):
    """A member put a draft forward. The first comes with the issue."""

    draft: str
    issue: str
    first: bool


@kind("draft.supported", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class DraftSupported(Fact):
    """A member wants this draft on the ballot."""

    draft: str
    issue: str


@kind("draft.revised", link="accountable", audience="members", commits=("title", "text"))
@dataclass(frozen=True, slots=True)
class DraftRevised(Fact):
    """The mover put a new version of their own draft; every earlier version stays readable."""

    draft: str
    issue: str
    version: int


@kind("draft.withdrawn", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class DraftWithdrawn(Fact):
    """The mover took their draft back."""

    draft: str
    issue: str


@kind("effects.declared", link="accountable", audience="members", commits=("effects",))
@dataclass(frozen=True, slots=True)
class EffectsDeclared(Fact):
    """What a version of a draft would change by itself if it carried, beside being a resolution.

    Stands directly after the draft's `draft.put` or `draft.revised`. `what`: the kinds of effect, from the
    closed list "create_post", "change_post", "end_post", "set_limit", "set_joining", "set_charter_text",
    "create_unit", "rename_unit", "set_dues", "law_note", "set_quiet_days",
    "set_voting_day", in order. `effects` (committed): a JSON list of
    objects with "effect" and what it sets: fields of `post.decided` or of `charter.changed`, `text`,
    `unit_name`, `dues`, or those of a law note.
    """

    draft: str
    version: int
    what: tuple[str, ...]


@kind("question.put", link="clock", audience="members", commits=("title", "text"))
@dataclass(frozen=True, slots=True)
class QuestionPut(Fact):
    """The clock put an issue before members, in the members' talk at once, because the articles say so.

    `why`: "petition" (`subject`: the petition that reached its number), "nobody-stands" (`subject`: the post
    for which nobody stood in two rounds) or "shortened" (`subject`: the issue that members shortened by a
    letter, and that has ended). It is otherwise an issue like any other, with a first draft
    (`draft`) that nobody moved. Fields as in `issue.raised`.
    """

    issue: str
    number: int
    unit: str
    weight: str
    why: str
    subject: str
    draft: str
    limits: Mapping[str, int]
    due: datetime
