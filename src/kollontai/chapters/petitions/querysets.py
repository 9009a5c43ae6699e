# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to petitions and signatures."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from kollontai.chapters.petitions.rules import State

if TYPE_CHECKING:
    from kollontai.chapters.bodies.models import Post
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.petitions.models import Petition, Sample, Signature, SignatureLink  # noqa: F401 - named below


class PetitionQuerySet(models.QuerySet["Petition"]):
    """Petitions. Members read them; the world reads what came of them."""

    def visible_to(self, member: Member | None) -> PetitionQuerySet:
        """Every petition of one's own organisation, for members."""
        if member is None or member.standing != "member":
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def running_at(self, at: datetime) -> PetitionQuerySet:
        """Petitions that can be signed at a moment, judged by time: a late clock keeps none open."""
        return self.filter(state=State.RUNNING, closes_at__gt=at)

    def open_to(self, member: Member) -> PetitionQuerySet:
        """Petitions of units that a member belongs to: their own, and the first, to which everybody does."""
        return self.visible_to(member).filter(Q(unit=member.unit_id) | Q(unit__parent=None))

    def on_recalls_from(self, post: Post) -> PetitionQuerySet:
        """Petitions that asked to recall a holder of a post, the latest first."""
        recalls = self.filter(about="recall", subject__in=post.terms.values("pk"))
        return recalls.order_by("-opened_at", "pk")

    def with_figures(self) -> PetitionQuerySet:
        """With how many signatures stand, as `signed`, and the words that a list shows."""
        standing = Count("signatures", filter=Q(signatures__withdrawn_at=None))
        return self.annotate(signed=standing).select_related("title", "unit__name")


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Signatures by their aliases."""

    def standing(self) -> SignatureQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)


class TieQuerySet(models.QuerySet["SignatureLink"]):
    """Whose alias is whose: one's own, and what a scrutineer drew. There is no other way to anybody."""

    def drawn(self, sample: Sample) -> TieQuerySet:
        """Whose the aliases of a sample are; for its scrutineer, as long as `rules.sees_names` says so."""
        return self.filter(petition=sample.petition_id, alias__in=sample.aliases)

    def own(self, member: Member | None) -> TieQuerySet:
        """One's own aliases."""
        return self.none() if member is None else self.filter(member=member)
