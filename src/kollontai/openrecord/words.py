# SPDX-License-Identifier: AGPL-3.0-or-later
"""Five words for a fingerprint, so that two people can compare it over the telephone.

A convenience, no proof: five words are the first 40 bits of a hash. Somebody with a rack of machines
can make another hash with the same five words; the whole hash stands beside them wherever it matters.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

WORDS = 5


def five_words(fingerprint: bytes) -> str:
    """Say the first five bytes of a fingerprint, a word for each byte."""
    if len(fingerprint) != 32:
        raise ValueError("A fingerprint has 32 bytes.")
    words = word_list()
    return " · ".join(words[byte] for byte in fingerprint[:WORDS])


@cache
def word_list() -> tuple[str, ...]:
    """Read the list: 256 words, no two of which differ by one letter alone."""
    text = resources.files("kollontai.openrecord").joinpath("words.txt").read_text(encoding="ascii")
    words = tuple(text.split())
    assert len(set(words)) == 256
    return words
