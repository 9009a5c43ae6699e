# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question that enough members have signed comes before all members."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import steps
from kollontai.chapters.petitions import facts
from kollontai.chapters.petitions import steps as petitions
from kollontai.chapters.record.act import Act


def put_if_enough(this: Act, petition_id: str, *, due: datetime) -> None:
    """Put it as it was signed, in the members' talk at once, as an ordinary issue; nothing where it waits."""
    petition = petitions.running(this, petition_id)
    if petition is None or not facts.has_enough(petition):
        return
    petitions.reached(this, petition, due=due)
    steps.put_question(
        this,
        why="petition",
        subject=petition.pk,
        unit=petition.unit,
        weight="ordinary",
        title=str(petition.title),
        text=str(petition.text),
        due=due,
    )
