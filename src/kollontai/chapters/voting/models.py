# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls of anything: the roll, the paper, the box, the count."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.models import belongs_to_organisation, words
from kollontai.chapters.voting.querysets import OpenBallotQuerySet, PollQuerySet


class Poll(models.Model):
    """A vote. Everything but `state` and the count is frozen when it opens."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("polls")
    about = models.CharField(max_length=12)  # issue, confirmation
    subject = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)  # yes_no, ranked
    box = models.CharField(max_length=12)  # open
    options = models.JSONField()  # list of option ids
    status_quo = models.CharField(max_length=16, blank=True, default="")
    paper = words()
    roll = words()
    roll_count = models.PositiveIntegerField()
    quorum_bp = models.PositiveIntegerField()
    majority_num = models.PositiveSmallIntegerField()
    majority_den = models.PositiveSmallIntegerField()
    more_than = models.BooleanField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=8)  # open, counted
    closed_at = models.DateTimeField(null=True)
    cast = models.PositiveIntegerField(null=True)  # filled by the count; nobody counts before
    outcome = models.CharField(max_length=16, blank=True, default="")
    figures = models.JSONField(null=True)
    count = words(null=True)

    objects = PollQuerySet.as_manager()


class Voter(models.Model):
    """Somebody on a poll's roll."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "member"], name="voter_once")]


class OpenBallot(models.Model):
    """A ballot in an open poll: one for each voter, unread until the poll closes."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="open_ballots")
    voter = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    choice = words()
    at = models.DateTimeField()

    objects = OpenBallotQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "voter"], name="open_ballot_once")]
