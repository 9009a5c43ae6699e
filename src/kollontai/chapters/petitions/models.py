# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions, the aliases under them, and, kept apart, whose alias each is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.petitions.querysets import PetitionQuerySet, SignatureQuerySet, TieQuerySet
from kollontai.chapters.record.models import belongs_to_organisation, words


class Petition(models.Model):
    """Members ask for something that must happen when enough of them sign."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("petitions")
    about = models.CharField(max_length=8)  # recall, question
    subject = models.CharField(max_length=16, blank=True, default="")  # the term; empty for a question
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="petitions")
    base = models.PositiveIntegerField()  # the members of the unit at the opening
    needed = models.PositiveIntegerField()
    units_needed = models.PositiveSmallIntegerField()  # 0: from which units does not matter
    limits = models.JSONField()  # copied from the charter at birth, for life
    title = words()
    text = words()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=8)
    ended_at = models.DateTimeField(null=True)  # reached or lapsed; since then nobody signs
    poll = models.CharField(max_length=16, blank=True, default="")  # the latest vote on a recall
    outcome = models.CharField(max_length=8, blank=True, default="")  # recalled, kept
    links_destroyed = models.BooleanField(default=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "subject"],
                condition=models.Q(about="recall", state__in=("running", "reached")),
                name="recall_once_at_a_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state"], name="petition_by_state"),
            models.Index(fields=["subject"], name="petition_by_subject"),
        ]


class Signature(models.Model):
    """Somebody signed, by an alias made for this petition alone."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="signatures")
    alias = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["petition", "alias"], name="signature_once")]


class SignatureLink(models.Model):
    """The tie between a member and their alias. Shown to nobody else; destroyed after the limitation."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="links")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    alias = models.CharField(max_length=16)

    objects = TieQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "member"], name="signer_once"),
            models.UniqueConstraint(fields=["petition", "alias"], name="alias_once"),
        ]


class Sample(models.Model):
    """The signatures that a scrutineer drew by lot to ask whether they are real, and what came of it."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="samples")
    scrutineer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    aliases = models.JSONField()  # in the order of the lot
    sentence = words()
    at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)  # since then nobody is shown whose they are
    signed = models.PositiveSmallIntegerField(default=0)
    denied = models.PositiveSmallIntegerField(default=0)
    silent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "scrutineer"], name="sample_once")
        ]
