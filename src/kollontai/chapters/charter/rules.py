# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a charter may say.

1. A limit stands between its floor and its ceiling; an entrenched one stands where the articles put it.
2. A share is never smaller than the least share of its limit, never larger than its most, and never more
   than the whole.
3. The members' reply is never shorter than the leaders' own time.
4. An organisation is small while it has fewer members than the articles say. From then on the normal
   floors hold for everything new, whatever it chose at its founding.
5. An organisation has a name, a word for its units, an address that is free and that means nothing else
   on this server, a zone that exists, and one of the two ways of joining.
6. A demonstration is marked as one in the name of its record, and never stands beside a real
   organisation: its clock can be moved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from kollontai.chapters.charter.articles import PRESETS, Articles, LimitText
from kollontai.chapters.charter.texts import BLANK, is_readable
from kollontai.chapters.record.refusal import Refusal

LONGEST_NAME = 120
LONGEST_WORD = 40
LONGEST_TEXT = 100_000  # bytes
JOINING = ("open", "vouched")
SLUG = re.compile(r"[a-z0-9-]{2,40}")
ORIGIN = re.compile(r"[a-z0-9]([a-z0-9.:-]*[a-z0-9])?(/[a-z0-9-]+)+")
RESERVED = frozenset(
    {
        *("account", "accounts", "admin", "api", "articles", "assets", "charter", "demo", "docs", "enter"),
        *("export", "exports", "favicon", "found", "founding", "health", "healthz", "help", "import"),
        *("invite", "join", "login", "logout", "mail", "media", "mine", "o", "organisation", "outbox"),
        *(
            "organisations",
            "privacy",
            "public",
            "record",
            "robots",
            "security",
            "sign-in",
            "sign-out",
            "sign-up",
            "static",
        ),
        *("status", "system", "tick", "token", "tokens", "well-known", "witness", "www"),
    }
)
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


def bounds_that_hold(preset: str, *, members: int, articles: Articles) -> str:
    """Of which size of organisation the bounds hold now: of the larger one, once a small one has grown."""
    return "normal" if members >= articles.small_below else preset


def limits_kept(
    limits: Mapping[str, int], *, preset: str, members: int, articles: Articles
) -> dict[str, int]:
    """The limits as they hold for something born now: within the bounds of this size of organisation."""
    grown = bounds_that_hold(preset, members=members, articles=articles) != preset
    held: dict[str, int] = {}
    for key, text in articles.limits.items():
        value = limits.get(key, text.bounds(preset).default)
        held[key] = text.normal.keep(value) if grown else value
    for key, text in articles.limits.items():
        if text.not_below:
            held[key] = max(held[key], held[text.not_below])
    return held


def may_set_limits(limits: Mapping[str, int], *, preset: str, articles: Articles) -> Refusal | None:
    """No vote, and no founder, moves a limit past its floor or ceiling."""
    for key in limits:
        if key not in articles.limits:
            return Refusal("limit-unknown", 12, facts={"key": key})
    whole = {**articles.defaults(preset), **limits}
    for key, text in articles.limits.items():
        bounds, value = text.bounds(preset), whole[key]
        facts = {"key": key, "value": value, "floor": bounds.floor, "ceiling": bounds.ceiling}
        if value < 0 or bounds.keep(value) != value or (text.entrenched and value != bounds.default):
            return Refusal("limit-out-of-bounds", 12, facts=facts)
        if text.over and not _is_share(text, value, whole[text.over]):
            return Refusal("limit-out-of-bounds", 12, facts=facts)
        if text.not_below and value < whole[text.not_below]:
            return Refusal("limit-below-another", 12, facts={"key": key, "other": text.not_below})
    return None


def _is_share(text: LimitText, part: int, whole: int) -> bool:
    if whole < 1:
        return False
    least, most = text.least_share or (0, 1), text.most_share or (1, 1)
    return Fraction(*least) <= Fraction(part, whole) <= Fraction(*most)


def is_name(text: str, *, longest: int = LONGEST_NAME) -> bool:
    """A name is one line that shows, and shows what it is.

    No control signs, no hidden ones that turn the writing round or hide in a name, no letters that show
    nothing, no heaps of marks; and no word that mixes alphabets whose letters look alike, for nobody is
    called so but who wants to be taken for another.
    """
    shown = text.strip()
    return (
        shown == text
        and 0 < len(text) <= longest
        and not any(_hides(sign, before) for before, sign in pairwise(f" {text}"))
        and any(unicodedata.category(sign)[0] in "LN" for sign in text)
        and all(len(_alphabets(word)) < 2 for word in _WORD.findall(text))
        and not _HEAP.search("".join("m" if unicodedata.category(sign)[0] == "M" else "." for sign in text))
    )


def _hides(sign: str, before: str) -> bool:
    """Whether a sign of a name is not seen where it stands."""
    if sign in _JOINERS or sign in _VARIANTS:
        return unicodedata.category(before)[0] not in "LM" or bool(_alphabets(before))
    return unicodedata.category(sign) in _HIDDEN or sign in BLANK


def _alphabets(word: str) -> set[str]:
    """Which of the alphabets that look alike a word is written in."""
    first = (unicodedata.name(sign, "").partition(" ")[0] for sign in word)
    return {name for name in first if name in _LOOK_ALIKE}


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # Persian and Indic names are written with these
_VARIANTS = frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)  # Japanese names with these
_LOOK_ALIKE = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_WORD = re.compile(r"[^\W\d_]+")
_HEAP = re.compile("m{5}")


def is_text(text: str) -> bool:
    """Words of some length: at most 100 kB, with no signs that nobody can read."""
    return len(text.encode("utf-8", "surrogatepass")) <= LONGEST_TEXT and is_readable(text)


@dataclass(frozen=True)
class Opening:
    """What somebody wants to found."""

    slug: str
    origin: str
    demo: bool
    name: str
    unit_word: str
    words: str
    zone: str
    preset: str
    joining: str
    slug_taken: bool
    origin_taken: bool
    stands_beside: str  # "", "real" or "demo": what this server already holds of the other kind
    listed: int
    small_below: int


def may_open(opening: Opening) -> Refusal | None:
    """Anybody may put a charter before founders, if it can be told from others and be read."""
    if not SLUG.fullmatch(opening.slug) or opening.slug.startswith("-") or opening.slug.endswith("-"):
        return Refusal("slug-unusable", 13)
    if opening.slug in RESERVED:
        return Refusal("slug-reserved", 13, facts={"slug": opening.slug})
    if opening.slug_taken or opening.origin_taken:
        return Refusal("slug-taken", 13, facts={"slug": opening.slug})
    if not ORIGIN.fullmatch(opening.origin) or len(opening.origin) > 200:
        return Refusal("origin-unusable", 14)
    if opening.origin.startswith("demo.") != opening.demo:
        return Refusal("demonstration-unmarked", 14)
    if opening.stands_beside:
        return Refusal("demonstrations-stand-apart", 14)
    if not is_name(opening.name):
        return Refusal("name-unusable", 13, facts={"longest": LONGEST_NAME})
    if not is_name(opening.unit_word, longest=LONGEST_WORD):
        return Refusal("unit-word-unusable", 13, facts={"longest": LONGEST_WORD})
    if not is_text(opening.words):
        return Refusal("text-unusable", 13, facts={"longest": LONGEST_TEXT})
    if not is_zone(opening.zone):
        return Refusal("zone-unknown", 13)
    if opening.preset not in PRESETS:
        return Refusal("preset-unknown", 13)
    if opening.joining not in JOINING:
        return Refusal("joining-unknown", 9)
    if opening.preset == "small" and opening.listed >= opening.small_below:
        return Refusal("too-many-for-small", 13, facts={"below": opening.small_below})
    return None


def is_zone(zone: str) -> bool:
    """Whether the zone is one of those the world keeps."""
    if not ZONE.fullmatch(zone) or zone in {"localtime", "Factory"}:
        return False
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
