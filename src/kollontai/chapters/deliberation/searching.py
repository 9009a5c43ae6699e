# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds words in texts, whatever their case and accents. Plain Python; the same on every database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS = 10
LONGEST = 200
AROUND = 90  # signs on either side of what was found


@dataclass(frozen=True)
class Excerpt:
    """A piece of a text: parts that were looked for, and parts that were not, in turn; the first is not."""

    parts: tuple[str, ...]
    begins: bool  # whether it begins where the text begins
    ends: bool


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, as they are compared; the first ten, each once."""
    found = re.findall(r"\w+", folded(query[:LONGEST])[0])
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def matches(text: str, words: tuple[str, ...]) -> bool:
    """Whether each of the words stands in a text, as the beginning of a word."""
    plain = folded(text)[0]
    return bool(words) and all(_pattern(word).search(plain) for word in words)


def excerpt(text: str, words: tuple[str, ...]) -> Excerpt:
    """The piece of a text around the first word that is found in it."""
    plain, places = folded(text)
    found = sorted(
        (places[one.start()], places[one.end() - 1] + 1)
        for word in words
        for one in _pattern(word).finditer(plain)
    )
    first = found[0][0] if found else 0
    start, end = max(0, first - AROUND), min(len(text), first + 2 * AROUND)
    parts, at = [], start
    for left, right in found:
        if at <= left and right <= end:
            parts += [text[at:left], text[left:right]]
            at = right
    return Excerpt((*parts, text[at:end]), start == 0, end == len(text))


def folded(text: str) -> tuple[str, list[int]]:
    """A text without case and accents, and for each sign of it the place it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    plain: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in unicodedata.normalize("NFKD", sign.casefold()):
            if not unicodedata.combining(one):
                plain.append(one)
                places.append(at)
    return "".join(plain), places


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + re.escape(word))
