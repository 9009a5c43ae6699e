# SPDX-License-Identifier: AGPL-3.0-or-later
"""An issue as its page needs it: where it stands, its drafts, what waits in it, what one may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.deliberation import facts, foreseeing, rules
from kollontai.chapters.deliberation.models import (
    Contribution,
    Draft,
    DraftSupporter,
    DraftVersion,
    Issue,
    Letter,
    QuestionAgain,
    StageRow,
    Statement,
)
from kollontai.chapters.deliberation.stages import ENDED, TIMED, Doing, Stage, days_key
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.writing_in import queries as writing
from kollontai.web.erased import erased_how
from kollontai.web.house import House
from kollontai.web.pages import classes, effects, files, mergers, people, shortening, undone, writing_in
from kollontai.web.times import day_of

STAGE_WORDS: Mapping[str, str | Promise] = {
    "gathering": _("Gathering"),
    "talk": _("Members’ talk"),
    "answer": _("Leaders answer"),
    "reply": _("Members reply"),
    "vote": _("Vote"),
    "decided": _("Decided"),
    "lapsed": _("Lapsed"),
}


@dataclass(frozen=True)
class Step:
    """One stage in the bar of an issue's life."""

    words: str | Promise
    state: str  # done, here, ahead
    begins: datetime | None
    ends: datetime | None
    days: int
    day: int = 0
    of: int = 0


@dataclass(frozen=True)
class DraftShown:
    """A draft with its newest words."""

    draft: Draft
    title: str
    text: str
    supporters: int
    enough: bool
    mine: bool
    supported: bool
    changes: list[str]  # what it would change by itself, in sentences
    amendments: int  # how many were moved and not taken back
    first_amendment: int  # the number of the first of them
    can_support: bool = True  # the first one comes by itself, unless it was decided not long ago
    again: QuestionAgain | None = None  # it is a question that was decided not long ago
    behind: int = 0  # who stands behind it then
    gone: str = ""  # what stands in the place of its words, where they were erased


@dataclass(frozen=True)
class Drafting:
    """What the reader may do with drafts that are there, their own or others'."""

    supports: bool
    revises: bool
    withdraws: bool


DRAFTING = (Doing.SUPPORT_DRAFT, Doing.REVISE_DRAFT, Doing.WITHDRAW_DRAFT)  # in the order of Drafting


@dataclass(frozen=True)
class IssuePage:
    """Everything about an issue but the talk itself."""

    issue: Issue
    steps: list[Step]
    supporters: int
    needed: int  # before the talk begins
    supports: bool
    leads: bool
    drafts: list[DraftShown]
    chosen: DraftShown | None
    letters: list[Letter]
    statements: list[Statement]
    size: classes.Size
    hurry: shortening.Hurry
    may_shorten: bool
    backs: frozenset[str]  # proposals to shorten that the reader may stand behind
    posts_letters: bool
    why_not_call_big: Refusal | None
    why_not_support: Refusal | None
    why_not_speak: Refusal | None
    why_not_ask: Refusal | None
    why_not_state: Refusal | None  # facts, as somebody who leads on it
    why_not_seal: Refusal | None
    why_not_draft: Refusal | None
    drafting: Drafting
    by_hand: list[writing_in.Written]
    writes_words: bool  # for somebody without a mail address, who named the reader
    writes_support: bool
    open: bool
    gathering: bool
    key: str  # what all readers share stands so long
    keep: int
    seen_as: str  # and this is how it stands for this reader


def issues(house: House, *, ended: bool, unit_id: str, page: str) -> Page[Issue]:
    """Issues on their way, or ended ones, the newest first."""
    found = Issue.objects.visible_to(house.me).shown()
    found = found.ended() if ended else found.open().order_by("-number")
    if unit_id:
        found = found.filter(unit=unit_id)
    again = QuestionAgain.objects.filter(issue=OuterRef("pk"), version=1, draft__first=True)
    found = found.annotate(
        behind=Count("supporters", filter=Q(supporters__withdrawn_at=None)),
        wanted=Greatest(F("needed"), Coalesce(Subquery(again.values("needed")[:1]), 0)),
    )
    shown = Paginator(found, 50).get_page(page)
    shown.object_list = undone.marked(shown.object_list)
    return shown


def find(house: House, number: int) -> Issue | None:
    """One issue, if whoever looks may see it."""
    found = Issue.objects.visible_to(house.member).select_related(
        "for_body__title", "title", "text", "unit__name", "raised_by__name", "raised_by__unit__name", "poll"
    )
    one: Issue | None = found.filter(number=number).first()
    return one


@dataclass(frozen=True)
class VoiceRow:
    """What the words of a contribution look like depends on this, and on who reads them."""

    id: str
    version: int
    author: str
    form: str
    erased: bool
    nameless: bool
    disowned: bool
    handless: bool  # the name of whoever wrote it in is erased


@dataclass(frozen=True)
class Shared:
    """What an issue is to all of its readers alike, as long as the record does not grow."""

    issue: Issue
    leaders: set[str]
    size: classes.Size
    hurry: shortening.Hurry
    steps: list[Step]
    behind: list[str]
    by_hand: list[writing_in.Written]  # support that a neighbour wrote in
    drafts: list[tuple[DraftVersion, set[str]]]
    changes: dict[str, list[str]]
    again: dict[str, QuestionAgain]  # by the draft, as it stands
    needed: int
    amendments: Mapping[str, list[int]]  # to each draft, the numbers of those not taken back
    letters: list[Letter]
    statements: list[Statement]
    heads: list[tuple[str, str]]
    answers: Mapping[str, list[str]]  # to each voice, facts first, then by time
    everything: int
    numbers: Mapping[str, tuple[int, str]]  # of each contribution, in the order of their coming; its author
    above: Mapping[str, str]  # what each answer answers
    voices: dict[str, VoiceRow]  # of those that somebody has read already
    key: str
    keep: int  # seconds


def shared(house: House, number: int) -> Shared | None:
    """Gather what all readers share; kept until the record grows or the minute is over.

    While an entry waits for its place nothing is taken from memory: whoever has just erased their words
    finds them gone.
    """
    when = f"{house.now:%Y%m%d%H%M}:{get_language()}"
    return people.kept(
        house.stands, f"issue:{house.id}:{number}:{when}", lambda: _gather(house, number, when), 60
    )


def _gather(house: House, number: int, when: str) -> Shared | None:
    issue = find(house, number)
    if issue is None:
        return None
    undone.marked([issue])
    issue.merging = mergers.said_of(issue, at=house.now)  # type: ignore[attr-defined]
    said = list(
        Contribution.objects.filter(issue=issue, versions__version=1)
        .order_by("at", "pk")
        .values_list("pk", "stance", "answers", "form", "versions__pk", "author")
    )
    drafts = _drafts(issue)
    answers: dict[str, list[str]] = {}
    for facts_only in (True, False):
        for pk, _stance, to, form, *_more in said:
            if to is not None and (form != "voice") == facts_only:
                answers.setdefault(to, []).append(pk)
    leaders = facts.leaders_on(issue, at=house.now)
    letters = _letters(house, issue)
    again = list(issue.coming_again.select_related("earlier__title", "draft").order_by("version"))
    return Shared(
        issue=issue,
        leaders=leaders,
        size=classes.size_of(issue, leaders),
        hurry=shortening.hurry_of(issue, letters, leaders),
        steps=_steps(issue, house),
        behind=list(issue.supporters.filter(withdrawn_at=None).values_list("member", flat=True)),
        by_hand=writing_in.shown(house, writing.support_on(issue)),
        drafts=drafts,
        changes=effects.of_drafts(version.draft_id for version, _backers in drafts),
        again={one.draft_id: one for one in again if one.version == one.draft.version},
        needed=max([issue.needed, *(one.needed for one in again if one.draft.first and one.version == 1)]),
        amendments=_amendments(issue),
        letters=letters,
        statements=list(issue.statements.select_related("author__name", "text").order_by("sealed_at", "pk")),
        heads=[(pk, stance) for pk, stance, to, *_more in said if to is None],
        numbers={pk: (number, author) for pk, _stance, _to, _form, number, author in said},
        above={pk: to for pk, _stance, to, *_more in said if to is not None},
        answers=answers,
        everything=len(said),
        voices={},
        key=f"{issue.pk}:{house.stands.root}:{when}:{house.stands.waits}",
        keep=0 if house.stands.waits else 60,
    )


def issue_page(house: House, all_see: Shared, *, letter: str = "") -> IssuePage:
    """One issue for one member."""
    me, at, issue = house.me, house.now, all_see.issue
    place = facts.place(issue, me, at=at, leaders=all_see.leaders)
    drafts = [
        _draft_shown(version, backers - all_see.leaders, issue, me, all_see)
        for version, backers in all_see.drafts
    ]
    supports = me.pk in all_see.behind
    sealed = any(one.author_id == me.pk for one in all_see.statements)
    chosen = next((one for one in drafts if one.draft.letter == letter), drafts[0] if drafts else None)
    why_not_support = rules.may_support(rules.Supporting(place=place, supports=supports), at=at)
    why_not_seal = rules.may_seal(place, has_sealed=sealed, at=at)
    why_not_draft = rules.may(Doing.PUT_DRAFT, place, at=at)
    mine = (chosen.draft.letter, chosen.mine, chosen.supported) if chosen else ()
    why_not_call_big = classes.why_not_call(all_see.size, place, issue.weight, me, at=at)
    called = me.pk in all_see.size.called_by
    drafting = Drafting(*(rules.may(doing, place, at=at) is None for doing in DRAFTING))
    doors: tuple[object, ...] = (
        place.leads, supports, not why_not_support, not why_not_seal, not why_not_draft, drafting,
    )  # fmt: skip
    may_shorten, backs = shortening.doors(
        issue, place, all_see.leaders, all_see.letters, all_see.hurry, house
    )
    posts_letters = rules.may(Doing.POST_LETTER, place, at=at) is None
    hastened = tuple(me.pk in one.members for one in all_see.hurry.proposals)
    doors += (not why_not_call_big, called, may_shorten, sorted(backs), posts_letters, *hastened)
    return IssuePage(
        issue=issue,
        steps=all_see.steps,
        supporters=len(all_see.behind),
        needed=all_see.needed,
        supports=supports,
        leads=place.leads,
        drafts=drafts,
        chosen=chosen,
        size=all_see.size,
        hurry=all_see.hurry,
        may_shorten=may_shorten,
        backs=backs,
        posts_letters=posts_letters,
        why_not_call_big=why_not_call_big,
        letters=all_see.letters,
        statements=all_see.statements,
        why_not_support=why_not_support,
        why_not_speak=rules.may(Doing.SPEAK, place, at=at),
        why_not_ask=rules.may(Doing.ASK, place, at=at),
        why_not_state=rules.may(Doing.STATE_FACTS, place, at=at),
        why_not_seal=why_not_seal,
        why_not_draft=why_not_draft,
        drafting=drafting,
        by_hand=all_see.by_hand,
        writes_words=_writes_in(house, issue, Doing.SPEAK),
        writes_support=_writes_in(house, issue, writing_in.doing_of(issue)),
        open=Stage(issue.stage) not in ENDED,
        gathering=Stage(issue.stage) is Stage.GATHERING,
        key=all_see.key,
        keep=all_see.keep,
        seen_as=f"{doors}{mine}",
    )


def _writes_in(house: House, issue: Issue, what: Doing) -> bool:
    return writing_in.writes_in(house) and writing_in.why_not_write_in(house, issue, what) is None


def _drafts(issue: Issue) -> list[tuple[DraftVersion, set[str]]]:
    newest = (
        DraftVersion.objects.filter(draft__issue=issue, draft__withdrawn_at=None, version=F("draft__version"))
        .select_related("draft__mover__name", "title", "text")
        .order_by("draft__put_at", "draft__letter")
    )
    backers: dict[str, set[str]] = defaultdict(set)
    for draft, member in DraftSupporter.objects.filter(draft__issue=issue).values_list("draft", "member"):
        backers[draft].add(member)
    return [(version, backers[version.draft_id]) for version in newest]


def _draft_shown(
    version: DraftVersion, backers: set[str], issue: Issue, me: Member, all_see: Shared
) -> DraftShown:
    numbers = all_see.amendments.get(version.draft_id, [])
    again = all_see.again.get(version.draft_id)
    first = version.draft.first
    behind = len(backers | (set(all_see.behind) - all_see.leaders if first else set()))
    return DraftShown(
        draft=version.draft,
        title=str(version.title) or str(_("An erased draft")),
        text=str(version.text),
        gone=erased_how(version.text) if version.text.erased else "",
        supporters=len(backers),
        enough=(first or len(backers) >= issue.needed) and (again is None or behind >= again.needed),
        mine=version.draft.mover_id == me.pk,
        supported=me.pk in backers,
        changes=all_see.changes.get(version.draft_id, []),
        amendments=len(numbers),
        first_amendment=numbers[0] if numbers else 0,
        can_support=not first or again is not None,
        again=again,
        behind=behind,
    )


def _amendments(issue: Issue) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    moved = issue.amendments.filter(withdrawn_at=None).order_by("number")
    for draft, number in moved.values_list("draft", "number"):
        found.setdefault(draft, []).append(number)
    return found


def _steps(issue: Issue, house: House) -> list[Step]:
    """Every stage with its dates: those that were, the one that is, and those to come as far as is known."""
    rows = {row.stage: row for row in StageRow.objects.filter(issue=issue)}
    here = Stage(issue.stage)
    done_raising = here is not Stage.GATHERING
    steps = [
        Step(
            _("Raised") if done_raising else _("Gathering"),
            "done" if done_raising else ("here"),
            issue.raised_at,
            None if done_raising else issue.stage_ends_at,
            0,
        )
    ]
    known_end = None
    ahead = {stage: (begins, ends) for stage, begins, ends in foreseeing.to_come(issue, rows.values())}
    for stage in TIMED:
        days = issue.limits.get(days_key(stage, issue.weight), 0)
        row = rows.get(stage.value)
        if row is not None:
            known_end = row.ends_at
            current = here is stage
            day, of = day_of(row.began_at, row.ends_at, house.now) if current else (0, 0)
            state = "here" if current else "done"
            steps.append(Step(STAGE_WORDS[stage.value], state, row.began_at, row.ends_at, days, day, of))
        elif here is not Stage.LAPSED:
            begins, known_end = ahead.get(stage, (None, None))
            steps.append(Step(STAGE_WORDS[stage.value], "ahead", begins, known_end, days))
    if here is Stage.LAPSED:
        steps.append(Step(_("Lapsed"), "done", issue.ended_at, None, 0))
    elif here is Stage.DECIDED:
        words = _("In force") if issue.outcome == "carried" else _("Not carried")
        steps.append(Step(words, "done", issue.ended_at, None, 0))
    else:
        steps.append(Step(_("In force"), "ahead", known_end, None, 0))
    return steps


def units_for_raising(house: House) -> Sequence[Unit]:
    """Where this member may raise something: in their own unit, and for everybody."""
    mine = Q(pk=house.me.unit_id) | Q(parent=None)
    return list(Unit.objects.of(house.id).filter(mine).select_related("name"))


def _letters(house: House, issue: Issue) -> list[Letter]:
    """What came from outside, each with its files."""
    letters = list(issue.letters.select_related("posted_by__name", "sender", "text").order_by("at", "pk"))
    attached = files.of(house.slug, letter=[one.pk for one in letters]) if letters else {}
    for letter in letters:
        letter.shown_files = attached.get(letter.pk, [])  # type: ignore[attr-defined]
    return letters
