# SPDX-License-Identifier: AGPL-3.0-or-later
"""The charter in force: which articles, and the organisation's own limits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.record.models import belongs_to_organisation, words


class Charter(models.Model):
    """A version of an organisation's charter: the articles it adopted, its own words, and what changed."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("charters")
    version = models.PositiveIntegerField()
    articles_version = models.PositiveIntegerField()
    articles_sha256 = models.CharField(max_length=64)
    text = words()
    since = models.DateTimeField()
    what = models.CharField(max_length=20, default="founded")  # or the kind of effect that made it
    key = models.CharField(max_length=40, blank=True, default="")  # the limit that was moved
    value = models.IntegerField(null=True)
    of = models.IntegerField(null=True)  # below the line of a fraction
    was = models.IntegerField(null=True)
    was_of = models.IntegerField(null=True)
    joining = models.CharField(max_length=10, blank=True, default="")  # where that was changed
    issue = models.CharField(max_length=16, blank=True, default="")
    draft = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="charter_version_once")
        ]


class Limit(models.Model):
    """One limit in force, by its key in the articles file, in its whole unit."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("limits")
    key = models.CharField(max_length=40)
    value = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "key"], name="limit_once")]


class Dues(models.Model):
    """What a member pays a month, in hundredths of the currency, since a vote said so."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    number = models.PositiveIntegerField()  # 1 is the first that was ever set
    amount = models.PositiveIntegerField()
    issue = models.CharField(max_length=16)
    draft = models.CharField(max_length=16)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="dues_number_once")
        ]


class LawNote(models.Model):
    """What a law compels beside an article, voted by the members, until its day."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    article = models.PositiveSmallIntegerField()
    touches = models.CharField(max_length=12)
    words = words()  # country, statute, section, adviser, text, change, as JSON
    issue = models.CharField(max_length=16)
    draft = models.CharField(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)


class QuietDays(models.Model):
    """The quiet days of a calendar year, as a vote set them; the latest row of a year stands."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    days = models.JSONField()  # as 2030-08-01, in order
    issue = models.CharField(max_length=16)
    draft = models.CharField(max_length=16)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="quiet_days_number_once")
        ]


class VotingDay(models.Model):
    """The day of a month on which votes of issues open, as a vote set it; the latest row stands."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    number = models.PositiveIntegerField()
    day = models.PositiveSmallIntegerField()  # 0: none
    issue = models.CharField(max_length=16)
    draft = models.CharField(max_length=16)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="voting_day_number_once")
        ]
