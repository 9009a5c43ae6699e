# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock closes the vote on a recall and ends the term where it carried."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.elections import recalls, rules
from kollontai.chapters.elections.finding import term_of
from kollontai.chapters.petitions import steps as petitions
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.petitions.rules import State
from kollontai.chapters.record.act import Act, clock_act
from kollontai.chapters.voting import steps as voting
from kollontai.openrecord.kinds.elections import RecallDecided


@clock_act("elections.conclude_recall")
def conclude_recall(this: Act, *, subject: str, due: datetime) -> None:
    """Count a recall; more yes than no, and half the turnout that elected, end the term at once. Article 1.

    Who gave the post back meanwhile, or whose term was over before a late count, is told the outcome as well,
    and nothing more follows. A box that cannot be counted is annulled in public, and the vote opens anew.
    """
    reached = Petition.objects.filter(about="recall", state=State.REACHED)
    petition = reached.filter(organisation=this.organisation_id, poll=subject).first()
    term = term_of(this, petition.subject) if petition else None
    if petition is None or term is None:
        return
    this.lock("joining", f"term:{term.pk}")
    term.refresh_from_db(fields=["ended_at"])
    counted = voting.close(this, subject, due=due)
    if counted.lost:
        recalls.open_vote(this, petition, term, due=due)
        return
    turnouts, figures = recalls.turnouts(counted.poll, term), counted.poll.figures or {}
    recalled = rules.is_recalled(yes=figures["yes"], no=figures["no"], **turnouts)
    outcome = "recalled" if recalled else "kept"
    this.record(
        RecallDecided(petition=petition.pk, term=term.pk, poll=subject, outcome=outcome, due=due, **turnouts)
    )
    petitions.decided(petition, outcome)
    if recalled and term.ended_at is None and term.ends_at > this.at:
        bodies.end_term(this, term, why="recalled", due=due)
