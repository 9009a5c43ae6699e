# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stand no longer."""

from __future__ import annotations

from kollontai.chapters.elections import facts, rules
from kollontai.chapters.elections.finding import candidacy_of, on_election, the_election
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import CandidacyWithdrawn


@act(locks=lambda given: on_election(given["election_id"]))
def withdraw_candidacy(this: Act, *, election_id: str) -> Candidacy:
    """Take back one's yes, until voting opens. Article 1."""
    election = the_election(this, election_id)
    candidacy = candidacy_of(election, this.actor)
    state = candidacy.state if candidacy else ""
    require(rules.may_withdraw(facts.place(election), state=state, at=this.at))
    assert candidacy is not None

    candidacy.state, candidacy.answered_at = "withdrawn", this.at
    candidacy.save(update_fields=["state", "answered_at"])
    this.record(CandidacyWithdrawn(election=election.pk))
    return candidacy
