# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open a petition."""

from __future__ import annotations

from kollontai.chapters.charter import texts
from kollontai.chapters.charter.calendar import phase_end
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import accepted_in, here
from kollontai.chapters.petitions import facts, rules, steps
from kollontai.chapters.petitions.finding import on_opening, term_asked
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import Act, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.petitions import PetitionOpened


@act(locks=lambda given: on_opening(given.get("term_id", "")))
def open_petition(this: Act, *, about: str, title: str, text: str, term_id: str = "") -> Petition:
    """Ask for a recall, or for a vote of all members, and sign it first. Articles 1 and 12.

    Article 1: `about` "recall" asks whether the holder of `term_id` loses their post. Article 12: "question"
    puts `text` to all members. Whoever opens it stands nowhere but in their own list: here too an alias acts.
    """
    text = texts.tidy(text)
    member = here(this.organisation_id, this.actor)
    term = term_asked(this.organisation_id, term_id) if term_id else None
    asked = facts.opening(this.organisation_id, member, about=about, term_id=term_id, term=term, at=this.at)
    require(rules.may_open(asked, at=this.at))
    require(texts.usable_title(title))
    require(texts.usable_text(text))
    assert member is not None

    unit = term.post.unit if term else Unit.objects.root(this.organisation_id)
    base, alias = accepted_in(unit).count(), new_id()
    units = accepted_in(unit).values("unit").distinct().count()
    fact = PetitionOpened(
        petition=new_id(),
        about=about,
        unit=unit.pk,
        base=base,
        needed=rules.signatures_needed(about, base=base, limits=asked.limits),
        units_needed=rules.units_needed(about, units=units, limits=asked.limits),
        closes_at=phase_end(this.at, asked.limits["S5.within"], this.organisation.zone),
        limits={key: asked.limits[key] for key in rules.KEPT[about]},
        subject=term.pk if term else None,
    )
    words = this.record(fact, actor=alias, title=title.strip(), text=text)
    petition = Petition.objects.create(
        id=fact.petition,
        organisation_id=this.organisation_id,
        about=about,
        subject=term_id,
        unit=unit,
        base=base,
        needed=fact.needed,
        units_needed=fact.units_needed,
        limits=dict(fact.limits),
        title=words["title"],
        text=words["text"],
        opened_at=this.at,
        closes_at=fact.closes_at,
        state=rules.State.RUNNING,
    )
    this.deadline("petitions.lapse", subject=petition.pk, due=fact.closes_at)
    steps.sign(this, petition, member, alias)
    return petition
