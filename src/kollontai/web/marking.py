# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members' words as HTML: Markdown without raw HTML, cleaned once more, no pictures.

Markdown can hide: what defines a link, titles of links, cells too many, what lies too deep in quotes or lists
is shown nowhere; and a link can say one address and lead to another. Founders sign what a page shows them.
So a text that would be shown in part, or that leads elsewhere than it says, is shown as it was typed.

What a text looks like depends on its bytes alone, so the HTML is kept by the text's commitment. It is
kept for a short time only, and in memory only: a text that is erased is gone from here soon after, and
is not shown meanwhile, because an erased text is never asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache as once
from html import unescape
from typing import TypeVar
from urllib.parse import unquote

import nh3
from django.core.cache import cache
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from kollontai.chapters.record.models import Content

Erased = TypeVar("Erased")
KEPT_FOR = 600
MOST_CELLS, MOST_BRACKETS = 10_000, 1_000
"""Every row of a table gets all its cells, also those that nobody typed: 6 kB made 690 kB of HTML. And each
bracket that opens could be a link, which is looked for."""
_ALLOWED = {
    *("p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@once
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "breaks": True})
    # The headings of a page are the page's own; in a text they are strong lines.
    reader.add_render_rule("heading_open", lambda *_: "<p><strong>")
    reader.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return reader.enable(["table", "strikethrough"]).disable(["image"])


def to_html(text: str) -> SafeString:
    """Turn members' Markdown into HTML that can do nothing but be read, and in which all of it is read."""
    if _is_toil(text):
        return as_typed(text)
    clean = nh3.clean(
        _reader().render(text),
        tags=_ALLOWED,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    if _hides_words(text, clean) or any(_leads_elsewhere(*link) for link in _LINK.findall(clean)):
        return as_typed(text)
    return mark_safe(clean)  # noqa: S308 - cleaned a few lines above


def as_typed(text: str) -> SafeString:
    """A text with nothing read into it."""
    return linebreaks(text, autoescape=True)


def _is_toil(text: str) -> bool:
    """Whether to read this as Markdown would take long; nobody writes so but to make a page slow."""
    lines = text.split("\n")
    return max(line.count("|") for line in lines) * len(lines) > MOST_CELLS or text.count("[") > MOST_BRACKETS


def _hides_words(text: str, shown: str) -> bool:
    """Whether a word of the text stands neither in what is shown of it, nor in where its links lead."""
    addresses = " ".join(address for address, _words in _LINK.findall(shown))
    to_read = f"{_TAG.sub(' ', shown)} {addresses} {unquote(addresses)}"
    typed = Counter(_WORD.findall(unescape(_MARKER.sub("", text))))
    return bool(typed - Counter(_WORD.findall(unescape(to_read))))


def _leads_elsewhere(address: str, words: str) -> bool:
    """Whether a link says an address other than where it leads."""
    leads = unescape(address).casefold()
    host = (_HOST.match(leads) or [""] * 2)[1]
    for word in unescape(_TAG.sub("", words)).casefold().split():
        word = word.strip(_AROUND)
        said = _HOST.match(word) or _BARE.fullmatch(word)
        if "@" in word and not said and leads.partition("?")[0] != f"mailto:{word}":
            return True
        if said and said[1].removeprefix("www.") != host.removeprefix("www."):
            return True
    return False


_WORD = re.compile(r"[^\W_]+")
_MARKER = re.compile(r"^[ \t>*+-]*\d{1,9}[.)](?=\s|$)", re.MULTILINE)  # of a list: it is numbered by the page
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_HOST = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//|mailto:[^@?]*@)(?:[^@/?#]*@)?([^/?#:]+)")
_BARE = re.compile(
    r"((?:[\w-]+\.)+(?!(?:pdf|md|txt|csv|html?|odt|docx?|ods|xlsx?|png|jpe?g|zip)$)[^\W\d_]{2,24})(?:/\S*)?"
)
_AROUND = "()[]{}<>.,;:!?\"'“”„«»‘’"


def shown(content: Content) -> SafeString:
    """The HTML of a content, from memory where it was made a moment ago."""
    if content.erased or content.value is None:
        return SafeString("")
    key = f"html:{content.commitment}"
    html: str | None = cache.get(key)
    if html is None:
        html = str(to_html(str(content)))
        cache.set(key, html, KEPT_FOR)
    return SafeString(html)


def forgetting(words: Sequence[Content], erase: Callable[[], Erased]) -> Erased:
    """Erase words, and drop what was kept of them: afterwards, so that no reader brings it back meanwhile."""
    done = erase()
    cache.delete_many([f"html:{content.commitment}" for content in words])
    return done
