# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stand for a post."""

from __future__ import annotations

from kollontai.chapters.elections import facts, pictures, rules, steps
from kollontai.chapters.elections.finding import candidacy_of, on_new_names, the_election
from kollontai.chapters.elections.models import Candidacy
from kollontai.chapters.members.queries import here
from kollontai.chapters.record.act import Act, act, require
from kollontai.openrecord.kinds.elections import NominationMade


@act(locks=lambda given: on_new_names(given["election_id"]))
def stand(this: Act, *, election_id: str, statement: str, picture: str = "") -> Candidacy:
    """Say yes to being put forward, or put oneself forward, with a statement of one's own. Article 1.

    `picture` is an image in base64; it is made small and plain. Who has served their terms stands only where
    nobody stood in the round before, for half a term.
    """
    election = the_election(this, election_id)
    member = here(this.organisation_id, this.actor)
    candidacy = candidacy_of(election, this.actor)
    held = facts.held_by(member) if member else []
    seat = facts.seat_of(election)
    require(
        rules.may_stand(
            facts.place(election),
            facts.person(member, election.post.unit),
            seat,
            held,
            facts.elsewhere(member, besides=election.pk, at=this.at) if member else [],
            state=candidacy.state if candidacy else "",
            at=this.at,
        )
    )
    require(rules.usable_statement(statement))
    small = pictures.tidy(picture) if picture else ""
    assert member is not None

    if candidacy is None:
        this.record(NominationMade(election=election.pk, nominee=member.pk))
        candidacy = Candidacy(
            organisation_id=this.organisation_id, election=election, member=member, by=member, at=this.at
        )
    candidacy.state, candidacy.answered_at = "stands", this.at
    candidacy.half = rules.has_served(seat, held, limits=election.limits)
    candidacy.save()
    steps.put_statement(this, candidacy, statement=statement, picture=small, accepting=True)
    candidacy.save(update_fields=["version"])
    return candidacy
