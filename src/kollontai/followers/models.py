# SPDX-License-Identifier: AGPL-3.0-or-later
"""What followers keep of their own: how far they have read, what is to be told, and how somebody wants it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Organisation, belongs_to_organisation


class Place(models.Model):
    """How far a follower has read the record of an organisation; also the lock under which it reads on."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    follower = models.CharField(max_length=20)
    position = models.BigIntegerField(default=0)  # of the next entry

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "follower"], name="place_once")
        ]


class News(models.Model):
    """Something to be told: to a roll, a unit, or the one member in whose name it was done.

    Kept until every digest has told it. Nothing here says who did anything protected or secret.
    """

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    position = models.BigIntegerField()  # of the entry it comes from; -1 where it comes from the clock
    what = models.CharField(max_length=30)
    subject = models.CharField(max_length=64)  # the poll or the election; of one's own acts, the entry's
    member = models.CharField(max_length=16, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "position"],
                condition=models.Q(position__gte=0),
                name="news_of_an_entry_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "member"], name="news_of_member"),
        ]


class Due(models.Model):
    """What a follower has to do at an hour: remind of a vote's last day, write digests, tell of a right used.

    `subject`: the poll, nothing, or the member. `told`: of a digest, the last of the news that it told.
    """

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    what = models.CharField(max_length=20)
    subject = models.CharField(max_length=16, blank=True, default="")
    due = models.DateTimeField()
    told = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "what", "subject"], name="due_once")
        ]
        indexes: ClassVar = [models.Index(fields=["due"], name="due_by_time")]


class Wish(models.Model):
    """How a member wants notices by mail. Nobody else learns of it."""

    table_kind: ClassVar[str] = "private"

    owner = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="wish")
    organisation = belongs_to_organisation("+")
    how = models.CharField(max_length=8)  # each, daily, weekly, needed, none
    since = models.BigIntegerField(default=0)  # the last of the news that was there when they chose


class Feed(models.Model):
    """A member's own calendar address. Its key is worked out from `turn`: another turn, another address."""

    table_kind: ClassVar[str] = "private"

    owner = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="feed")
    organisation = belongs_to_organisation("+")
    turn = models.PositiveIntegerField(default=1)
    ended = models.BooleanField(default=False)


class ExportReading(models.Model):
    """The hash of an export, worked out shortly before it is stamped."""

    table_kind: ClassVar[str] = "machinery"

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    due = models.DateTimeField()  # of the stamp it is for
    size = models.BigIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
