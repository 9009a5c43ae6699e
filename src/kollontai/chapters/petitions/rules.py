# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of petitions. Articles 1 (recall) and 12.

1. Members of a post's unit may ask at any time to recall a running term, unless the charter gives its holder
   some days first; who was elected before the founding has none. One recall of a term at a time.
2. Any member may put a question to all members. Where the charter asks for signatures from several units, and
   so many units have members, they come from so many. Where fewer have members later, since units merged or
   the last of one left, it does not matter any more where they come from.
3. How many are needed is a share of the members at the opening, rounded up, at least two; for a recall in a
   unit of fewer than four, one. It stays as it was, whoever joins or leaves.
4. Whoever belongs to the unit while the petition runs signs, once; leaders, and the holder too. Until enough
   have signed or time is over they may take it back, and sign anew an hour later.
5. Enough have signed, and what was asked for happens by itself, at once. Nobody allows it or puts it off.
6. A signature stands when its signer leaves: taking it back with the leaving would show whose it was.
7. When enough have signed, each elected scrutineer of the unit, or of one above, may draw one in ten by lot,
   at most twenty, is shown who signed those, asks them, and reports how many had. Nobody else is ever shown
   who signed, and nobody sees it after that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.charter.rules import is_text
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 12
RECALL = 1
SAMPLE = 14
Limits = Mapping[str, int]

WHOLE = 10_000  # shares are kept in hundredths of a per cent
FEW = 4  # in a unit of fewer, one signature calls a recall
A_WHILE = timedelta(hours=1)  # between taking a signature back and giving it anew
PETITIONS_A_DAY = 3
KEPT = {
    "recall": ("S5.share", "S5.within", "S5.grace", "S5.vote", "D5.other", "R1.unit"),
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


def units_still_needed(needed: int, *, units: int) -> int:
    """The same with the units that have members now: nobody's petition is made hopeless."""
    return needed if units >= needed else 0


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


# --- The scrutineers' sample -------------------------------------------------------------------------

ONE_IN = 10
MOST = 20
LONGEST_SENTENCE = 1_000  # characters


@dataclass(frozen=True)
class Sampling:
    """What is known when somebody draws a sample of signatures, or reports on one."""

    is_member: bool
    is_scrutineer: bool  # holds a scrutineer's post of the unit, or of a unit above
    is_asked_about: bool  # holds the post that the petition is about
    state: str
    links_destroyed: bool
    drawn: int  # how many this scrutineer drew
    reported: bool


def sample_size(signatures: int) -> int:
    """How many of the signatures a sample shows: one in ten, rounded up, and at most twenty."""
    return min(MOST, -(-signatures // ONE_IN))


def sample_seed(petition: str, scrutineer: str, sentence: str) -> str:
    """The seed of a sample's lot, from the scrutineer's own sentence."""
    given = f"kollontai/sample/v1\n{petition}\n{scrutineer}\n{sentence}"
    return sha256(given.encode("utf-8")).hexdigest()


def may_draw(facts: Sampling) -> Refusal | None:
    """An elected scrutineer draws once, when nobody signs any more and the ties are not destroyed yet."""
    refusal = _is_to_see(facts)
    if refusal is not None:
        return refusal
    if facts.state not in (State.REACHED, State.DECIDED):
        return Refusal("petition-not-reached", SAMPLE)
    if facts.links_destroyed:
        return Refusal("ties-destroyed", SAMPLE)
    if facts.drawn:
        return Refusal("sample-drawn-already", SAMPLE)
    return None


def _is_to_see(facts: Sampling) -> Refusal | None:
    if not facts.is_member:
        return Refusal("not-a-member", SAMPLE)
    if not facts.is_scrutineer:
        return Refusal("not-to-see-signatures", SAMPLE)
    if facts.is_asked_about:
        return Refusal("petition-about-you", SAMPLE)
    return None


def sees_names(facts: Sampling) -> bool:
    """Whether somebody is shown who signed what they drew: until they report, or the ties are destroyed."""
    return _is_to_see(facts) is None and facts.drawn > 0 and not facts.reported and not facts.links_destroyed


def usable_sentence(sentence: str) -> Refusal | None:
    """A lot needs words that nobody could know before."""
    if not sentence.strip() or len(sentence) > LONGEST_SENTENCE or not is_text(sentence):
        return Refusal("sample-sentence-unusable", SAMPLE, facts={"longest": LONGEST_SENTENCE})
    return None


def may_report(facts: Sampling) -> Refusal | None:
    """Who drew a sample says once what came of it, also when the ties are destroyed."""
    refusal = _is_to_see(facts)
    if refusal is not None:
        return refusal
    if not facts.drawn:
        return Refusal("sample-not-drawn", SAMPLE)
    if facts.reported:
        return Refusal("sample-reported-already", SAMPLE)
    return None


def usable_report(facts: Sampling, *, signed: int, denied: int, silent: int) -> Refusal | None:
    """Everybody who was drawn is counted once."""
    if min(signed, denied, silent) < 0 or signed + denied + silent != facts.drawn:
        return Refusal("sample-sum", SAMPLE, facts={"drawn": facts.drawn})
    return None
