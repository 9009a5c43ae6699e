# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign a petition."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.petitions import facts, rules, steps
from kollontai.chapters.petitions.finding import on_petition, the_petition
from kollontai.chapters.petitions.models import Signature
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id


@act(locks=lambda given: on_petition(given["petition_id"]))
def sign_petition(this: Act, *, petition_id: str) -> Signature:
    """Sign, once, for oneself and one's own unit; leaders as anybody. Article 12.

    On the record an alias signs that is made for this petition alone. Who signs again what they had taken
    back keeps their alias.
    """
    petition = the_petition(this, petition_id)
    member = here(this.organisation_id, this.actor)
    require(rules.may_sign(facts.signing(petition, member), at=this.at))
    assert member is not None

    link = facts.own_link(petition, member)
    return steps.sign(this, petition, member, link.alias if link else new_id())
