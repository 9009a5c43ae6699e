# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say no to being put forward."""

from __future__ import annotations

from kollontai.chapters.elections import facts, rules
from kollontai.chapters.elections.finding import candidacy_of, on_election, the_election
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import NominationDeclined


@act(locks=lambda given: on_election(given["election_id"]))
def decline_nomination(this: Act, *, election_id: str) -> Candidacy:
    """Say no to being put forward. No reason is asked. Article 1."""
    election = the_election(this, election_id)
    candidacy = candidacy_of(election, this.actor)
    state = candidacy.state if candidacy else ""
    require(rules.may_decline(facts.place(election), state=state, at=this.at))
    assert candidacy is not None

    candidacy.state, candidacy.answered_at = "declined", this.at
    candidacy.save(update_fields=["state", "answered_at"])
    this.record(NominationDeclined(election=election.pk))
    return candidacy
