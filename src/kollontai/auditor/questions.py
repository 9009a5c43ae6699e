# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether two drafts ask the same, worked out afresh from decision 0015."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from kollontai.auditor.read import json_value

_SEQUENCE, _SHORT, _LONGEST = 5, 20, 20_000
_PIECES = re.compile(r"[^\W_]+")


class Question(NamedTuple):
    """A text, and the effects that it declares."""

    text: str
    effects: list[dict[str, Any]]


def pieces(text: str) -> list[str]:
    """Runs of letters and digits, folded; signs that nobody sees are left out."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
    return _PIECES.findall(folded)[:_LONGEST]


@lru_cache(512)
def sequences(text: str) -> tuple[list[str], frozenset[str]]:
    """The words of a text, and its runs of five words; a short text has none."""
    words = pieces(text)
    found = (" ".join(words[at : at + _SEQUENCE]) for at in range(max(0, len(words) - _SEQUENCE + 1)))
    return words, frozenset(found) if len(words) >= _SHORT else frozenset()


def texts_alike(one: str, other: str) -> bool:
    """Half of the shorter text's sequences stand in the other; a few words are equal."""
    a, b = sequences(one), sequences(other)
    if not a[1] or not b[1]:
        return a[0] == b[0]
    both = sum(sequence in b[1] for sequence in a[1])
    return 2 * both >= min(len(a[1]), len(b[1]))


def effects_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """One kind, and no field that both set says something else."""
    if one.get("effect") != other.get("effect"):
        return False
    shared = [name for name in one if name in other and name != "effect"]
    return bool(shared) and not any(_differ(one[name], other[name]) for name in shared)


def _differ(one: Any, other: Any) -> bool:
    kinds = {type(one), type(other)}
    if kinds == {str}:
        return one != other and not (pieces(one) and texts_alike(one, other))
    if kinds == {int}:
        return bool(abs(one - other) * 10 > max(abs(one), abs(other)))
    return bool(type(one) is not type(other) or one != other)


def the_same(one: Question, other: Question) -> bool:
    """Whether two drafts are the same question."""
    if one.effects and other.effects:
        return any(effects_alike(mine, theirs) for mine in one.effects for theirs in other.effects)
    return texts_alike(one.text, other.text)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if type(one) is dict] if type(value) is list else []


def read_question(text: str, effects: bytes) -> Question:
    """A draft's words and the effects as they stand on the record."""
    return Question(text, _listed(json_value(effects) if effects else None))
