# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draw a sample of the signatures under a petition."""

from __future__ import annotations

from kollontai.chapters.charter import texts
from kollontai.chapters.members.queries import here
from kollontai.chapters.petitions import facts, rules
from kollontai.chapters.petitions.finding import on_petition, the_petition
from kollontai.chapters.petitions.models import Sample
from kollontai.chapters.record.act import Act, act, require
from kollontai.counting.lots import draw
from kollontai.openrecord.kinds.petitions import SampleDrawn


@act(locks=lambda given: on_petition(given["petition_id"]))
def draw_sample(this: Act, *, petition_id: str, sentence: str) -> Sample:
    """As an elected scrutineer, draw one signature in ten by a lot of one's own words, once. Article 14.

    Whoever signed those is shown to the scrutineer alone, until they report. `sentence` is any words that
    nobody could know while names could still be put under the petition.
    """
    petition = the_petition(this, petition_id)
    member = here(this.organisation_id, this.actor)
    require(rules.may_draw(facts.sampling(petition, member, at=this.at)))
    sentence = texts.tidy(sentence).strip()
    require(rules.usable_sentence(sentence))
    assert member is not None

    standing = list(petition.signatures.standing().values_list("alias", flat=True))
    order = draw(rules.sample_seed(petition.pk, member.pk, sentence), standing)
    aliases = order[: rules.sample_size(len(standing))]
    words = this.record(SampleDrawn(petition=petition.pk, aliases=aliases), sentence=sentence)
    return Sample.objects.create(
        organisation_id=this.organisation_id,
        petition=petition,
        scrutineer=member,
        aliases=list(aliases),
        sentence=words["sentence"],
        at=this.at,
    )
