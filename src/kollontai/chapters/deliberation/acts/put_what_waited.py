# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock puts the questions that waited for signatures from a unit where nobody is left."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.deliberation import signed
from kollontai.chapters.petitions.queries import waiting_for_units
from kollontai.chapters.record.act import Act, clock_act


@clock_act("deliberation.put_what_waited")
def put_what_waited(this: Act, *, subject: str, due: datetime) -> None:
    """Put each question that enough have signed now that fewer units have members. Article 12.

    `subject`: the organisation. Whatever emptied the unit asks for this, and knows of no petition: members
    and their units stand below. A question that still waits goes on waiting.
    """
    this.lock("issues")
    for petition_id in waiting_for_units(this.organisation_id):
        signed.put_if_enough(this, petition_id, due=due)
