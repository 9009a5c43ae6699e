# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other programs wrote, as plain words: HTML without its signs, lines without what nobody can read."""

from __future__ import annotations

import re
from html import unescape

from kollontai.chapters.charter.texts import is_readable


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
    return "".join(filter(is_readable, text))


_BLOCKS = frozenset(("p", "div", "br", "li", "ul", "ol", "blockquote", "pre", "tr", "table", "hr"))
_BLOCKS |= frozenset(f"h{depth}" for depth in range(1, 7))
_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*|[!?][^<>]*)>")


def plain(html: str) -> str:
    """The words of HTML.

    Read by a few lines of our own, which look at no sign more than a few times: Python's reader takes hours
    for a file full of marks that are never closed.
    """
    parts: list[str] = []
    unseen, at = 0, 0
    html = _without_comments(html)
    for found in _TAG.finditer(html):
        if not unseen:
            parts.append(_words(html[at : found.start()]))
        at, closes, tag = found.end(), found[1] == "/", (found[2] or "").lower()
        if tag in ("script", "style"):
            unseen = max(0, unseen + (-1 if closes else 1))
        elif tag in _BLOCKS and not (closes and tag == "br"):
            parts.append("\n\n" if tag == "p" and not closes else "\n")
        if tag == "li" and not closes:
            parts.append("- ")
    if not unseen:
        parts.append(_words(html[at:]))
    return "\n".join(line.strip() for line in "".join(parts).split("\n"))


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text))


def _without_comments(html: str) -> str:
    parts, at = [], 0
    while (begins := html.find("<!--", at)) >= 0 and (ends := html.find("-->", begins + 4)) >= 0:
        parts.append(html[at:begins])
        at = ends + 3
    return "".join((*parts, html[at:]))
