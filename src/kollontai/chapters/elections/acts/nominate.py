# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put somebody forward for a post."""

from __future__ import annotations

from kollontai.chapters.elections import facts, rules
from kollontai.chapters.elections.finding import candidacy_of, on_new_names, the_election
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import NominationMade


@act(locks=lambda given: on_new_names(given["election_id"]))
def nominate(this: Act, *, election_id: str, nominee: str) -> Candidacy:
    """Put another member forward; they stand only by their own yes. Article 1."""
    election = the_election(this, election_id)
    unit = election.post.unit
    by, other = here(this.organisation_id, this.actor), here(this.organisation_id, nominee)
    earlier = candidacy_of(election, nominee)
    require(
        rules.may_nominate(
            facts.place(election),
            facts.person(by, unit),
            facts.person(other, unit),
            oneself=nominee == this.actor,
            state=earlier.state if earlier else "",
            at=this.at,
        )
    )
    assert other is not None

    candidacy = Candidacy.objects.create(
        organisation_id=this.organisation_id,
        election=election,
        member=other,
        by_id=this.actor,
        at=this.at,
        state="asked",
    )
    this.record(NominationMade(election=election.pk, nominee=other.pk))
    return candidacy
