# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock forgets who signed a petition."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.petitions.models import Petition, SignatureLink
from kollontai.chapters.record.act import Act, clock_act
from kollontai.openrecord.kinds.boxes import LinksDestroyed


@clock_act("petitions.destroy_links")
def destroy_links(this: Act, *, subject: str, due: datetime) -> None:
    """Destroy the ties between aliases and members, once nobody may be charged any more. Article 12."""
    petitions = Petition.objects.filter(organisation=this.organisation_id, links_destroyed=False)
    if petitions.filter(pk=subject).exclude(ended_at=None).update(links_destroyed=True):
        SignatureLink.objects.filter(petition=subject).delete()
        this.record(LinksDestroyed(of=subject, due=due))
