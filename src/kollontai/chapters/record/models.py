# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record's own rows: the organisation, what waits for a position, what has one, and the words beside it.

`table_kind` says who may write a table: "public" by acts alone, "private" by its owner through
`private_write`, "machinery" by the code that keeps the house running.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


def belongs_to_organisation(related_name: str) -> models.ForeignKey[Organisation, Organisation]:
    """The column every table has: whose row this is. A record is never deleted, so nothing cascades."""
    return models.ForeignKey(
        "record.Organisation", on_delete=models.PROTECT, related_name=related_name, db_constraint=False
    )


def words(*, null: bool = False) -> models.ForeignKey[Content, Content]:
    """A column that points at words beside the record."""
    return models.ForeignKey(
        "record.Content", on_delete=models.PROTECT, related_name="+", db_constraint=False, null=null
    )


class Organisation(models.Model):
    """An organisation and the identity of its record. It exists once `founded_at` stands."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    slug = models.SlugField(max_length=60, unique=True)
    origin = models.CharField(max_length=200, unique=True)  # the log's name, for ever
    name = words()
    unit_word = words()
    zone = models.CharField(max_length=60)
    preset = models.CharField(max_length=10)  # normal, small
    joining = models.CharField(max_length=10)  # open, vouched
    demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    founded_at = models.DateTimeField(null=True)


class Content(models.Model):
    """Bytes that an entry commits to. Erasing empties `value` and `salt`; the commitment stays.

    `audience`: world, members, unit, party. `held_until`: the subject (a poll or a statement) whose close
    or opening releases these bytes to their audience; empty once released.
    """

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    commitment = models.CharField(max_length=64)  # hex
    kind = models.CharField(max_length=60)
    field = models.CharField(max_length=30)
    author = models.CharField(max_length=16)
    audience = models.CharField(max_length=10)
    held_until = models.CharField(max_length=16, blank=True, default="")
    salt = models.BinaryField(null=True)
    value = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "commitment"], name="content_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "author"], name="content_by_author"),
            models.Index(fields=["organisation", "held_until"], name="content_held"),
        ]

    def __str__(self) -> str:
        """The words themselves, or what stands in their place."""
        return "" if self.value is None else bytes(self.value).decode("utf-8")

    def __bool__(self) -> bool:
        """Whether there is anything to show: pages say something else in place of what was erased."""
        return bool(self.value)

    @property
    def erased(self) -> bool:
        """Whether the bytes were deleted by an act."""
        return self.erased_at is not None


class Outbox(models.Model):
    """Entries that were committed with their act and wait for a position."""

    table_kind: ClassVar[str] = "machinery"

    id = models.BigAutoField(primary_key=True)
    organisation = belongs_to_organisation("+")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    actor = models.CharField(max_length=16)
    at = models.DateTimeField()
    ticket = models.CharField(max_length=16)  # the act asks for its receipt by this
    data = models.BinaryField()


class EntryRow(models.Model):
    """An entry with its position: what the tiles are made of."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    position = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    actor = models.CharField(max_length=16)
    at = models.DateTimeField()
    ticket = models.CharField(max_length=16)
    data = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "position"], name="entry_position_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "actor", "position"], name="entry_of_actor_in_order"),
            models.Index(fields=["organisation", "subject"], name="entry_by_subject"),
            models.Index(fields=["ticket"], name="entry_by_ticket"),
        ]


class Node(models.Model):
    """The root of 256, 65,536, … finished leaves: what lets the right edge be loaded in a moment."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "level", "index"], name="node_once")
        ]


class Head(models.Model):
    """The size, root and signed checkpoint of an organisation's record; the sequencer's lock row."""

    table_kind: ClassVar[str] = "machinery"

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="head", db_constraint=False
    )
    size = models.BigIntegerField(default=0)
    root = models.BinaryField()
    checkpoint = models.BinaryField()
    last_at = models.DateTimeField(null=True)


class Lock(models.Model):
    """A name that acts hold while they run, so that two acts on one thing take turns."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="lock_once")]


class Deadline(models.Model):
    """What the clock has to do, and when: one row for each thing, done exactly once."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    act = models.CharField(max_length=60)  # "deliberation.advance"
    subject = models.CharField(max_length=64)
    due = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["done_at", "due"], name="deadline_due")]


class WitnessedLog(models.Model):
    """Another record that this installation witnesses: the largest tree it has seen of it."""

    table_kind: ClassVar[str] = "machinery"

    origin = models.CharField(max_length=200, primary_key=True)
    vkey = models.TextField()
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(null=True)
    note = models.BinaryField(null=True)


class Cosignature(models.Model):
    """A line by which a witness says: this is the largest tree of this record that I have seen."""

    table_kind: ClassVar[str] = "machinery"

    organisation = belongs_to_organisation("+")
    witness = models.CharField(max_length=200)  # the witness's key name
    url = models.CharField(max_length=300)
    vkey = models.TextField()
    size = models.BigIntegerField(default=0)
    line = models.TextField(blank=True, default="")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "witness"], name="cosignature_once")
        ]


class OwnAudit(models.Model):
    """What the auditor said of this installation's own export, the last time the machine asked it."""

    table_kind: ClassVar[str] = "machinery"

    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="own_audit",
        db_constraint=False,
    )
    at = models.DateTimeField()
    size = models.BigIntegerField()
    words = models.CharField(max_length=100)  # the root in five words
    found = models.PositiveIntegerField()
    findings = models.JSONField()  # the first few: article, entry, check, sentence
    unfinished = models.JSONField()  # checks that could not be asked to the end, with why
    unseen = models.JSONField()  # what no check could see
    asked = models.PositiveIntegerField()
