# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls of anything: the roll, the paper, the box, the count."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.models import belongs_to_organisation, words
from kollontai.chapters.voting.querysets import OpenBallotQuerySet, PollQuerySet, VoterQuerySet


class Poll(models.Model):
    """A vote. Everything but `state` and the count is frozen when it opens."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("polls")
    about = models.CharField(max_length=12)  # issue, confirmation, election, recall
    subject = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)  # yes_no, ranked, election
    box = models.CharField(max_length=12)  # open, separated, outside
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
    state = models.CharField(max_length=8)  # open, counted, lost (annulled in public)
    closed_at = models.DateTimeField(null=True)
    cast = models.PositiveIntegerField(null=True)  # filled by the count; nobody counts before
    outcome = models.CharField(max_length=16, blank=True, default="")
    figures = models.JSONField(null=True)
    count = words(null=True)

    objects = PollQuerySet.as_manager()


class Voter(models.Model):
    """Somebody on a poll's roll. In a secret poll: whether they have voted, and never when."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    marked = models.BooleanField(default=False)

    objects = VoterQuerySet.as_manager()

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


class SecretBox(models.Model):
    """The box of a secret poll. Its private key lies among the keys, never here."""

    table_kind: ClassVar[str] = "public"

    poll = models.OneToOneField(Poll, on_delete=models.PROTECT, primary_key=True, related_name="secret_box")
    organisation = belongs_to_organisation("+")
    key = models.CharField(max_length=64)  # public, hex
    size = models.PositiveIntegerField()
    seats = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20)
    most_ranks = models.PositiveSmallIntegerField()
    lot = models.CharField(max_length=64)  # SHA-256 of the secret
    lots_until = models.DateTimeField()
    secret = models.CharField(max_length=64, blank=True, default="")  # shown at the count
    state = models.CharField(max_length=8)  # open, counted, lost
    links_destroyed = models.BooleanField(default=False)
    sealed = words(null=True)  # the hashes of what lay in the box
    ballots = words(null=True)  # what stood in them, sorted


class SealedBallot(models.Model):
    """A ballot nobody can read without the box's key, under a random name. Destroyed at the count."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=32)
    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="sealed_ballots")
    sealed = models.BinaryField()


class LotShare(models.Model):
    """What somebody added to the lot of a secret poll: a hash, and then the sentence behind it."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="lot_shares")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sentence = words(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "member"], name="lot_share_once")]


class OutsideEntry(models.Model):
    """What a scrutineer entered of a ballot held outside."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="outside_entries")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cast = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    report = words()
    ballots = words()
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["poll", "member"],
                condition=models.Q(taken_back_at=None),
                name="outside_entry_once",
            )
        ]
