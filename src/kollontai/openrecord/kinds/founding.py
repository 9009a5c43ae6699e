# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an organisation begins: opened by one, signed by founders, existing from the last needed name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("founding.opened", link="accountable", audience="world", commits=("name", "unit_word", "charter"))
@dataclass(frozen=True, slots=True)
class FoundingOpened(Fact):
    """Somebody put a charter before a list of founders. Nothing is in force yet.

    `limits` are the limits in whole units (days, people, basis points), by the keys of the articles
    file; `listed` are the member ids of everybody asked to sign.
    """

    origin: str
    zone: str
    preset: str  # "normal" or "small"
    joining: str  # "open" or "vouched"
    articles_version: int
    articles_sha256: str
    limits: Mapping[str, int]
    listed: tuple[str, ...]


@kind("charter.signed", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class CharterSigned(Fact):
    """A listed founder signed the charter; the actor is the founder."""

    member: str


@kind("organisation.founded", link="accountable", audience="world")
@dataclass(frozen=True, slots=True)
class OrganisationFounded(Fact):
    """Enough founders have signed: from here on the organisation exists."""

    signed: int
    listed: int


@kind("software.upgraded", link="operator", audience="world")
@dataclass(frozen=True, slots=True)
class SoftwareUpgraded(Fact):
    """Another release keeps this record from here on. It changes no article without a vote."""

    version: str
    articles_version: int
    articles_sha256: str
