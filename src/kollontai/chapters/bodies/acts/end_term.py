# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock ends a term."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies import steps
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.record.act import Act, clock_act


@clock_act("bodies.end_term")
def end_term(this: Act, *, subject: str, due: datetime) -> None:
    """End a term on the day that was known when it began. There is no act that makes it longer. Article 1."""
    term = Term.objects.filter(organisation=this.organisation_id, pk=subject, ended_at=None).first()
    if term is not None and term.ends_at == due:
        steps.end_term(this, term, why="term-over", due=due)
