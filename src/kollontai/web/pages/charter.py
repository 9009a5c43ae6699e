# SPDX-License-Identifier: AGPL-3.0-or-later
"""The charter as members read it: each article with its limits, ours beside the default and the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.charter.articles import Article, Articles, ClosedList, LimitText
from kollontai.web import numbers


@dataclass(frozen=True)
class LimitShown:
    """One limit in words."""

    code: str
    words: str
    ours: str
    default: str
    bound: str
    moved: bool


@dataclass(frozen=True)
class ArticleShown:
    """One article with everything that belongs to it."""

    article: Article
    limits: list[LimitShown]
    closed: list[ClosedList]
    built: list[str]
    notes: Sequence[object] = ()  # what a law compels: see law_notes.py
    changes: Sequence[object] = ()  # by votes, the latest first: see charter_history.py


def articles_with_limits(
    read: Articles,
    ours: Mapping[str, int],
    *,
    preset: str,
    changes: Mapping[int, Sequence[object]] | None = None,
    notes: Mapping[int, Sequence[object]] | None = None,
) -> list[ArticleShown]:
    """Every article with its limits, and what votes changed of it."""
    return [
        ArticleShown(
            article,
            [_limit(limit, ours, preset) for limit in read.limits_of(article.number)],
            [one for one in read.closed if one.article == article.number],
            [place for place in article.places if place != "to come"],
            (notes or {}).get(article.number, ()),
            (changes or {}).get(article.number, ()),
        )
        for article in read.articles
    ]


def _limit(limit: LimitText, ours: Mapping[str, int], preset: str) -> LimitShown:
    bounds = limit.bounds(preset)
    value = ours.get(limit.key, bounds.default)
    return LimitShown(
        code=limit.code,
        words=_(limit.words),
        ours=said(value, limit.unit),
        default=said(bounds.default, limit.unit),
        bound=_bound(limit, preset),
        moved=value != bounds.default,
    )


def _bound(limit: LimitText, preset: str) -> str:
    bounds = limit.bounds(preset)
    if limit.entrenched:
        return _("no vote moves it")
    floor = None if bounds.floor is None else said(bounds.floor, limit.unit)
    ceiling = None if bounds.ceiling is None else said(bounds.ceiling, limit.unit)
    if limit.over:  # its bounds are those of the fraction, not of the number above the line
        floor, ceiling = (_fraction(limit.least_share), _fraction(limit.most_share or (1, 1)))
    parts = []
    if floor is not None:
        parts.append(_("not below %(value)s") % {"value": floor})
    if ceiling is not None:
        parts.append(_("not above %(value)s") % {"value": ceiling})
    return ", ".join(parts) or _("open")


def _fraction(share: tuple[int, int] | None) -> str | None:
    return None if share is None else "{}/{}".format(*share)


def said(value: int, unit: str) -> str:
    """A limit with its unit: 21 days, 12.5 %, 3 members."""
    if unit == "bp":
        return numbers.per_cent(value)
    words = {
        "days": lambda: ngettext("%(n)s day", "%(n)s days", value),
        "hours": lambda: ngettext("%(n)s hour", "%(n)s hours", value),
        "minutes": lambda: ngettext("%(n)s minute", "%(n)s minutes", value),
        "seconds": lambda: ngettext("%(n)s second", "%(n)s seconds", value),
        "people": lambda: ngettext("%(n)s member", "%(n)s members", value),
        "times": lambda: ngettext("%(n)s time", "%(n)s times", value),
    }
    return words[unit]() % {"n": numbers.whole(value)} if unit in words else numbers.whole(value)
