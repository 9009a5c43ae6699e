# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts as pages show them: numbered lines, of which some are titles of parts.

A line that begins with one to six # and a blank is a title, as in Markdown. Nothing else is read: a line is
amended, compared and voted as it was typed.
"""

from __future__ import annotations

from typing import NamedTuple

MARKS = 6
"""How many # a title has at most."""


class Line(NamedTuple):
    """A line of a draft. `number` is its own, counted from 1; `is_title`: shown without its marks."""

    number: int
    text: str
    is_title: bool


def lines(text: str) -> list[Line]:
    """Every line, also those that hold nothing."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        title = title_in(line)
        found.append(Line(number, title or line.rstrip(), bool(title)))
    return found


def title_in(line: str) -> str:
    """The title that a line is, or nothing."""
    marked = line.strip()
    words = marked.lstrip("#")
    if not 1 <= len(marked) - len(words) <= MARKS or not words.startswith(" "):
        return ""
    before = words.rstrip("#")  # closing marks stand apart from the words
    return (before if before.endswith(" ") else words).strip()


def parts(text: str) -> list[Line]:
    """The titles of the parts of a draft, where it has some."""
    return [line for line in lines(text) if line.is_title]
