# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock puts a recall to the vote that enough members have asked for."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.elections import recalls
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.petitions import facts, steps
from kollontai.chapters.record.act import Act, clock_act


@clock_act("elections.open_recall")
def open_recall(this: Act, *, subject: str, due: datetime) -> None:
    """Open the secret vote on a recall as soon as enough have signed. Article 1.

    Where the term is over by then there is nothing to recall, and the petition lapses.
    """
    this.lock("joining")
    petition = steps.running(this, subject)
    if petition is None or not facts.has_enough(petition):
        return
    term = term_of(this, petition.subject)
    if term is None or facts.over_at(term) <= this.at:
        steps.lapse(this, petition, why="term-over", due=due)
        return
    steps.reached(this, petition, due=due)
    recalls.open_vote(this, petition, term, due=due)
