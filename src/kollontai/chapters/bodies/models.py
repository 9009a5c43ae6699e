# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posts and terms. A term exists only because a count said so."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from kollontai.chapters.bodies.querysets import PostQuerySet, TermQuerySet
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.models import belongs_to_organisation, words


class Post(models.Model):
    """A post in a unit. `leading`: its holder leads and speaks after the members."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = words()
    leading = models.BooleanField()
    duty = models.CharField(max_length=12, blank=True, default="")  # why a single post need not lead
    seats = models.PositiveSmallIntegerField(default=1)
    term_days = models.PositiveIntegerField()
    pay = models.PositiveIntegerField(default=0)  # a month, in hundredths of the currency
    box = models.CharField(max_length=12, default="separated")  # outside: held by a scrutineer, by law
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # nobody is elected any more

    objects = PostQuerySet.as_manager()


class Claim(models.Model):
    """At founding only: somebody held this post before, by minutes of that day. It gives nothing yet."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="claims")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    elected_at = models.DateTimeField()
    old_end = models.DateTimeField()
    minutes = words()
    poll = models.CharField(max_length=16, blank=True, default="")  # the confirmation, once opened
    outcome = models.CharField(max_length=12, blank=True, default="")  # confirmed, unconfirmed

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "member"], name="claim_once")]


class Term(models.Model):
    """A member holds a post from here until there, by this poll.

    `leading`, `pay`, `duty`: what the post was when its election opened; a change is for later elections.
    """

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("terms")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="terms")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="terms")
    poll = models.CharField(max_length=16)
    how = models.CharField(max_length=12)  # elected, confirmed (elected before the founding), acting
    leading = models.BooleanField(default=False)
    pay = models.PositiveIntegerField(default=0)
    duty = models.CharField(max_length=12, blank=True, default="")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True, default="")

    objects = TermQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "member"], name="term_by_member")]

    def runs_at(self, at: datetime) -> bool:
        """Whether it runs at a moment, judged as `running_at` judges."""
        return self.begins_at <= at < self.ends_at and (self.ended_at is None or self.ended_at > at)
