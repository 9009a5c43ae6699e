# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may write in for whom, and what was written in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import belongs_to_organisation
from kollontai.chapters.writing_in.querysets import NamingQuerySet, WriteInQuerySet


class Naming(models.Model):
    """A member without a mail address lets another write in for them."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="namings")
    writer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="named_by")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # by either; leaving ends it too, without a mark here

    objects = NamingQuerySet.as_manager()


class WriteIn(models.Model):
    """One thing that a writer put down in another's name, and whether it was undone.

    `to`: words, issue, draft or amendment. `of`: the contribution, or what was supported.
    """

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="written_for_me")
    writer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="written_by_me")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="write_ins")
    to = models.CharField(max_length=10)
    of = models.CharField(max_length=16)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_how = models.CharField(max_length=6, blank=True, default="")  # member, slip

    objects = WriteInQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "at"], name="write_in_by_member")]
