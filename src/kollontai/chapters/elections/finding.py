# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ids an act was given to elections of its own organisation, or a kind refusal."""

from __future__ import annotations

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.elections.models import Candidacy, Election, Offer
from kollontai.chapters.elections.rules import ARTICLE
from kollontai.chapters.record.act import Act, Refusal, Refused
from kollontai.chapters.record.rows import one_of


def on_election(election_id: str) -> list[str]:
    """The lock of everything that is done in an election."""
    return [f"election:{election_id}"]


def on_new_names(election_id: str) -> list[str]:
    """The locks of whoever is newly put forward: they wait for a decision that ends posts, or it for them."""
    return [*on_election(election_id), "posts"]


def the_election(this: Act, election_id: str) -> Election:
    """An election of this organisation."""
    found = one_of(Election, this.organisation_id, election_id, "post__unit", "post__title")
    if found is None:
        raise Refused(Refusal("no-such-election", ARTICLE))
    return found


def candidacy_of(election: Election, member_id: str) -> Candidacy | None:
    """What became of somebody who was put forward."""
    return Candidacy.objects.filter(election=election, member=member_id).first()


def the_offer(this: Act, term_id: str) -> Offer:
    """The latest time somebody was asked to act in the seat of a term that ended."""
    offers = Offer.objects.filter(organisation=this.organisation_id, term=term_id)
    found = offers.select_related("term__post").order_by("-offered_at", "-pk").first()
    if found is None:
        raise Refused(Refusal("no-such-offer", ARTICLE))
    return found


def term_of(this: Act, term_id: str) -> Term | None:
    """A term of this organisation."""
    return one_of(Term, this.organisation_id, term_id, "post__unit", "post__title")
