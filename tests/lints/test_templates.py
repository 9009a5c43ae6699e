# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages hold under a strict content policy: no script, style or address of others inside them."""

import re
from collections.abc import Iterator

import pytest

from tests.lints.tree import PACKAGE, short

FORBIDDEN = {
    "a script written into the page": r"<script(?![^>]*\ssrc=)",
    "a style written into the page": r"<style\b",
    "a style on an element": r"<[a-z][^<>]*\sstyle\s*=",
    "a script on an element": r"<[a-z][^<>]*\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=",
    "a script as an address": r"[\"'(]\s*javascript:",
    "an address inside the page": r"[\"'(]\s*data:",
    "a file from elsewhere": r"<(?:script|link|img|source|iframe)\b[^>]*\s(?:src|href)\s*=\s*"
    r"[\"']?(?:https?:)?//",
}


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Everything in a template that the content policy would refuse, with its line."""
    for fault, pattern in FORBIDDEN.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield text.count("\n", 0, found.start()) + 1, fault


def test_no_template_holds_what_the_content_policy_refuses() -> None:
    templates = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".svg"})
    found = [
        f"{short(path)}:{line} {fault}" for path in templates for line, fault in faults(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        "<style>p {}</style>",
        '<p class="a" style="color: red">',
        "<button onclick='go()'>",
        '<div hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<img src="data:image/png;base64,AA">',
        '<script src="https://example.org/x.js"></script>',
    ],
)
def test_each_forbidden_thing_is_found(text: str) -> None:
    assert list(faults(text))


def test_an_ordinary_page_is_left_alone() -> None:
    page = """<script src="/static/x.js" defer></script>
    <p class="only">On Monday = one day. <a href="https://example.org">Elsewhere</a></p>"""
    assert list(faults(page)) == []
