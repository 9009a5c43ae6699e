# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to issues and what is said on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import (  # noqa: F401 - named in the bases below
        Alternative,
        Amendment,
        ArchivedThread,
        Combination,
        Contribution,
        Draft,
        Issue,
        Letter,
        Resolution,
        Shortening,
        Statement,
    )
    from kollontai.chapters.members.models import Member


class _OfMembers:
    """What members of an organisation see, and nobody else."""

    def visible_to(self, member: Member | None):  # type: ignore[no-untyped-def]
        """Everything of one's own organisation, for members."""
        if member is None or member.standing != "member":
            return self.none()  # type: ignore[attr-defined]
        return self.filter(organisation=member.organisation_id)  # type: ignore[attr-defined]


class IssueQuerySet(_OfMembers, models.QuerySet["Issue"]):
    """Issues."""

    def open(self) -> IssueQuerySet:
        """Issues on their way."""
        return self.exclude(stage__in=("decided", "lapsed"))

    def ended(self) -> IssueQuerySet:
        """Issues that are decided or lapsed, the latest first."""
        return self.filter(stage__in=("decided", "lapsed")).order_by("-ended_at", "-number")

    def shown(self) -> IssueQuerySet:
        """With the words a list shows."""
        return self.select_related("title", "unit__name", "raised_by__name", "for_body__title", "poll")


class DraftQuerySet(_OfMembers, models.QuerySet["Draft"]):
    """Drafts."""


class AmendmentQuerySet(_OfMembers, models.QuerySet["Amendment"]):
    """Amendments."""


class CombinationQuerySet(_OfMembers, models.QuerySet["Combination"]):
    """Amendments that may be one alternative."""


class AlternativeQuerySet(_OfMembers, models.QuerySet["Alternative"]):
    """Drafts as amendments make them."""


class ContributionQuerySet(_OfMembers, models.QuerySet["Contribution"]):
    """What is said."""


class StatementQuerySet(models.QuerySet["Statement"]):
    """Sealed statements."""

    def visible_to(self, member: Member | None) -> StatementQuerySet:
        """That one is lodged, members see; its words only its author, until the clock opens it."""
        if member is None or member.standing != "member":
            return self.none()
        return self.filter(organisation=member.organisation_id)


class LetterQuerySet(_OfMembers, models.QuerySet["Letter"]):
    """Documents from outside."""


class AttachmentQuerySet(_OfMembers, models.QuerySet["Attachment"]):
    """Files that came with words."""

    def with_names(self) -> AttachmentQuerySet:
        """With their names and without their bytes, in the order in which they came."""
        return self.select_related("name").order_by("at", "pk")


class ArchivedThreadQuerySet(_OfMembers, models.QuerySet["ArchivedThread"]):
    """Threads brought along from elsewhere."""


class ResolutionQuerySet(_OfMembers, models.QuerySet["Resolution"]):
    """Texts in force."""


class ShorteningQuerySet(_OfMembers, models.QuerySet["Shortening"]):
    """Proposals to shorten."""
