# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballot boxes: one interface, whatever the box hides.

An open box keeps each ballot with its voter and shows all of them when the poll closes. A separated box
keeps marks and sealed ballots apart and shows what stood in them, without names (`separated.py`). Later boxes
keep the same interface: a roll call shows choices at once; a sealed box keeps what nobody can open alone.
No box stores a secret ballot in clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from kollontai.chapters.record.act import Act
from kollontai.chapters.voting.choices import Choice
from kollontai.chapters.voting.models import Poll


@dataclass(frozen=True)
class Receipt:
    """What a voter takes home from a box. Of a secret ballot the server keeps none of it.

    `commitment`: of an open ballot; of a secret one, the SHA-256 of the sealed ballot. `code` stands beside
    a secret ballot when all are shown; `promise` is the record key's word that it lies in the box.
    """

    voter: str
    commitment: str
    code: str = ""
    promise: str = ""


@dataclass(frozen=True)
class Emptied:
    """What lay in a box: the choices, and how many of the roll had voted.

    Of a secret box also `sealed`, the hashes of the ballots as they lay there; `opened`, check code and
    choice of each; and `secret`, the server's part of the lot.
    """

    choices: tuple[Choice, ...]
    cast: int
    sealed: tuple[str, ...] = ()
    opened: tuple[tuple[str, dict[str, Any]], ...] = ()
    secret: bytes = field(default=b"", repr=False)


class Spoilt(Exception):
    """A box cannot be counted: `why` is one of the reasons of `box.lost`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Box(Protocol):
    """What every box can do."""

    def most_ranks(self, poll: Poll) -> int | None:
        """How many ranks a ballot may have; None: as many as there are options."""
        ...

    def put(self, this: Act, poll: Poll, choice: Choice, *, code: str = "") -> Receipt:
        """Take in the ballot of the acting member, once."""
        ...

    def put_each(self, this: Act, poll: Poll, choices: Mapping[str, Choice]) -> None:
        """Take in the ballots of several voters at once, all or none."""
        ...

    def how_many(self, poll: Poll) -> int:
        """Count who has voted, without looking at any ballot."""
        ...

    def empty(self, this: Act, poll: Poll) -> Emptied:
        """Open the box: every ballot, in an order that tells nothing new. Spoilt where that is impossible."""
        ...

    def publish(self, this: Act, poll: Poll, emptied: Emptied) -> None:
        """Let everybody see what may now be seen, after `poll.counted` was recorded."""
        ...

    def annul(self, this: Act, poll: Poll, why: str, due: datetime) -> None:
        """Say in public that this box cannot be counted."""
        ...
