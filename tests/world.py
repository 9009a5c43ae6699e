# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small organisation, built by acts alone, for the tests of the lower chapters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kollontai.chapters.bodies.acts.open_founding import Proposal, open_founding
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.rules import Founder, PostGiven
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.models import Contact, Member, Unit
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import EntryRow, Organisation
from kollontai.ids import new_id
from tests import prepared


@dataclass(frozen=True)
class World:
    """An organisation and its founders, by first name."""

    id: str
    people: dict[str, str]

    @property
    def organisation(self) -> Organisation:
        """Its row, as it is now."""
        return Organisation.objects.get(pk=self.id)

    def actor(self, name: str) -> Actor:
        """Somebody of it, as an actor."""
        return Actor(self.id, self.people[name], "code")

    def member(self, name: str) -> Member:
        """Somebody's row, as it is now."""
        return Member.objects.get(pk=self.people[name])

    def unit(self, name: str = "") -> Unit:
        """A unit by its name; the whole organisation by the empty one."""
        units = Unit.objects.filter(organisation=self.id)
        return units.get(parent=None) if not name else next(unit for unit in units if str(unit.name) == name)

    def kinds(self) -> list[str]:
        """The kinds of all entries, in order, but for the daily stamp."""
        rows = EntryRow.objects.filter(organisation=self.id).order_by("position")
        rows = rows.exclude(kind="export.stamped")
        return list(rows.values_list("kind", flat=True))

    def move_in(self, names: Iterable[str], *, by: str = "ada", unit: str = "") -> None:
        """Let people move in by invitation of a founder and their own yes."""
        unit_id = self.unit(unit).pk
        invitees = [Invitee(name.title(), f"{name}@example.org", unit_id) for name in names]
        for member in invite(self.actor(by), invitees=invitees).value:
            self.people[Contact.objects.get(member=member).email.partition("@")[0]] = member.pk
        for name in names:
            accept_invitation(self.actor(name))


def proposal(**changes: Any) -> Proposal:
    """What is put before the founders of the world, with changes."""
    given: dict[str, Any] = {
        "slug": "tidewater",
        "origin": "localhost/tidewater",
        "name": "Tidewater Federation",
        "unit_word": "branch",
        "zone": "Europe/Lisbon",
        "preset": "normal",
        "joining": "open",
        "listed": founders("ada", "ben", "cleo", "dai"),
        "units": ("Ferry Crews", "Kiln Lane"),
    }
    return Proposal(**{**given, **changes})


def founders(*names: str, unit: str = "") -> tuple[Founder, ...]:
    """Founders by first name, in a unit."""
    return tuple(Founder(name.title(), f"{name}@example.org", unit) for name in names)


@prepared.once
def opened(**changes: Any) -> World:
    """A charter that lies before its founders."""
    what = proposal(**changes)
    actor = Actor(new_id(), new_id(), "code")
    open_founding(actor, proposal=what)
    contacts = Contact.objects.filter(organisation=actor.organisation)
    return World(actor.organisation, {c.email.partition("@")[0]: c.member_id for c in contacts})


@prepared.once
def founded(**changes: Any) -> World:
    """An organisation that everybody who was listed has signed."""
    world = opened(**changes)
    for name in list(world.people):
        sign_charter(world.actor(name))
    return world


def day(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def held_by(name: str, **changes: Any) -> PostGiven:
    """A leading post that somebody held before the founding."""
    from kollontai.chapters.bodies.rules import Claimed

    claim = {"elected_at": day("2025-09-01"), "old_end": day("2026-12-01"), "minutes": "Elected, 31 to 4."}
    claims = tuple(
        Claimed(f"{one}@example.org", **{**claim, **changes.pop("claim", {})}) for one in name.split()
    )
    given: dict[str, Any] = {"title": "Chair", "leading": True, "term_days": 365, "held_before": claims}
    return PostGiven(**{**given, **changes})
