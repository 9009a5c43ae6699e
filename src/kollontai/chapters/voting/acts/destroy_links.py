# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock forgets who took part in a secret poll."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting.models import SecretBox, Voter
from kollontai.openrecord.kinds.boxes import LinksDestroyed


@clock_act("voting.destroy_links")
def destroy_links(this: Act, *, subject: str, due: datetime) -> None:
    """Take the marks off the roll of a secret poll, once nobody may be charged any more. Article 12."""
    box = SecretBox.objects.filter(organisation=this.organisation_id, poll=subject, links_destroyed=False)
    if box.update(links_destroyed=True):
        Voter.objects.filter(poll=subject).update(marked=False)
        this.record(LinksDestroyed(of=subject, due=due))
