# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of petitions. Articles 1 (recall) and 12.

1. Members of a post's unit may ask at any time to recall a running term, unless the charter gives its holder
   some days first; who was elected before the founding has none. One recall of a term at a time.
2. Any member may put a question to all members. Where the charter asks for signatures from several units, and
   so many units have members, they come from so many.
3. How many are needed is a share of the members at the opening, rounded up, at least two; for a recall in a
   unit of fewer than four, one. It stays as it was, whoever joins or leaves.
4. Whoever belongs to the unit while the petition runs signs, once; leaders, and the holder too. Until enough
   have signed or time is over they may take it back, and sign anew an hour later.
5. Enough have signed, and what was asked for happens by itself, at once. Nobody allows it or puts it off.
6. A signature stands when its signer leaves: taking it back with the leaving would show whose it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 12
RECALL = 1
Limits = Mapping[str, int]

WHOLE = 10_000  # shares are kept in hundredths of a per cent
FEW = 4  # in a unit of fewer, one signature calls a recall
A_WHILE = timedelta(hours=1)  # between taking a signature back and giving it anew
PETITIONS_A_DAY = 3
KEPT = {
    "recall": ("S5.share", "S5.within", "S5.grace", "S5.vote", "D5.other"),
    "question": ("S3.share", "S3.units", "S5.within"),
}
"""The limits that a petition copies from the charter at its birth, by what it is about."""


class State(StrEnum):
    """Where a petition stands."""

    RUNNING = "running"
    REACHED = "reached"
    LAPSED = "lapsed"
    DECIDED = "decided"


# --- How many ----------------------------------------------------------------------------------------


def signatures_needed(about: str, *, base: int, limits: Limits) -> int:
    """How many must sign; counts round up, and nobody alone moves more than three others."""
    share = -(-base * limits["S5.share" if about == "recall" else "S3.share"] // WHOLE)
    return max(share, 1 if about == "recall" and base < FEW else 2)


def units_needed(about: str, *, units: int, limits: Limits) -> int:
    """From how many units signatures must come; 0 where there are not so many units with members."""
    return limits["S3.units"] if about == "question" and units >= limits["S3.units"] else 0


def are_enough(units: Collection[str], *, needed: int, units_needed: int) -> bool:
    """Whether these signatures, each by its unit, are enough of them from enough units."""
    return len(units) >= needed and (units_needed < 2 or len(set(units) - {""}) >= units_needed)


# --- Opening -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TermAsked:
    """The term that somebody wants to end."""

    how: str
    begins_at: datetime
    over_at: datetime  # its end, or when it ended before
    called: bool  # a petition on it runs, or the vote


@dataclass(frozen=True)
class Opening:
    """What is known when somebody opens a petition."""

    is_member: bool
    of_unit: bool
    about: str
    term_given: bool
    term: TermAsked | None
    opened_today: int
    limits: Limits


def may_open(facts: Opening, *, at: datetime) -> Refusal | None:
    """Any member opens a petition: on a term of their own unit's posts, or with a question to all."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if facts.about not in KEPT or facts.term_given != (facts.about == "recall"):
        return Refusal("petition-about-nothing", ARTICLE)
    if facts.about == "recall":
        refusal = _may_ask_for_recall(facts, at=at)
        if refusal is not None:
            return refusal
    if facts.opened_today >= PETITIONS_A_DAY:
        return Refusal("too-many-petitions", ARTICLE, facts={"most": PETITIONS_A_DAY})
    return None


def _may_ask_for_recall(facts: Opening, *, at: datetime) -> Refusal | None:
    term = facts.term
    if term is None:
        return Refusal("no-such-term", RECALL)
    if not facts.of_unit:
        return Refusal("petition-of-another-unit", RECALL)
    if at >= term.over_at:
        return Refusal("term-already-ended", RECALL)
    grace_ends = term.begins_at + facts.limits["S5.grace"] * DAY
    if term.how != "confirmed" and at < grace_ends:
        return Refusal("recall-in-grace", RECALL, until=grace_ends)
    if term.called:
        return Refusal("recall-under-way", RECALL)
    return None


# --- Signing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signing:
    """What is known when somebody signs a petition, or takes their signature back."""

    is_member: bool
    of_unit: bool
    signed: bool
    withdrawn_at: datetime | None
    state: str
    closes_at: datetime
    over_at: datetime | None  # when the term that it is about is over
    enough: bool

    def runs(self, at: datetime) -> Refusal | None:
        """A petition runs until enough have signed, its time is over, or there is nothing to recall."""
        if self.state in (State.REACHED, State.DECIDED) or (self.state == State.RUNNING and self.enough):
            return Refusal("petition-reached", ARTICLE)
        if self.over_at is not None and at >= self.over_at:
            return Refusal("term-already-ended", RECALL)
        if self.state != State.RUNNING or at >= self.closes_at:
            return Refusal("petition-over", ARTICLE, facts={"closed": self.closes_at})
        return None


def may_sign(facts: Signing, *, at: datetime) -> Refusal | None:
    """Whoever belongs to the unit now signs once, while the petition runs; leaders as anybody."""
    if not facts.is_member:
        return Refusal("not-a-member", ARTICLE)
    if not facts.of_unit:
        return Refusal("petition-of-another-unit", ARTICLE)
    if facts.signed:
        return Refusal("petition-signed-already", ARTICLE)
    refusal = facts.runs(at)
    if refusal is None and facts.withdrawn_at is not None and at < facts.withdrawn_at + A_WHILE:
        return Refusal("signature-just-withdrawn", ARTICLE, until=facts.withdrawn_at + A_WHILE)
    return refusal


def may_withdraw(facts: Signing, *, at: datetime) -> Refusal | None:
    """Who signed takes it back while the petition runs, also when they have left."""
    if not facts.signed:
        return Refusal("petition-not-signed", ARTICLE)
    return facts.runs(at)
