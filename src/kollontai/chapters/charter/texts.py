# SPDX-License-Identifier: AGPL-3.0-or-later
"""What words may be put before others: any, in a size that they can read. Article 7."""

from __future__ import annotations

import unicodedata

from kollontai.chapters.record.refusal import Refusal

OWN_WORDS = 7

TEXT_BYTES = 100_000
TEXT_LINES = 2_000
LINE_LENGTH = 2_000
TITLE_LENGTH = 200
TURNING = "\u202b\u202d\u202e\u2067"
"""Signs that turn round what follows. Languages that are written from the right need none of them."""
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters, a mark and a sign that show nothing."""


def tidy(text: str) -> str:
    """Line ends in one spelling, as browsers and programs send them in three."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def usable_text(text: str) -> Refusal | None:
    """A text has words, and a size that others can read."""
    if _shows_nothing(text):
        return Refusal("text-empty", OWN_WORDS)
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        return Refusal("text-too-long", OWN_WORDS, facts={"most": TEXT_BYTES})
    lines = text.split("\n")
    if len(lines) > TEXT_LINES or any(len(line) > LINE_LENGTH for line in lines):
        return Refusal("lines-too-long", OWN_WORDS, facts={"lines": TEXT_LINES, "length": LINE_LENGTH})
    if not is_readable(text):
        return Refusal("text-unreadable", OWN_WORDS)
    return None


def is_readable(text: str) -> bool:
    """No control signs but line ends and tabs, and none by which a page shows words in another order than
    they stand: what is voted on and what is read would be two texts."""
    return not any(
        sign in TURNING or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t")
        for sign in text
    )


def usable_title(title: str) -> Refusal | None:
    """A title is one line."""
    if _shows_nothing(title):
        return Refusal("title-empty", OWN_WORDS)
    if len(title) > TITLE_LENGTH:
        return Refusal("title-too-long", OWN_WORDS, facts={"most": TITLE_LENGTH})
    if "\n" in title or usable_text(title) is not None:
        return Refusal("text-unreadable", OWN_WORDS)
    return None


def _shows_nothing(text: str) -> bool:
    return all(unicodedata.category(sign)[0] in "ZC" or sign in BLANK for sign in text)
