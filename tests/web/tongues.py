# SPDX-License-Identifier: AGPL-3.0-or-later
"""A language that nobody speaks: every string of the program, changed so that what was left out shows.

No letter of it is one of the twenty-six, so whatever still reads as English on a page is in no catalogue.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import polib

from tools import catalogues

ODD = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ăƀčđĕƒğĥĭĵķĺɱńŏƥɋŕšţŭṽŵẋŷžĂɃČĐĔƑĞĤĬĴĶĹṀŃŎƤɊŔŠŢŬṼŴẊŶŽ",
)
KEEP = re.compile(r"%\(\w+\)s|<[^>]+>|&\w+;|https?://\S+")
"""What stays as it is in a string: a gap, a mark of HTML, an address."""

SILENT = {"script", "style", "code", "pre", "head", "svg"}
SAID = ("aria-label", "title", "alt", "placeholder")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def odd(text: str) -> str:
    """A string in the language nobody speaks."""
    said, at = "", 0
    for kept in KEEP.finditer(text):
        said += text[at : kept.start()].translate(ODD) + kept[0]
        at = kept.end()
    return said + text[at:].translate(ODD)


def write(folder: Path, locale: str) -> None:
    """Write a whole catalogue of it, as the server reads it: all strings that the German one has, and so the
    program (tests/lints/test_catalogues.py)."""
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in polib.mofile(str(catalogues.place("de").with_suffix(".mo"))):
        entry = polib.POEntry(msgid=message.msgid, msgctxt=message.msgctxt)
        dated = message.msgctxt == "form of a date"
        if message.msgid_plural:
            entry.msgid_plural = message.msgid_plural
            entry.msgstr_plural = {0: odd(message.msgid), 1: odd(message.msgid_plural)}
        else:
            entry.msgstr = message.msgid if dated else odd(message.msgid)
        made.append(entry)
    place = folder / locale / "LC_MESSAGES"
    place.mkdir(parents=True)
    made.save_as_mofile(str(place / "django.mo"))


class Heard(HTMLParser):
    """Everything a page says, to the eye and to the ear, outside code."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.within: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = (
            tag in SILENT
            or ("lang" in given and tag != "html")
            or "words" in (given.get("class") or "").split()
        )
        if tag not in VOID:
            self.within.append((tag, silent))
        self.said += [given[name] or "" for name in SAID if name in given]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.said.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self.within) and data.strip():
            self.said.append(" ".join(unescape(data).split()))


def words(text: str) -> set[str]:
    """The words of a text that are written with the twenty-six letters."""
    return set(re.findall(r"[A-Za-z]{2,}", text))


def english_on(page: str, known: set[str]) -> list[str]:
    """Pieces of a page in which a word stands that is in no catalogue. `known`: words people wrote."""
    heard = Heard()
    heard.feed(page)
    return [piece for piece in heard.said if words(piece) - known]
