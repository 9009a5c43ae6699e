# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members' words as HTML: Markdown without raw HTML, cleaned once more, no pictures.

What a text looks like depends on its bytes alone, so the HTML is kept by the text's commitment. It is
kept for a short time only, and in memory only: a text that is erased is gone from here soon after, and
is not shown meanwhile, because an erased text is never asked for.
"""

from __future__ import annotations

from functools import cache as once

import nh3
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from kollontai.chapters.record.models import Content

KEPT_FOR = 600
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
    """Turn members' Markdown into HTML that can do nothing but be read."""
    clean = nh3.clean(
        _reader().render(text),
        tags=_ALLOWED,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned one line above


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


def forget(content: Content) -> None:
    """Drop what was kept of a text that its author erased."""
    cache.delete(f"html:{content.commitment}")
