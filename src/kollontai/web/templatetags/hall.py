# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pieces pages are set from: times in words, fields, refusals, fingerprints, tags of state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import template
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kollontai.auditor.spoken import tongue
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.record.refusal import Refusal
from kollontai.openrecord.words import five_words
from kollontai.web import kinds, marking, numbers, texts, times
from kollontai.web.erased import erased_how
from kollontai.web.pages.issue import STAGE_WORDS
from kollontai.web.words import explain

register = template.Library()

register.filter("moment", times.moment)
register.filter("minute", times.minute)
register.filter("day", times.day)
register.filter("full_day", times.full_day)
register.filter("calendar_day", times.calendar_day)
register.filter("erased_how", erased_how)


@register.filter
def iso(value: datetime) -> str:
    """The machine's form of a time."""
    return value.strftime("%Y-%m-%dT%H:%MZ")


@register.filter
def thousands(value: int) -> str:
    """A number with its thousands set apart: 48,212."""
    return numbers.whole(value)


@register.filter
def per_cent(basis_points: int) -> str:
    """Basis points as people say them: 12.5 %."""
    return numbers.per_cent(basis_points)


@register.filter
def words(fingerprint: bytes | memoryview | str) -> str:
    """A fingerprint as five words."""
    return five_words(bytes.fromhex(fingerprint) if isinstance(fingerprint, str) else bytes(fingerprint))


@register.filter
def stage_word(stage: str) -> str:
    """Where an issue stands, in members' words."""
    return str(STAGE_WORDS.get(stage, stage))


register.filter("duty_word", kinds.duty_word)
register.filter("standing_word", kinds.standing_word)


@register.filter
def scope_words(scopes: str) -> str:
    """What a key for a program may do, in words."""
    return "; ".join(str(kinds.SCOPES.get(one, one)) for one in scopes.split())


@register.filter
def own_signs(code: str) -> str:
    """The part of a check code that the voter may choose."""
    return code[:4]


@register.filter
def server_signs(code: str) -> str:
    """The part of a check code that the server draws."""
    return code[4:]


@register.filter
def spelt(code: str) -> str:
    """Signs one by one, for the ear."""
    return " ".join(code)


@register.filter
def breaks(address: str) -> SafeString:
    """An address that may break after each stroke, so that no word of it is torn."""
    return format_html_join(SafeString("/<wbr>"), "{}", ((part,) for part in address.split("/")))


@register.filter
def marked(content: Content) -> SafeString:
    """A member's text as HTML."""
    return marking.shown(content)


@register.filter
def lines(text: Any) -> list[texts.Line]:
    """The lines of a draft that hold something, each with its number."""
    return [line for line in texts.lines(str(text)) if line.text.strip()]


@register.filter
def titled(line: str) -> str:
    """The title of a part, where a line of a draft is one; else nothing."""
    return texts.title_in(line)


@register.filter
def spoken(sentence: str) -> str:
    """A sentence of the auditor in the reader's language; marked as English where it has no words of it."""
    language = get_language() or "en"
    said = tongue(language).said(sentence)
    if said is not None or language.startswith("en"):
        return said or sentence
    return format_html('<span lang="en">{}</span>', sentence)


@register.inclusion_tag("kollontai/parts/time.html", takes_context=True)
def time_left(context: dict[str, Any], until: datetime, word: str = "") -> dict[str, Any]:
    """How long until a moment, in words; true when the page was made."""
    house = context.get("house")
    now = house.now if house else context["now"]
    return {"left": times.left(until, now), "until": until, "word": word}


@register.inclusion_tag("kollontai/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field of a form: label, hint, error, field."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "kind": kind, "many": kind in {"radio"} or bound.use_fieldset}


@register.inclusion_tag("kollontai/parts/refusal.html", takes_context=True)
def refusal(context: dict[str, Any], why: Refusal, heading: str = "h3", but: str = "") -> dict[str, Any]:
    """Why something may not be done, where its form would stand; `but`: a way out that is closed too."""
    said = explain(why, context["request"])
    if but:
        said = replace(said, today=tuple(way for way in said.today if way.name != but))
    return {
        "refused": said,
        "heading": heading,
        "house": context.get("house"),
    }


@register.simple_tag(takes_context=True)
def notices(context: dict[str, Any]) -> list[dict[str, Any]]:
    """What was just done, with its place on the record where it has one already."""
    return list(_notices(context["request"]))


def _notices(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for message in messages.get_messages(request):
        ticket = message.extra_tags
        entry = EntryRow.objects.filter(ticket=ticket).order_by("position").first() if ticket else None
        yield {"text": message.message, "level": message.level_tag, "entry": entry, "ticket": ticket}


@register.filter
def truncated(text: Any, most: int) -> tuple[str, bool]:
    """The beginning of a long text, and whether there is more."""
    whole = str(text)
    return (whole, False) if len(whole) <= most else (whole[:most].rsplit(" ", 1)[0] + " …", True)
