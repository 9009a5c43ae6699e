# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide for members: ten short pages, Markdown files, in each language that has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

GUIDE = Path(__file__).parents[1] / "guide"
FALLBACK = "en"


@dataclass(frozen=True)
class Page:
    """One page of the guide: language, number, name in the address, title, the rest as HTML."""

    language: str
    number: int
    name: str
    title: str
    html: SafeString


def pages(language: str) -> tuple[Page, ...]:
    """All pages in order, in a language; in English where there are none in it."""
    wanted = language.split("-")[0]
    return _pages(wanted if wanted in languages() else FALLBACK)


@cache
def languages() -> tuple[str, ...]:
    """The languages in which the guide exists."""
    return tuple(sorted(folder.name for folder in GUIDE.iterdir() if folder.is_dir()))


@cache
def _pages(language: str) -> tuple[Page, ...]:
    return tuple(_page(file) for file in sorted((GUIDE / language).glob("[0-9][0-9]-*.md")))


def _page(file: Path) -> Page:
    first, _, rest = file.read_text("utf-8").partition("\n")
    number, _, name = file.stem.partition("-")
    html = MarkdownIt("commonmark", {"html": False}).render(rest)
    return Page(file.parent.name, int(number), name, first.removeprefix("# "), mark_safe(html))  # noqa: S308 - files of our own
