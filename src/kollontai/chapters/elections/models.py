# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections, candidates, and who is asked to act until a by-election."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.elections.querysets import CandidacyQuerySet, ElectionQuerySet
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import belongs_to_organisation, words


class Election(models.Model):
    """Seats of a post on their way to be filled: nominations, voting, decided; or empty, or annulled."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("elections")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="elections")
    why = models.CharField(max_length=12)  # founding, created, term-over, vacancy, again
    fills = models.JSONField()  # the terms whose seats it fills
    seats = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    half = models.BooleanField()  # who served their terms may stand, for half a term
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()  # nominations
    members_since = models.DateTimeField()  # who was a member by then votes and stands
    limits = models.JSONField()  # copied from the charter at birth, for life
    leading = models.BooleanField(default=False)  # these three: what the post is when it opens, for life
    pay = models.PositiveIntegerField(default=0)
    duty = models.CharField(max_length=12, blank=True, default="")
    begins_at = models.DateTimeField(null=True)  # the new terms; empty: with the count
    ends_at = models.DateTimeField(null=True)  # the rest of a term; empty: a whole one
    after = models.CharField(max_length=16, blank=True, default="")
    poll = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=12)
    elected = models.JSONField(default=list)  # by the count, in its order
    reopened = models.PositiveSmallIntegerField(default=0)
    unfilled = models.PositiveSmallIntegerField(default=0)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state"], name="election_by_state"),
            models.Index(fields=["poll"], name="election_by_poll"),
        ]


class Candidacy(models.Model):
    """Somebody put forward in an election: asked, and then standing, declined or withdrawn."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="candidacies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="candidacies")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10)  # asked, stands, declined, withdrawn
    half = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "member"], name="candidacy_once")
        ]


class CandidacyVersion(models.Model):
    """What a candidate says for themself at one time; every version stays readable."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    statement = words()
    picture = words(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidacy", "version"], name="candidacy_version_once")
        ]


class Offer(models.Model):
    """The next in line is asked to act in a seat that fell vacant before its time."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="offers")  # the one that ended
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="offers")
    poll = models.CharField(max_length=16)
    count = words()
    offered_at = models.DateTimeField()
    until = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # asked, accepted, declined, lapsed

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["term", "member"], name="offer_once")]
