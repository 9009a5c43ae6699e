# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock ends a petition about a term that is over."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.petitions import steps
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.petitions.rules import State
from kollontai.chapters.record.act import Act, clock_act


@clock_act("petitions.lapse_with_term")
def lapse_with_term(this: Act, *, subject: str, due: datetime) -> None:
    """End the petition to recall somebody whose term has ended: there is nothing left to recall. Article 1.

    A vote that has begun goes on to its close: nobody stops it by giving the post back.
    """
    asked = Petition.objects.filter(organisation=this.organisation_id, about="recall", subject=subject)
    found = asked.filter(state=State.RUNNING).first()
    petition = steps.running(this, found.pk) if found else None
    if petition is not None:
        steps.lapse(this, petition, why="term-over", due=due)
