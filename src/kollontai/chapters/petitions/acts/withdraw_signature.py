# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take one's signature back."""

from __future__ import annotations

from kollontai.chapters.members.queries import here
from kollontai.chapters.petitions import facts, rules
from kollontai.chapters.petitions.finding import on_petition, the_petition
from kollontai.chapters.petitions.models import Signature
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.petitions import SignatureWithdrawn


@act(locks=lambda given: on_petition(given["petition_id"]))
def withdraw_signature(this: Act, *, petition_id: str) -> Signature:
    """Take one's signature back while the petition runs. No reason is asked. Article 12."""
    petition = the_petition(this, petition_id)
    member = here(this.organisation_id, this.actor)
    require(rules.may_withdraw(facts.signing(petition, member), at=this.at))
    signature = facts.own_signature(petition, member)
    assert signature is not None

    signature.withdrawn_at = this.at
    signature.save(update_fields=["withdrawn_at"])
    this.record(SignatureWithdrawn(petition=petition.pk), actor=signature.alias)
    return signature
