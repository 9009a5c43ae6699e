# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields for what a draft would change of the whole organisation: its charter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.articles import LimitText
from kollontai.chapters.charter.lawnotes import NEVER, TOUCHES
from kollontai.chapters.charter.rules import JOINING
from kollontai.chapters.deliberation import whole
from kollontai.chapters.deliberation.effects import Effect

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Unit

LAW = ("country", "statute", "section", "adviser", "change")
SHORT = {"class": "short"}
FIELDS = (
    "limit", "value", "of", "joining", "words", "from_unit", "into_unit", "year", "quiet", "day", "article",
    "touches", *LAW,
)  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """The changes there are, with their words."""
    return [
        (whole.SET_LIMIT, _("a limit of the charter is moved")),
        (whole.SET_JOINING, _("the way of joining is changed")),
        (whole.SET_TEXT, _("the charter gets other words of our own")),
        (whole.CREATE_UNIT, _("a new part of the organisation (see: its name)")),
        (whole.RENAME_UNIT, _("our part of the organisation gets another name (see: its name)")),
        (whole.MERGE, _("two parts of the organisation become one; both vote on it")),
        (whole.LAW_NOTE, _("a law note: what a law compels")),
        (whole.SET_QUIET_DAYS, _("quiet days of a year, which make stages longer")),
        (whole.SET_VOTING_DAY, _("the day of a month on which votes open")),
        (whole.SET_DUES, _("dues (see: pay a month)")),
    ]


_NEEDS = {
    whole.SET_LIMIT: ("limit", "value", "of"),
    whole.SET_JOINING: ("joining",),
    whole.SET_TEXT: ("words",),
    whole.MERGE: ("from_unit", "into_unit"),
    whole.LAW_NOTE: ("article", "touches", "words", *LAW),
    whole.SET_QUIET_DAYS: ("year", "quiet"),
    whole.SET_VOTING_DAY: ("day",),
}
ALONE = {kind: [name for name in names if name != "words"] for kind, names in _NEEDS.items()}
"""Fields that one kind alone asks for; the words of the charter and of a law are typed into one."""


def fields(
    kinds: Collection[str], parts: Sequence[Unit], joining: Sequence[str] = JOINING
) -> dict[str, forms.Field]:
    """The fields that these changes need; `parts`: the units that could merge; `joining`: what is new."""
    needed = {name for kind in kinds for name in _NEEDS.get(kind, ())}
    return {name: field for name, field in _all(parts, joining).items() if name in needed}


def _all(parts: Sequence[Unit], joining: Sequence[str]) -> dict[str, forms.Field]:
    chosen = [("", "–"), *((one.pk, str(one.name)) for one in parts)]
    return {
        "limit": forms.ChoiceField(
            label=_("Which limit of the charter"),
            help_text=_("The charter shows each with its bounds. One at a time, and nothing else beside it."),
            choices=[("", "–"), *movable()],
        ),
        "value": forms.DecimalField(
            label=_("What it is to be"),
            help_text=_("In its unit: days, members, per cent. Of a share, the number above the line."),
            min_value=Decimal(0), max_digits=9, decimal_places=2, widget=_number("decimal"),
        ),
        "of": forms.IntegerField(
            label=_("Of a share, the number below the line"), min_value=1, max_value=9_999,
            widget=_number("numeric"),
        ),
        "joining": forms.ChoiceField(
            label=_("How one joins"),
            choices=[("", "–"), *((one, _JOINING[one]()) for one in joining)],
            widget=forms.Select(attrs=SHORT),
        ),
        "words": forms.CharField(
            label=_("The charter’s own words, or the full text of the law"),
            strip=False, widget=forms.Textarea(attrs={"rows": 4}),
        ),
        "from_unit": forms.ChoiceField(
            label=_("A merger: who becomes part of another"), choices=chosen, widget=forms.Select(attrs=SHORT)
        ),
        "into_unit": forms.ChoiceField(
            label=_("A merger: of whom"), choices=chosen, widget=forms.Select(attrs=SHORT)
        ),
        "year": forms.IntegerField(
            label=_("Quiet days: of which year"), min_value=1, max_value=9_998, widget=_number("numeric")
        ),
        "quiet": forms.CharField(
            label=_("Quiet days: which ones"), max_length=1_000,
            help_text=_("As 2030-08-01, or 2030-08-01..2030-08-14; at least a year ahead. Empty for none."),
        ),
        "day": forms.IntegerField(
            label=_("Voting day: day of the month"), help_text=_("1 to 28; 0 for none."), min_value=0,
            max_value=99, widget=_number("numeric"),
        ),
        **_law(),
    }  # fmt: skip


_JOINING = {"open": lambda: _("open, after the days of waiting"), "vouched": lambda: _("vouched for")}


def movable() -> list[tuple[str, str]]:
    """Every limit that a vote moves, by article; a share by the number above its line."""
    read = articles.read()
    below = {one.over for one in read.limits.values()}
    return [
        (one.key, f"{one.article}. {_(one.words)}")
        for one in sorted(read.limits.values(), key=lambda one: one.article)
        if not one.entrenched and one.key not in below
    ]


def effect(kind: str, given: dict[str, Any]) -> Effect:
    """What was declared."""
    if kind == whole.SET_JOINING:
        return Effect(kind, joining=given["joining"] or None)
    if kind == whole.SET_TEXT:
        return Effect(kind, text=given["words"] or "")
    if kind == whole.LAW_NOTE:
        article = given["article"]
        said = {name: given[name] or "" for name in LAW}
        return Effect(
            kind, article=int(article) if article else 0, touches=given["touches"] or "",
            text=given["words"] or "", **said,
        )  # fmt: skip
    if kind == whole.SET_QUIET_DAYS:
        return Effect(kind, year=given["year"], quiet=(given["quiet"] or "").strip())
    if kind == whole.SET_VOTING_DAY:
        return Effect(kind, day=given["day"])
    if kind in (whole.CREATE_UNIT, whole.RENAME_UNIT):
        return Effect(kind, unit_name=given["name"] or None)
    if kind == whole.MERGE:
        return Effect(kind, from_unit=given["from_unit"] or None, into_unit=given["into_unit"] or None)
    if kind == whole.SET_DUES:
        return Effect(kind, dues=None if given["pay"] is None else int(given["pay"] * 100))
    key, value = given["limit"] or None, given["value"]
    limit = articles.read().limits.get(key or "")
    return Effect(kind, key=key, value=None if value is None else _whole(value, limit), of=given["of"])


def _whole(value: Decimal, limit: LimitText | None) -> int:
    return int(value * 100) if limit is not None and limit.unit == "bp" else int(value)


def initial(there: Effect, name: str) -> Any:
    """What stands in a field for an effect that was declared."""
    if name == "value" and there.value is not None:
        limit = articles.read().limits.get(there.key or "")
        return Decimal(there.value) / 100 if limit is not None and limit.unit == "bp" else there.value
    if name in ("article", "touches", "from_unit", "into_unit", "year", "quiet", "day", *LAW):
        return getattr(there, name)
    return {"limit": there.key, "value": None, "of": there.of, "joining": there.joining, "words": there.text}[
        name
    ]


def _law() -> dict[str, forms.Field]:
    """The fields of a law note."""
    shown = {
        "country": _("Law note: the country"),
        "statute": _("Law note: the statute"),
        "section": _("Law note: the section"),
        "adviser": _("Law note: who advises"),
        "change": _("Law note: the narrowest change that the law compels"),
    }
    there = [
        ("", "–"),
        *((str(one.number), f"{one.number}. {_(one.title)}") for one in read_articles()),
    ]
    touches = [("", "–"), *((one, touch_said(one)) for one in TOUCHES)]
    return {
        "article": forms.ChoiceField(label=_("Law note: at which article"), choices=there),
        "touches": forms.ChoiceField(
            label=_("Law note: what it touches"), choices=touches, widget=forms.Select(attrs=SHORT)
        ),
        **{name: forms.CharField(label=label, max_length=2_000) for name, label in shown.items()},
    }


def read_articles() -> list[articles.Article]:
    """The articles at which a law note may stand."""
    return [one for one in articles.read().articles if one.number not in NEVER]


def touch_said(touches: str) -> str:
    """What a law note touches, in words."""
    return {
        "form": _("the form of something"), "term": _("a term"), "eligibility": _("who may stand"),
        "proxy": _("voting for others"), "publication": _("what is published"), "signing": _("who signs"),
    }.get(touches, touches)  # fmt: skip


def _number(mode: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"inputmode": mode, "class": "short", "step": "any"})
