# SPDX-License-Identifier: AGPL-3.0-or-later
"""The talk on an issue, fifty voices a page.

Stances their authors chose take turns; within each the order is shuffled by a seed of the reader's own, so
that nobody stands on top for all. Answers stand below by time. Each voice's HTML is kept for some minutes
by its version: what a page costs is the setting of its words, not finding them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import reading
from kollontai.chapters.deliberation.models import Contribution, ContributionVersion, FactCover, Issue
from kollontai.chapters.deliberation.muting import muted_by
from kollontai.chapters.deliberation.rules import MEMBERS_TO_COVER
from kollontai.chapters.deliberation.stages import MAY, Doing, Role, Stage
from kollontai.web.house import House
from kollontai.web.marking import KEPT_FOR
from kollontai.web.pages import files
from kollontai.web.pages.issue import Shared, VoiceRow

PER_PAGE = 50
ANSWERS_SHOWN = 4
STANCES = ("for", "against", "other", "question")
NEW = "new"  # not a stance: only what is new to the reader


@dataclass(frozen=True)
class Doubt:
    """How many members say that a leader's fact argues, in the stage it was stated in."""

    members: int
    names: str  # who says so: saying it is an act of theirs, and no secret
    address: str  # where the reader may say so too; empty where they may not

    def around(self, inner: str) -> str:
        """The fact with what members say of it; covered, one click to read, where enough do."""
        line = ""
        if self.members:
            words = ngettext(
                "%(n)s member says that this argues. Three cover it until the stage is over.",
                "%(n)s members say that this argues. Three cover it until the stage is over.",
                self.members,
            )
            line = format_html('<p class="quiet">{} {}</p>', words % {"n": self.members}, self.names)
        if self.address:
            line += format_html('<p class="actions"><a href="{}">{}</a></p>', self.address, _("This argues"))
        if self.members < MEMBERS_TO_COVER:
            return inner + line
        words = _("Covered by three members: a “fact” that argues. One click to read.")
        return f'<details class="covered"><summary>{escape(words)}</summary>{inner}{line}</details>'


@dataclass(frozen=True)
class Voice:
    """One contribution, set, with the first answers to it."""

    id: str
    html: SafeString
    fact: bool
    muted: bool
    author: str
    answers: list[Voice] = field(default_factory=list)
    more: int = 0
    doubt: Doubt | None = None
    new: bool = False  # to this reader, since their last visit

    def set(self, more_at: str = "") -> SafeString:
        """The voice with its answers, as it stands on the page."""
        answers = "".join(str(one.set()) for one in self.answers)
        if self.more:
            words = ngettext("%(n)s more answer", "%(n)s more answers", self.more) % {"n": self.more}
            answers += format_html('<p><a class="next" href="{}">{}</a></p>', more_at, words)
        replies = f'<div class="replies">{answers}</div>' if answers else ""
        inner = str(self.html)
        if self.muted:
            words = _("Somebody you muted. One click to read.")
            inner = f'<details class="covered"><summary>{escape(words)}</summary>{inner}</details>'
        elif self.doubt is not None:
            inner = self.doubt.around(inner)
        kind = "voice fact" if self.fact else "voice"
        if self.new:
            inner = format_html('<p class="tag calls">{}</p>', _("New")) + inner
        # rendered by our own templates, the rest escaped
        return SafeString(f'<article class="{kind}" id="v{self.id}">{inner}{replies}</article>\n')


@dataclass(frozen=True)
class Doors:
    """What a reader may do now below what others say, and with their own words."""

    answers: bool
    speaks: bool
    facts: bool  # as somebody who leads on the issue
    late: bool = False  # members reply: what was stated before stays as it is
    no_facts: frozenset[str] = frozenset()  # below these no more


@dataclass(frozen=True)
class TalkPage:
    """One page of the talk."""

    voices: list[Voice]
    page: Page[str]
    counts: dict[str, int]
    everything: int
    stance: str
    by_time: bool
    html: SafeString
    new: list[str] = field(default_factory=list)  # what is new to this reader, the oldest first

    @property
    def kept(self) -> str:
        """What a link to another part of the talk keeps."""
        return f"{self.stance}&order=time" if self.by_time else self.stance


def newest_of(all_see: Shared) -> int:
    """The number of the newest contribution; 0 where nobody has spoken."""
    return max((number for number, _author in all_see.numbers.values()), default=0)


def news(house: House, all_see: Shared, since: int, muted: set[str]) -> list[str]:
    """What is new to this reader in a talk, the oldest first."""
    if since >= newest_of(all_see):
        return []
    me = house.me.pk
    found = [
        (number, pk) for pk, (number, author) in all_see.numbers.items()
        if reading.is_new(number, author, since=since, me=me, muted=muted)
    ]  # fmt: skip
    return [pk for _number, pk in sorted(found)]


def root_of(all_see: Shared, pk: str) -> str:
    """The head of the talk under which a contribution stands."""
    while pk in all_see.above:
        pk = all_see.above[pk]
    return pk


def part_of(house: House, all_see: Shared, pk: str) -> int | None:
    """On which page of the talk, in this reader's own order, a contribution is shown; None: on none."""
    root = root_of(all_see, pk)
    if pk != root and pk not in all_see.answers.get(root, [])[:ANSWERS_SHOWN]:
        return None
    order = taking_turns(all_see.heads, f"{all_see.issue.pk}:{house.me.pk}")
    return order.index(root) // PER_PAGE + 1 if root in order else None


def talk(
    house: House,
    all_see: Shared,
    *,
    stance: str,
    by_time: bool,
    page: str,
    doors: Doors,
    since: int,
) -> TalkPage:
    """One page of the talk, for one reader; what came after the contribution `since` is new to them."""
    muted = muted_by(house.me)
    new = news(house, all_see, since, muted)
    issue, heads = all_see.issue, all_see.heads
    counts = {name: sum(1 for _pk, said in heads if said == name) for name in STANCES}
    if stance in STANCES:
        heads = [head for head in heads if head[1] == stance]
    elif stance == NEW:
        with_new = {root_of(all_see, pk) for pk in new}
        heads = [head for head in heads if head[0] in with_new]
    ids = [pk for pk, _said in heads] if by_time else taking_turns(heads, f"{issue.pk}:{house.me.pk}")
    shown = Paginator(ids, PER_PAGE).get_page(page)
    here = list(shown.object_list)
    below = {pk: all_see.answers.get(pk, ()) for pk in here}
    wanted = [*here, *chain.from_iterable(found[:ANSWERS_SHOWN] for found in below.values())]
    known = all_see.voices
    known |= {row.id: row for row in _rows(pk for pk in wanted if pk not in known)}
    rows = [known[pk] for pk in wanted if pk in known]
    voices = _voices(house, issue, rows, heads=set(here), doors=doors, muted=muted)
    voices |= {pk: replace(voices[pk], new=True) for pk in new if pk in voices}
    set_voices = [
        replace(
            voices[pk],
            answers=[voices[one] for one in below[pk][:ANSWERS_SHOWN] if one in voices],
            more=max(0, len(below[pk]) - ANSWERS_SHOWN),
        )
        if below[pk]
        else voices[pk]
        for pk in here
        if pk in voices
    ]
    html = "".join(
        voice.set(reverse("voice", args=[house.slug, issue.number, voice.id]) if voice.more else "")
        for voice in set_voices
    )
    return TalkPage(
        voices=set_voices,
        page=shown,
        counts=counts,
        everything=all_see.everything,
        stance=stance if stance in (*STANCES, NEW) else "",
        by_time=by_time,
        html=SafeString(html),  # each voice was escaped when it was set
        new=new,
    )


def thread(house: House, contribution: Contribution, *, doors: Doors) -> Voice:
    """One voice with everything that answers it, and what answers that, by time."""
    issue = contribution.issue
    known, frontier = [contribution.pk], [contribution.pk]
    while frontier and len(known) < 1_000:
        frontier = list(
            Contribution.objects.filter(answers__in=frontier)
            .order_by("at", "pk")
            .values_list("pk", flat=True)
        )
        known += frontier
    voices = _voices(
        house, issue, _rows(known), heads={contribution.pk}, doors=doors, muted=muted_by(house.me)
    )
    by_time = Contribution.objects.filter(pk__in=known[1:]).order_by("at", "pk").values_list("pk", flat=True)
    answers = [voices[pk] for pk in by_time if pk in voices]
    return replace(voices[contribution.pk], answers=answers)


def taking_turns(heads: Sequence[tuple[str, str]], seed: str) -> list[str]:
    """Let stances take turns; within each, an order drawn for this reader alone, the same at every visit."""
    drawn = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 - an order, not a secret
    by_stance: dict[str, list[str]] = {stance: [] for stance in STANCES}
    for pk, stance in heads:
        by_stance.setdefault(stance, []).append(pk)
    for found in by_stance.values():
        drawn.shuffle(found)
    turns = zip_longest(*by_stance.values())
    return [pk for turn in turns for pk in turn if pk is not None]


def _voices(
    house: House,
    issue: Issue,
    rows: Sequence[VoiceRow],
    *,
    heads: set[str],
    doors: Doors,
    muted: set[str],
) -> dict[str, Voice]:
    me, language = house.me.pk, get_language()
    keys = {row.id: _key(row, me, row.id in heads, doors, language) for row in rows}
    html = cache.get_many(keys.values())
    missing = [row.id for row in rows if keys[row.id] not in html]
    if missing:
        made = _set(house, issue, missing, heads=heads, doors=doors)
        cache.set_many({keys[pk]: text for pk, text in made.items()}, KEPT_FOR)
        html |= {keys[pk]: text for pk, text in made.items()}
    doubts = _doubts(house, issue, [row.id for row in rows if row.form != "voice"], doors=doors)
    return {
        row.id: Voice(
            row.id,
            SafeString(html[keys[row.id]]),  # rendered by our own template
            row.form != "voice",
            row.author in muted,
            row.author,
            doubt=doubts.get(row.id),
        )
        for row in rows
        if keys[row.id] in html
    }


def _doubts(house: House, issue: Issue, ids: Sequence[str], *, doors: Doors) -> dict[str, Doubt]:
    """What members say of the facts stated in this very stage; in it, only they speak."""
    if not ids or Doing.COVER_FACT not in MAY[Stage(issue.stage)][Role.MEMBER]:
        return {}
    mine = Count("covers", filter=Q(covers__member=house.me))
    stated = (
        Contribution.objects.filter(pk__in=ids, stage=issue.stage)
        .annotate(doubters=Count("covers"), mine=mine)
        .values_list("pk", "doubters", "mine")
    )
    named = _who_doubts([pk for pk, doubters, _own in stated if doubters])
    return {
        pk: Doubt(
            doubters,
            named.get(pk, ""),
            "" if own or not doors.speaks else reverse("voice-cover", args=[house.slug, issue.number, pk]),
        )
        for pk, doubters, own in stated
    }


def _who_doubts(ids: Sequence[str]) -> dict[str, str]:
    """The names of those who say that a fact argues, in the order in which they said it, by the fact."""
    found: dict[str, list[str]] = {}
    said = FactCover.objects.filter(contribution__in=ids).select_related("member__name") if ids else ()
    for one in sorted(said, key=lambda one: (one.at, one.pk)):
        found.setdefault(one.contribution_id, []).append(str(one.member.name) or _("erased name"))
    return {pk: ", ".join(names) for pk, names in found.items()}


def _rows(ids: Iterable[str]) -> list[VoiceRow]:
    wanted = list(ids)
    if not wanted:
        return []
    newest = ContributionVersion.objects.filter(
        contribution__in=wanted, version=F("contribution__version")
    ).values_list(
        "contribution",
        "version",
        "contribution__author",
        "contribution__form",
        "text__erased_at",
        "contribution__author__name__erased_at",
        "contribution__disowned_at",
        "contribution__written_by__name__erased_at",
    )
    return [
        VoiceRow(pk, version, author, form, *(moment is not None for moment in moments))
        for pk, version, author, form, *moments in newest
    ]


def _key(row: VoiceRow, me: str, head: bool, doors: Doors, language: str | None) -> str:
    """What the HTML of a voice depends on; nothing else may be read by its template."""
    seen = f"{row.erased:d}{row.nameless:d}{row.disowned:d}{row.handless:d}{row.author == me:d}{head:d}"
    may = f"{doors.answers:d}{doors.speaks:d}{doors.facts:d}{doors.late:d}{row.id in doors.no_facts:d}"
    return f"voice:{row.id}:{row.version}:{seen}{may}:{language}"


def _set(house: House, issue: Issue, ids: Sequence[str], *, heads: set[str], doors: Doors) -> dict[str, str]:
    newest = ContributionVersion.objects.filter(
        contribution__in=ids, version=F("contribution__version")
    ).select_related(
        "text", "contribution__author__name", "contribution__author__unit__name", "contribution__source",
        "contribution__written_by__name",
    )  # fmt: skip
    attached = files.of(house.slug, contribution=ids)
    return {
        one.contribution_id: render_to_string(
            "kollontai/parts/voice.html",
            {
                "slug": house.slug,
                "number": issue.number,
                "voice": one.contribution,
                "text": one.text,
                "own": one.contribution.author_id == house.me.pk,
                "head": one.contribution_id in heads,
                "doors": doors,
                "facts": doors.facts and one.contribution_id not in doors.no_facts,
                "files": attached.get(one.contribution_id, ()),
            },
        )
        for one in newest
    }
