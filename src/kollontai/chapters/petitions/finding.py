# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ids an act was given to petitions of its own organisation, or a kind refusal."""

from __future__ import annotations

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.petitions.rules import ARTICLE
from kollontai.chapters.record.act import Act, Refusal, Refused
from kollontai.chapters.record.rows import one_of


def on_petition(petition_id: str) -> list[str]:
    """The lock of everything that is done on a petition."""
    return [f"petition:{petition_id}"]


def on_opening(term_id: str) -> list[str]:
    """The locks of opening one: nobody joins or leaves meanwhile, and the term does not end."""
    return ["joining", f"term:{term_id}"] if term_id else ["joining"]


def the_petition(this: Act, petition_id: str) -> Petition:
    """A petition of this organisation."""
    found = one_of(Petition, this.organisation_id, petition_id, "unit")
    if found is None:
        raise Refused(Refusal("no-such-petition", ARTICLE))
    return found


def term_asked(organisation_id: str, term_id: str) -> Term | None:
    """The term that a recall is about."""
    return one_of(Term, organisation_id, term_id, "post__unit", "post__title", "member")
