# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other programs wrote, as plain words: HTML without its signs, lines without what nobody can read."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from kollontai.chapters.charter.texts import TURNING


def line_of(value: object, longest: int) -> str:
    """A name or a title: one line of at most so many characters."""
    text = " ".join(readable(value if isinstance(value, str) else "").split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def text_of(value: object, form: object) -> str:
    """The words of a text, of HTML if its `form` says so."""
    if not isinstance(value, str):
        return ""
    text = plain(value) if form == "html" else value
    text = readable(text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def readable(text: str) -> str:
    """Without signs that nobody can read."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in TURNING)
    )


_BLOCKS = frozenset(("p", "div", "br", "li", "ul", "ol", "blockquote", "pre", "tr", "table", "hr"))
_BLOCKS |= frozenset(f"h{depth}" for depth in range(1, 7))


class _Plain(HTMLParser):
    """The words of HTML, block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in ("script", "style")
        if tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")
        if tag == "li":
            self.parts.append("- ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in ("script", "style") and self.unseen > 0
        if tag in _BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain(html: str) -> str:
    """The words of HTML."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "\n".join(line.strip() for line in "".join(reader.parts).split("\n"))
