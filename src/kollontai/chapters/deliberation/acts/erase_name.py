# SPDX-License-Identifier: AGPL-3.0-or-later
"""Have one's own name erased, after leaving."""

from __future__ import annotations

from kollontai.chapters.deliberation import facts, parting
from kollontai.chapters.deliberation.finding import the_actor
from kollontai.chapters.members import steps as members
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.members import ContactErased


@act(locks=lambda given: ["joining"])
def erase_name(this: Act) -> None:
    """Have one's own name erased after leaving, with every way in which one is reached. Article 7.

    The entries stay, under a number. Nobody can take it back, and nobody signs in as this person any more.
    """
    person = the_actor(this)
    require(parting.may_erase_name(facts.parting(person), at=this.at))
    assert person is not None

    this.erase(members.names_of(person), ground="own")
    members.forget_contact(this, person)
    this.record(ContactErased(member=person.pk))
