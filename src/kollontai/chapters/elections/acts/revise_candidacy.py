# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put one's statement as a candidate anew."""

from __future__ import annotations

from kollontai.chapters.elections import facts, pictures, rules, steps
from kollontai.chapters.elections.finding import candidacy_of, on_election, the_election
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.record.act import Act, act, require


@act(locks=lambda given: on_election(given["election_id"]))
def revise_candidacy(this: Act, *, election_id: str, statement: str, picture: str = "") -> Candidacy:
    """Put one's statement anew, until nominations close; what it said before stays readable. Article 1."""
    election = the_election(this, election_id)
    candidacy = candidacy_of(election, this.actor)
    state = candidacy.state if candidacy else ""
    require(rules.may_withdraw(facts.place(election), state=state, at=this.at))
    require(rules.usable_statement(statement))
    small = pictures.tidy(picture) if picture else ""
    assert candidacy is not None

    steps.put_statement(this, candidacy, statement=statement, picture=small, accepting=False)
    candidacy.save(update_fields=["version"])
    return candidacy
