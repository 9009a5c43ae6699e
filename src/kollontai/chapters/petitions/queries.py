# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far petitions have come, and one's own signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.petitions import facts, rules
from kollontai.chapters.petitions.models import Petition, Sample, Signature, SignatureLink
from kollontai.chapters.petitions.querysets import PetitionQuerySet
from kollontai.chapters.record.refusal import Refusal

# --- For pages ---------------------------------------------------------------------------------------


def running(member: Member | None, *, at: datetime) -> PetitionQuerySet:
    """Every petition that runs, for members, what closes first on top; with `signed`, how many have."""
    return Petition.objects.visible_to(member).running_at(at).with_figures().order_by("closes_at", "pk")


def waiting_for(member: Member, *, at: datetime) -> PetitionQuerySet:
    """Petitions that somebody may sign and has never signed: of those taken back they are not reminded."""
    mine = SignatureLink.objects.own(member).filter(petition=OuterRef("pk"))
    here = Petition.objects.open_to(member).running_at(at).exclude(Exists(mine))
    return here.with_figures().order_by("closes_at", "pk")


def ended(member: Member | None) -> PetitionQuerySet:
    """Petitions that are over, the latest first."""
    over = Petition.objects.visible_to(member).exclude(ended_at=None)
    return over.with_figures().order_by("-ended_at", "pk")


def recalls_from(post: Post, member: Member | None) -> PetitionQuerySet:
    """Every petition to recall a holder of this post, and what came of it, the latest first."""
    return Petition.objects.visible_to(member).on_recalls_from(post).with_figures()


def waiting_for_units(organisation_id: str) -> list[str]:
    """Every question that runs and needs signatures from several units, the oldest first."""
    asked = Petition.objects.filter(organisation=organisation_id, about="question", units_needed__gt=1)
    return list(
        asked.filter(state=rules.State.RUNNING).order_by("opened_at", "pk").values_list("pk", flat=True)
    )


@dataclass(frozen=True)
class OfUnit:
    """How many of a unit have signed."""

    unit: Unit
    signed: int


@dataclass(frozen=True)
class Progress:
    """How far a petition has come. Who signed stands nowhere in it."""

    petition: Petition
    term: Term | None
    signed: int
    by_unit: Sequence[OfUnit]  # every unit, where units are counted
    spread: int  # from how many units they must come
    days_left: int  # begun days until it closes; 0 once it is over

    @property
    def missing(self) -> int:
        """How many more must sign."""
        return max(0, self.petition.needed - self.signed)

    @property
    def units_signed(self) -> int:
        """From how many units signatures have come."""
        return sum(of.signed > 0 for of in self.by_unit)

    @property
    def units_missing(self) -> int:
        """From how many more units they must come."""
        return max(0, self.spread - self.units_signed) if self.by_unit else 0


def progress(petition: Petition, *, at: datetime) -> Progress:
    """How far a petition has come."""
    standing = petition.signatures.standing()
    left = petition.closes_at - at if petition.state == rules.State.RUNNING else 0 * DAY
    return Progress(
        petition=petition,
        term=_term(petition) if petition.subject else None,
        signed=standing.count(),
        by_unit=_by_unit(petition) if petition.units_needed > 1 else (),
        spread=facts.spread_needed(petition),
        days_left=max(0, -(-left // DAY)),
    )


def _term(petition: Petition) -> Term | None:
    return Term.objects.select_related("post__title", "member__name").filter(pk=petition.subject).first()


def _by_unit(petition: Petition) -> list[OfUnit]:
    rows = petition.signatures.standing().values_list("unit").order_by("unit").annotate(Count("pk"))
    signed = dict(rows)
    units = Unit.objects.filter(organisation=petition.organisation_id).select_related("name")
    return [
        OfUnit(unit, signed.get(unit.pk, 0))
        for unit in units.order_by("created_at", "pk")
        if unit.merged_at is None or unit.pk in signed
    ]


# --- One's own ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mine:
    """A petition that somebody signed, and their signature as it stands on the record."""

    petition: Petition
    signature: Signature


def mine(member: Member | None) -> list[Mine]:
    """One's own signatures, the latest first, as long as it can be told whose they are."""
    aliases = SignatureLink.objects.own(member).filter(petition=OuterRef("petition"), alias=OuterRef("alias"))
    own = Signature.objects.filter(Exists(aliases)).select_related("petition__title", "petition__unit__name")
    return [Mine(signature.petition, signature) for signature in own.order_by("-at", "-pk")]


def own_signature(petition: Petition, member: Member | None) -> Signature | None:
    """One's own signature under a petition; nobody else gets it from here."""
    return facts.own_signature(petition, member)


# --- The scrutineers' sample -------------------------------------------------------------------------


def may_draw(petition: Petition, member: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not draw a sample of the signatures; None where they may."""
    return rules.may_draw(facts.sampling(petition, member, at=at))


def may_report(petition: Petition, member: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not report on a sample; None where they may."""
    return rules.may_report(facts.sampling(petition, member, at=at))


def samples_of(petition: Petition) -> list[Sample]:
    """What scrutineers drew, and what they report; without anybody who signed."""
    return list(petition.samples.select_related("scrutineer__name").order_by("at", "pk"))


def drawn_by(petition: Petition, member: Member | None, *, at: datetime) -> list[Member]:
    """Who signed what a scrutineer drew, by name; nobody, for anybody else and once they have reported."""
    sample = facts.sample_of(petition, member)
    if sample is None or not rules.sees_names(facts.sampling(petition, member, at=at)):
        return []
    ties = SignatureLink.objects.drawn(sample).select_related("member__name", "member__unit__name")
    found = [tie.member for tie in ties]
    return sorted(found, key=lambda one: (str(one.name).casefold(), one.pk))


def drew_own(petition: Petition, member: Member | None) -> list[Sample]:
    """The samples in which one's own signature was drawn."""
    link = facts.own_link(petition, member)
    return [one for one in samples_of(petition) if link is not None and link.alias in one.aliases]
