# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units and the people in them. Names are content kept apart, so that they can be erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.accounts.models import Account
from kollontai.chapters.members.querysets import MemberQuerySet, UnitQuerySet
from kollontai.chapters.record.models import belongs_to_organisation, words


class Unit(models.Model):
    """A branch, house or workplace. The first unit is the whole organisation and has no parent."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = words()
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    merged_at = models.DateTimeField(null=True)  # since then it is no more; its id is never used again

    objects = UnitQuerySet.as_manager()

    @property
    def home(self) -> Unit:
        """What it has become part of, over any number of mergers; itself where it lives."""
        return self if self.merged_into is None else self.merged_into.home


class MergeYes(models.Model):
    """A unit voted that one of two becomes part of the other. It holds until a day, or until it is over."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # that voted so
    merged = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    issue = models.CharField(max_length=16)
    draft = models.CharField(max_length=16)
    at = models.DateTimeField()
    until = models.DateTimeField()
    over_at = models.DateTimeField(null=True)  # with a merger of either unit

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue"], name="merge_yes_once")]


class Standing(models.TextChoices):
    """Where a person stands with the organisation."""

    INVITED = "invited"
    APPLICANT = "applicant"
    MEMBER = "member"
    DECLINED = "declined"
    LEFT = "left"


class Member(models.Model):
    """A person in an organisation, by one stable random id."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("members")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="members", db_constraint=False)
    name = words()
    standing = models.CharField(max_length=10, choices=Standing.choices)
    ground = models.CharField(max_length=12)  # founding, moving-in, invitation, application
    invited_by = models.CharField(max_length=16, blank=True, default="")
    invited_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)  # asked to sign the charter at founding
    signed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    admit_at = models.DateTimeField(null=True)
    vouchers_needed = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "standing", "joined_at", "id"], name="member_by_joining"),
            models.Index(
                fields=["unit", "organisation", "standing", "joined_at", "id"],
                name="member_of_unit_by_joining",
            ),
            models.Index(fields=["organisation", "invited_by"], name="member_invited_by"),
        ]


class Contact(models.Model):
    """How a person is reached and which account speaks for them. Only that there is one is exported."""

    table_kind: ClassVar[str] = "public"

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="contact")
    organisation = belongs_to_organisation("+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField(blank=True, default="")
    pending_email = models.EmailField(blank=True, default="")
    pending_from = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=~models.Q(email=""), name="contact_email_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "account"],
                condition=models.Q(account__isnull=False),
                name="contact_account_once",
            ),
        ]


class LetterVoucher(models.Model):
    """A member vouched that somebody without a mail address shall be let in by a letter with a code."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="letter_vouchers")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second = models.BooleanField()  # with this one the code was made

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "by", "at"], name="letter_voucher_once")
        ]


class Voucher(models.Model):
    """A member of standing vouched for an applicant."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    applicant = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="vouchers")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # Somebody who left and asks again is vouched for again, so the time belongs to the key.
            models.UniqueConstraint(fields=["applicant", "by", "at"], name="voucher_once")
        ]
        indexes: ClassVar = [models.Index(fields=["by", "at"], name="voucher_by")]
