# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code on a slip: whoever holds it undoes what a neighbour wrote in, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from kollontai.chapters.accounts import paper
from kollontai.chapters.accounts.models import SlipCode

GOOD_FOR = timedelta(days=28)


def draw(write_in: str, *, at: datetime) -> str:
    """Draw the code of a write-in; this is its only showing."""
    return paper.draw_one(SlipCode, GOOD_FOR, at=at, write_in=write_in)


def enter(code: str, *, network: str, at: datetime) -> str:
    """The write-in that a code belongs to; empty, where none fits. It stays good. Raises tries.TooMany."""
    found = paper.look_for(SlipCode, GOOD_FOR, code, network=network, at=at)
    return found.write_in if found is not None else ""


def fits(code: str, write_in: str) -> bool:
    """Whether a code is the one of this write-in."""
    return paper.fits(SlipCode.objects.filter(write_in=write_in).first(), code)


def put_away(write_in: str) -> None:
    """Nothing is left to undo: the code opens nothing any more."""
    SlipCode.objects.filter(write_in=write_in).delete()
