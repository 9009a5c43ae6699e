# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searching in one issue: everything that stands in it, by words, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import searching
from kollontai.chapters.deliberation.models import (
    AmendmentVersion,
    Contribution,
    ContributionVersion,
    DraftVersion,
    Issue,
    Letter,
    Statement,
)
from kollontai.chapters.deliberation.muting import muted_by
from kollontai.web.house import House

MOST = 100


@dataclass(frozen=True)
class Hit:
    """Something that holds all the words: whose it is, since when, where it stands, and a piece of it."""

    what: str
    who: str
    at: datetime
    address: str
    excerpt: searching.Excerpt
    muted: bool = False


@dataclass(frozen=True)
class Found:
    """What a search gave, by time; of very many the first hundred."""

    query: str
    words: tuple[str, ...]
    hits: list[Hit]
    how_many: int


@dataclass(frozen=True)
class _Text:
    what: str
    who: str
    at: datetime
    address: str
    text: str
    author: str = ""


def _who(voice: Contribution, nameless: str) -> str:
    """Who speaks; and by whose hand, where another's put it down."""
    author = str(voice.author.name) or nameless
    if voice.written_by is None or voice.version > 1:
        return author
    return f"{author} · " + _("Written in by %(who)s") % {"who": str(voice.written_by.name) or nameless}


def search(house: House, issue: Issue, query: str) -> Found:
    """Everything in an issue in which all the words stand."""
    words = searching.words_of(query)
    muted = muted_by(house.me) if words else set()
    matching = [one for one in _texts(house, issue) if searching.matches(one.text, words)] if words else []
    matching.sort(key=lambda one: one.at)
    hits = [
        Hit(one.what, one.who, one.at, one.address, searching.excerpt(one.text, words), one.author in muted)
        for one in matching[:MOST]
    ]
    return Found(query[: searching.LONGEST], words, hits, len(matching))


def _texts(house: House, issue: Issue) -> Iterator[_Text]:
    """Every text of an issue in its newest version; what was erased is empty and found by nobody."""
    at = [house.slug, issue.number]
    nameless = _("erased name")
    yield _Text(
        _("Why"), (str(issue.raised_by.name) or nameless) if issue.raised_by else "", issue.raised_at,
        reverse("issue", args=at) + "#why", f"{issue.title}\n{issue.text}",
    )  # fmt: skip
    for draft in DraftVersion.objects.filter(
        draft__issue=issue, version=F("draft__version"), draft__withdrawn_at=None
    ).select_related("draft__mover__name", "title", "text"):
        mover = draft.draft.mover
        yield _Text(
            _("Draft %(letter)s") % {"letter": draft.draft.letter},
            (str(mover.name) or nameless) if mover else "", draft.at,
            reverse("draft", args=[*at, draft.draft.letter]), f"{draft.title}\n{draft.text}",
        )  # fmt: skip
    for lines in AmendmentVersion.objects.filter(
        amendment__issue=issue, version=F("amendment__newest"), amendment__withdrawn_at=None
    ).select_related("amendment__mover__name", "amendment__reasons", "text"):
        one = lines.amendment
        yield _Text(
            _("Amendment %(n)s") % {"n": one.number}, str(one.mover.name) or nameless, lines.at,
            reverse("amendment", args=[*at, one.number]), f"{lines.text or ''}\n{one.reasons or ''}",
        )  # fmt: skip
    for said in (
        ContributionVersion.objects.filter(contribution__issue=issue, version=F("contribution__version"))
        .select_related(
            "contribution__author__name", "contribution__written_by__name", "contribution__source", "text"
        )
        .order_by("pk")
    ):
        voice = said.contribution
        yield _Text(
            _("In the talk") if voice.form == "voice" else _("A fact"), _who(voice, nameless),
            voice.at, reverse("voice-in-talk", args=[*at, voice.pk]),
            f"{said.text}\n{voice.source or ''}" if voice.source else str(said.text), voice.author_id,
        )  # fmt: skip
    for letter in Letter.objects.filter(issue=issue).select_related("posted_by__name", "sender", "text"):
        yield _Text(
            _("Letter"), str(letter.posted_by.name) or nameless, letter.at,
            reverse("issue", args=at) + f"#l{letter.pk}", f"{letter.sender}\n{letter.text}",
        )  # fmt: skip
    for opened in (
        Statement.objects.filter(issue=issue).exclude(opened_at=None).select_related("author__name", "text")
    ):
        assert opened.opened_at is not None
        yield _Text(
            _("A leader’s statement"), str(opened.author.name) or nameless, opened.opened_at,
            reverse("issue", args=at) + "#talk", str(opened.text),
        )  # fmt: skip
