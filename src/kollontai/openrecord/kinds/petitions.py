# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions: protected signatures, by an alias made for this petition alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("petition.opened", link="protected", audience="members", commits=("title", "text"))
@dataclass(frozen=True, slots=True)
class PetitionOpened(Fact):
    """A member opened a petition and signed it first, in the same act; the actor is that signer's alias.

    `about`: "recall" (then `subject` is the term) or "question" (a text for all members; `subject` is
    missing). `unit`: whose members may sign; `base`: how many they are now, `needed` signatures, from at
    least `units_needed` units. `closes_at`: by when. `limits` are copied from the charter.
    """

    petition: str
    about: str
    unit: str
    base: int
    needed: int
    units_needed: int
    closes_at: datetime
    limits: Mapping[str, int]
    subject: str | None = None


@kind("petition.signed", link="protected", audience="members")
@dataclass(frozen=True, slots=True)
class PetitionSigned(Fact):
    """Somebody entitled signed; the actor is their alias. `unit` stands only where units are counted."""

    petition: str
    unit: str | None = None


@kind("signature.withdrawn", link="protected", audience="members")
@dataclass(frozen=True, slots=True)
class SignatureWithdrawn(Fact):
    """A signer took their name back while the petition ran."""

    petition: str


@kind("petition.reached", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class PetitionReached(Fact):
    """Enough have signed; what the petition asks for happens by itself.

    After a recall petition the vote opens; after a question its issue begins with the members' talk.
    """

    petition: str
    signatures: int
    due: datetime


@kind("petition.lapsed", link="clock", audience="members")
@dataclass(frozen=True, slots=True)
class PetitionLapsed(Fact):
    """Time is over, or the term it was about has ended. `why`: "too-few" or "term-over"."""

    petition: str
    signatures: int
    why: str
    due: datetime


@kind("sample.drawn", link="accountable", audience="members", commits=("sentence",))
@dataclass(frozen=True, slots=True)
class SampleDrawn(Fact):
    """An elected scrutineer drew a sample of the signatures by lot, and was shown who signed those.

    The lot comes from a sentence of the scrutineer's own (committed), given when nobody could sign any more:
    seed = hex(SHA-256("kollontai/sample/v1\n" ‖ petition ‖ "\n" ‖ scrutineer ‖ "\n" ‖ sentence));
    `aliases` are the first of `counting.lots.draw(seed, standing aliases)`: one in ten, rounded up, and at
    most twenty.
    """

    petition: str
    aliases: tuple[str, ...]


@kind("sample.reported", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class SampleReported(Fact):
    """What those answered whom the actor had drawn; from then on their names are shown no more.

    `signed` said that they signed, `denied` that they did not, `silent` could not be reached or said nothing.
    """

    petition: str
    signed: int
    denied: int
    silent: int
