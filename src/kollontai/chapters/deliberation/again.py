# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a draft is the same question as one that was decided. Article 2.

1. Words are compared as runs of letters and digits, whatever their case, signs or spaces. Texts are alike
   when half of the shorter one stands in the other, run by run: padding a text or putting half of it changes
   nothing. Few words are alike when they are equal.
2. Effects are the same when they are of one kind and agree in all that both set; a number that is moved a
   little is no other number.
3. Where two drafts both declare effects, one that both have makes them the same question. Else their texts
   do.
4. What was decided in a unit comes again there, or in a unit within it, with more members behind it, and
   otherwise when its time is over. Nothing is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

AGAIN, SHARE = "D10.again", "D10.share"
RUN = 5
FEW = 20  # words; below, texts are alike when they are equal
ALIKE = (1, 2)  # of the runs of the shorter text
MOST_WORDS = 20_000
NEAR = 10  # numbers within a tenth of the larger one are near
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Asked:
    """A draft as a question: its text, and what it would change."""

    text: str
    effects: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Decided:
    """An issue that was decided, with all that stood on its paper."""

    issue: str
    at: datetime
    asked: tuple[Asked, ...]


def folded(text: str) -> tuple[str, ...]:
    """The words of a text, as they are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return tuple(_WORD.findall(shown)[:MOST_WORDS])


@lru_cache(256)
def _runs(text: str) -> tuple[tuple[str, ...], frozenset[tuple[str, ...]]]:
    words = folded(text)
    return words, frozenset(words[at : at + RUN] for at in range(len(words) - RUN + 1))


def alike(one: str, other: str) -> bool:
    """Whether two texts say much of the same in the same words."""
    (words, runs), (others, theirs) = _runs(one), _runs(other)
    if min(len(words), len(others)) < FEW:
        return words == others
    shorter = min(len(runs), len(theirs))
    return len(runs & theirs) * ALIKE[1] >= shorter * ALIKE[0]


def same_effect(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two effects do the same thing, in all that both set."""
    if one.get("effect") != other.get("effect"):
        return False
    both = (one.keys() & other.keys()) - {"effect"}
    return bool(both) and all(_same(one[name], other[name]) for name in both)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (bool(folded(one)) and alike(one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) * NEAR <= max(abs(one), abs(other))
    return bool(one == other)


def same_question(one: Asked, other: Asked) -> bool:
    """Whether two drafts ask the same."""
    if one.effects and other.effects:
        return any(same_effect(mine, theirs) for mine in one.effects for theirs in other.effects)
    return alike(one.text, other.text)


def decided_before(asked: Asked, decided: Iterable[Decided]) -> str:
    """The issue that decided the same question, the last one of several; empty where none did."""
    found = [one for one in decided if any(same_question(asked, other) for other in one.asked)]
    return max(found, key=lambda one: (one.at, one.issue)).issue if found else ""


def needed(members: int, limits: Mapping[str, int]) -> int:
    """How many must stand behind a question that comes again early; counts round up."""
    return -(-members * limits[SHARE] // 10_000)
