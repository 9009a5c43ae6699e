# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever runs the server did to the house a record lives in. None of it changes anybody's right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.openrecord.facts import Fact, kind


@kind("database.restored", link="operator", audience="world")
@dataclass(frozen=True, slots=True)
class DatabaseRestored(Fact):
    """The record goes on from a database that was brought back from a backup.

    `root` (hex) and `size`: the head of the backup, which this record continues. `taken_at`: when the backup
    was made, by `release`. `witnesses` and `copies`: with how many witnesses, and with how many checkpoints
    that others held, it was compared first; none of them was ahead of it.
    """

    root: str
    size: int
    taken_at: datetime
    release: str
    witnesses: int
    copies: int


@kind("host.changed", link="operator", audience="members", commits=("leaving", "coming"))
@dataclass(frozen=True, slots=True)
class HostChanged(Fact):
    """The house goes to another host. Who leaves and who comes is committed to, by name.

    `box`: the id of the key of the new host, to which the keys and the database were sealed. With this entry
    the old home signs for the last time.
    """

    box: str
    release: str


@kind("key.rotated", link="operator", audience="world")
@dataclass(frozen=True, slots=True)
class KeyRotated(Fact):
    """The record is signed by another key from here on (docs/record-format.md, "Another key").

    `number` counts from 2: the first key is the founding's. `public` is the new key, `by` the one it follows,
    both Ed25519 in hex. `signature` (hex) is by the old key over the words of the change, `proof` by the new
    one over the same: nobody brings in a key without the old one's word, or a key that is not theirs.
    """

    number: int
    public: str
    by: str
    signature: str
    proof: str


@kind("content.erased_by_order", link="operator", audience="members", commits=("order",))
@dataclass(frozen=True, slots=True)
class ContentErasedByOrder(Fact):
    """Bytes and salt of these commitments (hex) were deleted because a court ordered it (article 7).

    `order` (committed): a JSON object with "court", "number", "date", "statute" (with its text) and "words"
    (the order itself). `review_by`: until when a jury is to have looked at it.
    """

    commitments: tuple[str, ...]
    review_by: datetime
