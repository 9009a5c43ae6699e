# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a law note may say. Article 12.

1. It names country, statute and section, gives the section's full text, says who advises, and the narrowest
   change that the law compels. Each is there; none is long without need.
2. It touches one thing of a closed list, at one article. Never groups, leaving or the record; and there is no
   word on the list for opinions, recalls or who is judged.
3. It is over after its days, unless members vote another one.
4. As long as one on the form of elections stands, members may have the ballots of a post held outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kollontai.chapters.charter.rules import is_name, is_text
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 12
LASTS = "N.law_note"
TOUCHES = ("form", "term", "eligibility", "proxy", "publication", "signing")
NEVER = (3, 13, 14)
"""Groups, leaving, the record: no law note stands there."""
HELD_OUTSIDE = (1, "form")
"""The article and the thing that a law note touches which has a scrutineer hold ballots outside."""
LINES = ("country", "statute", "section", "adviser")


@dataclass(frozen=True)
class Note:
    """A law note as somebody wants it."""

    at_article: int
    touches: str
    words: Mapping[str, str]  # country, statute, section, adviser, text, change


def may_note(note: Note, articles: int) -> Refusal | None:
    """Whether members may vote such a note."""
    if not 1 <= note.at_article <= articles or note.touches not in TOUCHES:
        return Refusal("law-note-elsewhere", ARTICLE)
    if note.at_article in NEVER:
        return Refusal("law-note-never-here", ARTICLE)
    for line in LINES:
        if not is_name(note.words[line], longest=200):
            return Refusal("law-note-incomplete", ARTICLE)
    for text in ("text", "change"):
        if not note.words[text].strip() or not is_text(note.words[text]):
            return Refusal("law-note-incomplete", ARTICLE)
    return None
