# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which confirmations are before the members, and how they ended."""

from __future__ import annotations

from django.db.models import QuerySet

from kollontai.chapters.bodies.models import Claim


def confirmations_of(organisation_id: str) -> QuerySet[Claim]:
    """Everybody who was entered for a post at founding, with the post and the person."""
    claims = Claim.objects.filter(organisation=organisation_id)
    return claims.select_related("post__title", "post__unit__name", "member__name", "minutes").order_by("pk")


def claim_of(poll_id: str) -> Claim | None:
    """Whom a confirmation is about."""
    claims = Claim.objects.select_related("post__title", "member__name", "minutes")
    return claims.filter(poll=poll_id).first() if poll_id else None
