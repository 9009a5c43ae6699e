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


def tidy(text: str) -> str:
    """Line ends in one spelling, as browsers and programs send them in three."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def usable_text(text: str) -> Refusal | None:
    """A text has words, and a size that others can read."""
    if all(unicodedata.category(sign)[0] in "ZC" for sign in text):
        return Refusal("text-empty", OWN_WORDS)
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        return Refusal("text-too-long", OWN_WORDS, facts={"most": TEXT_BYTES})
    lines = text.split("\n")
    if len(lines) > TEXT_LINES or any(len(line) > LINE_LENGTH for line in lines):
        return Refusal("lines-too-long", OWN_WORDS, facts={"lines": TEXT_LINES, "length": LINE_LENGTH})
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        return Refusal("text-unreadable", OWN_WORDS)
    return None


def usable_title(title: str) -> Refusal | None:
    """A title is one line."""
    if all(unicodedata.category(sign)[0] in "ZC" for sign in title):
        return Refusal("title-empty", OWN_WORDS)
    if len(title) > TITLE_LENGTH:
        return Refusal("title-too-long", OWN_WORDS, facts={"most": TITLE_LENGTH})
    if "\n" in title or usable_text(title) is not None:
        return Refusal("text-unreadable", OWN_WORDS)
    return None
