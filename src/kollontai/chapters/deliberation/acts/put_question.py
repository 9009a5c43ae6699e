# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock puts a question before the members that enough of them have signed."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import steps
from kollontai.chapters.petitions import facts as petitions
from kollontai.chapters.petitions import steps as signed
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.put_question")
def put_question(this: Act, *, subject: str, due: datetime) -> None:
    """Put a question before all members, as it was signed, in the members' talk at once. Article 12.

    It is an ordinary issue, with that text as its first draft; nobody moved it, and nobody takes it back.
    `subject`: the petition; or the organisation, once a unit has no members any more, so that every question
    that needs signatures from several is looked at again.
    """
    this.lock("issues")
    if subject == this.organisation_id:
        signed.look_again(this)
        return
    petition = signed.running(this, subject)
    if petition is None or not petitions.has_enough(petition):
        return
    signed.reached(this, petition, due=due)
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
