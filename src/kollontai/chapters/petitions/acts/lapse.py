# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock ends a petition that too few have signed."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.petitions import facts, steps
from kollontai.chapters.record.act import Act, clock_act


@clock_act("petitions.lapse")
def lapse(this: Act, *, subject: str, due: datetime) -> None:
    """End a petition whose time is over, in public. Article 12.

    One that has enough signatures does not lapse, even where what follows it has failed for the moment.
    """
    petition = steps.running(this, subject)
    if petition is not None and not facts.has_enough(petition):
        steps.lapse(this, petition, why="too-few", due=due)
