# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock asks who comes after somebody who said no."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import steps
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.elections.models import Offer
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.ask_next")
def ask_next(this: Act, *, subject: str, due: datetime) -> None:
    """Ask who comes after somebody who said no. Article 1."""
    term = term_of(this, subject)
    if term is not None and not Offer.objects.filter(term=term, state__in=("asked", "accepted")).exists():
        steps.ask_next_in_line(this, term, due=due)
