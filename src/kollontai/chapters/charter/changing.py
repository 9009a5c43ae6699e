# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a vote may change of the charter. Article 12.

1. A limit moves between its floor and its ceiling. An entrenched one moves by no vote.
2. Both parts of a fraction move together; the fraction keeps its least and its most share and is no more
   than the whole.
3. A limit that is never smaller than another stays so, whichever of the two is moved.
4. An organisation that was small and has grown moves its limits within the bounds of the others.
5. The way of joining is one of the list; the organisation's own words are words that can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kollontai.chapters.charter.articles import Articles, LimitText
from kollontai.chapters.charter.rules import JOINING, LONGEST_TEXT, is_text
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 12


@dataclass(frozen=True)
class CharterNow:
    """The charter as it stands: the limits the organisation set, the way of joining, its own words."""

    preset: str
    grown: bool  # small at its founding, and no longer
    own: Mapping[str, int]
    joining: str
    words: str
    articles: Articles

    def value(self, key: str) -> int:
        """A limit as the charter has it."""
        return self.own.get(key, self.articles.limits[key].bounds(self.preset).default)


def may_set_limit(key: str, value: int, of: int | None, now: CharterNow) -> Refusal | None:
    """Whether a vote may set a limit so; `of` is the number below the line of a fraction."""
    text = now.articles.limits.get(key)
    if text is None:
        return Refusal("limit-unknown", ARTICLE, facts={"key": key})
    facts = {"words": text.words, "key": key}
    if text.entrenched:
        return Refusal("limit-entrenched", ARTICLE, facts=facts)
    if bool(text.over) != (of is not None) or key in {one.over for one in now.articles.limits.values()}:
        return Refusal("limit-both-parts", ARTICLE, facts=facts)
    moved = {key: value} if of is None else {key: value, text.over: of}
    if all(now.value(one) == number for one, number in moved.items()):
        return Refusal("effect-changes-nothing", ARTICLE, facts={"title": text.words})
    return (
        _within(text, value, now)
        or (None if of is None else _fraction(text, value, of, now))
        or _beside_others(text, value, now)
    )


def _within(text: LimitText, value: int, now: CharterNow) -> Refusal | None:
    bounds = text.normal if now.grown else text.bounds(now.preset)
    if value < max(0, bounds.floor or 0):
        return _floor(text, spoken(max(0, bounds.floor or 0), text.unit))
    if bounds.ceiling is not None and value > bounds.ceiling:
        return _ceiling(text, spoken(bounds.ceiling, text.unit))
    return None


def _fraction(text: LimitText, value: int, of: int, now: CharterNow) -> Refusal | None:
    if of < 1 or value > of:
        return _ceiling(text, "1/1")
    below = now.articles.limits[text.over]
    refusal = _within(below, of, now)
    if refusal is not None:
        return refusal
    if text.least_share is not None and Fraction(value, of) < Fraction(*text.least_share):
        return _floor(text, "{}/{}".format(*text.least_share))
    if text.most_share is not None and Fraction(value, of) > Fraction(*text.most_share):
        return _ceiling(text, "{}/{}".format(*text.most_share))
    return None


def _beside_others(text: LimitText, value: int, now: CharterNow) -> Refusal | None:
    if text.not_below and value < now.value(text.not_below):
        return _beside(text, now.articles.limits[text.not_below])
    for other in now.articles.limits.values():
        if other.not_below == text.key and now.value(other.key) < value:
            return _beside(other, text)
    return None


def _floor(text: LimitText, floor: str) -> Refusal:
    return Refusal("limit-at-its-floor", ARTICLE, facts={"words": text.words, "bound": floor})


def _ceiling(text: LimitText, ceiling: str) -> Refusal:
    return Refusal("limit-at-its-ceiling", ARTICLE, facts={"words": text.words, "bound": ceiling})


def _beside(text: LimitText, other: LimitText) -> Refusal:
    return Refusal("limit-below-the-other", ARTICLE, facts={"words": text.words, "other": other.words})


def other_ways_to_join(joining: str) -> list[str]:
    """The ways of joining that would be a change."""
    return [one for one in JOINING if one != joining]


def may_set_joining(joining: str, now: CharterNow) -> Refusal | None:
    """Whether a vote may choose this way of joining."""
    if joining not in JOINING:
        return Refusal("joining-unknown", 9)
    if joining not in other_ways_to_join(now.joining):
        return Refusal("effect-changes-nothing", ARTICLE, facts={"title": joining})
    return None


def may_set_words(words: str, now: CharterNow) -> Refusal | None:
    """Whether a vote may give the charter these words of the organisation's own."""
    if not is_text(words):
        return Refusal("text-unusable", 13, facts={"longest": LONGEST_TEXT})
    if words == now.words:
        return Refusal("effect-changes-nothing", ARTICLE, facts={"title": "Charter"})
    return None


def spoken(value: int, unit: str) -> str:
    """A limit with its unit, for the record: "21 days", "12.5 %"."""
    if unit == "bp":
        return f"{value / 100:g} %"
    one, many = _UNITS.get(unit, ("", ""))
    return f"{value} {one if value == 1 else many}".strip()


_UNITS = {
    "days": ("day", "days"), "hours": ("hour", "hours"), "minutes": ("minute", "minutes"),
    "seconds": ("second", "seconds"), "people": ("member", "members"), "times": ("time", "times"),
}  # fmt: skip
