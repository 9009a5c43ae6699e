# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is at the keyboard: an account, its codes, passkeys, and how often somebody tried."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts; there is no way to create one with more rights than another."""


class Account(AbstractBaseUser):
    """A person who signs in. Rights come from membership and posts, never from an account."""

    table_kind: ClassVar[str] = "machinery"

    id = models.CharField(primary_key=True, max_length=16)
    email = models.EmailField(unique=True, null=True)
    language = models.CharField(max_length=10, blank=True, default="")  # chosen; "": as the browser asks
    read_in = models.CharField(max_length=10, blank=True, default="")  # of the pages when they last came in
    theme = models.CharField(max_length=10, blank=True, default="")
    hints = models.BooleanField(default=True)  # whether first steps are still pointed out
    created_at = models.DateTimeField()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()


class EmailCode(models.Model):
    """A code that was sent: hashed, bound to the asking browser, short-lived, few tries."""

    table_kind: ClassVar[str] = "machinery"

    browser = models.CharField(max_length=64, unique=True)  # digest of the asking browser's secret
    email = models.EmailField()
    code = models.CharField(max_length=200)  # argon2
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next = models.CharField(max_length=500, blank=True, default="")


class PaperCode(models.Model):
    """A code that stands on paper: hashed, good once, few tries."""

    begins = models.CharField(max_length=4, unique=True)  # the first four characters, by which it is found
    code = models.CharField(max_length=200)  # argon2, of the others
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class LetterCode(PaperCode):
    """The code of a letter that lets somebody in who has no mailbox."""

    table_kind: ClassVar[str] = "machinery"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="letter_code")


class SlipCode(PaperCode):
    """The code on a slip, by which what a neighbour wrote in is undone."""

    table_kind: ClassVar[str] = "machinery"

    write_in = models.CharField(max_length=16, unique=True)


class Passkey(models.Model):
    """A key in the member's own device."""

    table_kind: ClassVar[str] = "machinery"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A key for programs: scoped, expiring, shown once, kept as a digest."""

    table_kind: ClassVar[str] = "machinery"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60)
    scopes = models.CharField(max_length=200)  # read, act, vote
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Tries(models.Model):
    """How often something was tried in a window of time; right across all web processes."""

    table_kind: ClassVar[str] = "machinery"

    what = models.CharField(max_length=200)  # digest of kind and key
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["what", "window"], name="tries_once")]


class Mail(models.Model):
    """A message that waits to be sent, and, in a demonstration, to be read in the outbox page."""

    table_kind: ClassVar[str] = "machinery"

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    unsubscribe = models.CharField(
        max_length=300, blank=True, default=""
    )  # of notices; what must arrive has none
    queued_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # from then on its words are not true any more
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        # The keeper asks every second for what is not sent, among what is kept a month.
        indexes: ClassVar = [models.Index(fields=["sent_at"], name="mail_by_sending")]


class FormKey(models.Model):
    """A form that was sent, and where it led: sending it twice does the thing once."""

    table_kind: ClassVar[str] = "machinery"

    key = models.CharField(max_length=64, primary_key=True)  # digest of the form's key and its sender
    sender = models.CharField(max_length=64, blank=True, default="")  # digest of who sent it
    words = models.CharField(max_length=64, blank=True, default="")  # digest of what was filled in
    location = models.CharField(max_length=500, blank=True, default="")  # empty while it is being done
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "words"], condition=~models.Q(words=""), name="formkey_words_once"
            )
        ]
