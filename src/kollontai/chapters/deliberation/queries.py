# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page needs of issues: lists, one issue whole, and, for each thing, whether one may do it.

The same rules are asked here to explain a closed door that the acts ask to refuse. Every list costs a fixed
small number of queries.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from django.db.models import Q

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation import amendment_steps, comparing, facts, foreseeing, parting, rules
from kollontai.chapters.deliberation.models import (
    Contribution,
    ContributionVersion,
    Draft,
    DraftSupporter,
    DraftVersion,
    Issue,
    Letter,
    Resolution,
    StageRow,
    Statement,
    Supporter,
)
from kollontai.chapters.deliberation.muting import muted_by
from kollontai.chapters.deliberation.querysets import ContributionQuerySet, IssueQuerySet
from kollontai.chapters.deliberation.stages import NEXT, TIMED, Doing, Stage
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.models import Content
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.voting import queries as voting
from kollontai.chapters.voting.models import Poll

# --- Lists -------------------------------------------------------------------------------------------


def issues_of(member: Member | None) -> IssueQuerySet:
    """Every issue somebody may see, with the words a list shows, the newest first."""
    visible: IssueQuerySet = Issue.objects.visible_to(member)
    return visible.shown().order_by("-number")


def resolutions_of(member: Member | None):  # type: ignore[no-untyped-def]
    """Every text in force, the newest first."""
    return (
        Resolution.objects.visible_to(member)
        .select_related("issue__title", "issue__unit__name", "text", "poll")
        .order_by("-in_force_at", "pk")
    )


def decided_lately(member: Member | None, *, since: datetime) -> IssueQuerySet:
    """What was decided or lapsed since a moment, the latest first."""
    visible: IssueQuerySet = Issue.objects.visible_to(member)
    return visible.ended().filter(ended_at__gte=since).shown()


# --- What needs me -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """Something that is open to a member now: vote, support, talk, answer or reply, and until when."""

    kind: str
    until: datetime | None
    issue: Issue | None = None
    poll: Poll | None = None


def what_needs_me(member: Member, *, at: datetime) -> list[Need]:
    """Everything on issues and in votes that waits for a member, what ends first on top.

    Four queries for whoever never led; for the few who did, each open issue is looked at by itself.
    """
    found = [Need("vote", poll.closes_at, poll=poll) for poll in voting.open_to(member, at=at)]
    visible: IssueQuerySet = Issue.objects.visible_to(member)
    mine = Q(unit__parent=None) | Q(unit=member.unit_id)
    led = Term.objects.leading().filter(member=member).exists()
    if led:
        mine |= Q(pk__isnull=False)  # who leads above answers in branches that are not their own
    issues = visible.open().filter(mine).exclude(stage=Stage.VOTE).select_related("unit").shown()
    supported = set(
        Supporter.objects.filter(member=member, withdrawn_at=None, issue__stage=Stage.GATHERING).values_list(
            "issue", flat=True
        )
    )
    for issue in issues:
        place = facts.place(issue, member, at=at, leaders=None if led else set())
        for doing, kind in _WAITS[Stage(issue.stage)]:
            if rules.may(doing, place, at=at) is None and issue.pk not in supported:
                found.append(Need(kind, issue.stage_ends_at, issue=issue))
    return sorted(found, key=lambda need: (need.until is None, need.until or at))


_WAITS = {
    Stage.GATHERING: ((Doing.SUPPORT, "support"),),
    Stage.TALK: ((Doing.SPEAK, "talk"),),
    Stage.ANSWER: ((Doing.SPEAK, "answer"),),
    Stage.REPLY: ((Doing.SPEAK, "reply"),),
}
"""What each stage waits for, and what a page calls it."""


def has_taken_part(member: Member) -> bool:
    """Whether somebody has ever raised something, stood behind something or spoken."""
    return (
        Supporter.objects.filter(member=member).exists()
        or Contribution.objects.filter(author=member).exists()
        or Issue.objects.filter(raised_by=member).exists()
    )


def said_on(issue: Issue, reader: Member | None) -> ContributionQuerySet:
    """What is said on an issue, for whoever may read it."""
    said: ContributionQuerySet = Contribution.objects.visible_to(reader)
    return said.filter(issue=issue).select_related("issue__unit", "author__name", "written_by__name")


# --- The life of an issue ----------------------------------------------------------------------------


@dataclass(frozen=True)
class StageSeen:
    """One stage of an issue's life: over, present or foreseen."""

    stage: Stage
    begins: datetime
    ends: datetime | None
    is_over: bool
    is_now: bool
    foreseen: bool


def life_of(issue: Issue, rows: Sequence[StageRow]) -> list[StageSeen]:
    """Every stage with its dates; those to come as they will be unless the server stands still."""
    seen: list[StageSeen] = []
    present = Stage(issue.stage)
    ran = {Stage(row.stage): row for row in rows}
    talk = ran.get(Stage.TALK)
    gathered = (
        talk.began_at if talk else issue.stage_ends_at if present is Stage.GATHERING else issue.ended_at
    )
    seen.append(
        StageSeen(
            Stage.GATHERING, issue.raised_at, gathered, talk is not None or present is Stage.LAPSED,
            present is Stage.GATHERING, False,
        )
    )  # fmt: skip
    for stage in filter(ran.__contains__, TIMED):
        row, over = ran[stage], present is not stage
        seen.append(StageSeen(stage, row.began_at, row.ends_at, over, not over, False))
    for stage, begins, ends in foreseeing.to_come(issue, rows):
        seen.append(StageSeen(stage, begins, ends, False, False, True))
    if issue.ended_at is not None:
        seen.append(StageSeen(present, issue.ended_at, None, True, True, False))
    elif talk is not None and seen[-1].ends is not None:
        seen.append(StageSeen(Stage.DECIDED, seen[-1].ends, None, False, False, True))
    return seen


# --- One issue, whole --------------------------------------------------------------------------------


@dataclass(frozen=True)
class DraftSeen:
    """A draft with its words as they stand, and every earlier version."""

    draft: Draft
    words: DraftVersion
    versions: list[DraftVersion]
    supporters: int
    on_ballot: bool
    may_revise: Refusal | None
    may_withdraw: Refusal | None
    may_support: Refusal | None


@dataclass(frozen=True)
class Voice:
    """Something said, with what was said under it. `covered` for who muted its author."""

    contribution: Contribution
    text: Content
    versions: list[ContributionVersion]
    covered: bool
    may_revise: Refusal | None
    may_erase: Refusal | None
    may_answer_fact: Refusal | None
    may_correct: Refusal | None
    answers: list[Voice] = field(default_factory=list)

    @property
    def how_many(self) -> int:
        """How many answers stand under it, however deep."""
        return sum(1 + one.how_many for one in self.answers)


@dataclass(frozen=True)
class StatementSeen:
    """A sealed statement: that it is lodged all see; its words only its author, until the clock opens it."""

    statement: Statement
    author: Member
    sealed_at: datetime
    opened_at: datetime | None
    text: Content | None


@dataclass(frozen=True)
class IssuePage:
    """Everything that stands on the page of one issue, for one reader."""

    issue: Issue
    place: rules.Place
    leaders: set[str]
    life: list[StageSeen]
    supporters: list[Supporter]
    drafts: list[DraftSeen]
    voices: list[Voice]
    counts: Mapping[str, int]
    letters: list[Letter]
    statements: list[StatementSeen]
    resolution: Resolution | None
    may: Mapping[str, Refusal | None]

    @property
    def still_needed(self) -> int:
        """How many supporters are missing."""
        return max(0, comparing.needed_to_talk(self.issue) - len(self.supporters))


def issue_page(
    issue: Issue, reader: Member | None, *, at: datetime, by_time: bool = False, stance: str = ""
) -> IssuePage:
    """Gather everything of one issue for one reader, in about fifteen queries however much was said."""
    leaders = facts.leaders_on(issue, at=at)
    place = facts.place(issue, reader, at=at, leaders=leaders)
    supporters = list(
        issue.supporters.filter(withdrawn_at=None).select_related("member__name", "member__unit__name")
        .order_by("at", "pk")
    )  # fmt: skip
    mine = reader.pk if reader else ""
    supports = any(one.member_id == mine for one in supporters)
    voices, counts = _voices(issue, reader, place, leaders, at=at, by_time=by_time, stance=stance)
    statements = list(
        Statement.objects.visible_to(reader).filter(issue=issue).select_related("author__name", "text")
        .order_by("sealed_at", "pk")
    )  # fmt: skip
    sealed = any(one.author_id == mine for one in statements)
    lodged = [
        StatementSeen(
            one, one.author, one.sealed_at, one.opened_at,
            one.text if one.opened_at is not None or one.author_id == mine else None,
        )
        for one in statements
    ]  # fmt: skip
    drafts = _drafts(issue, reader, place, leaders, at=at)
    speaking = rules.Speaking(place, "for", True, 0)
    supporting = rules.Supporting(place, supports)
    return IssuePage(
        issue=issue,
        place=place,
        leaders=leaders,
        life=life_of(issue, list(issue.stages.all())),
        supporters=supporters,
        drafts=drafts,
        voices=voices,
        counts=counts,
        letters=list(
            Letter.objects.visible_to(reader).filter(issue=issue)
            .select_related("posted_by__name", "sender", "text").order_by("at", "pk")
        ),
        statements=lodged,
        resolution=issue.resolutions.select_related("text", "draft").first(),
        may={
            "support": rules.may_support(supporting, at=at),
            "withdraw_support": rules.may_withdraw_support(supporting, at=at),
            "speak": rules.may_speak(speaking, at=at),
            "ask": rules.may(Doing.ASK, place, at=at),
            "state_facts": rules.may(Doing.STATE_FACTS, place, at=at),
            "seal": rules.may_seal(place, has_sealed=sealed, at=at),
            "post_letter": rules.may(Doing.POST_LETTER, place, at=at),
            "put_draft": rules.may_put_draft(
                rules.Drafting(
                    place,
                    drafts=len(drafts),
                    own_drafts=sum(one.draft.mover_id == mine for one in drafts),
                ),
                at=at,
            ),
        },
    )  # fmt: skip


def _drafts(
    issue: Issue, reader: Member | None, place: rules.Place, leaders: set[str], *, at: datetime
) -> list[DraftSeen]:
    drafts = list(issue.drafts.select_related("mover__name").order_by("put_at", "letter"))
    versions: dict[str, list[DraftVersion]] = {}
    for version in (
        DraftVersion.objects.filter(draft__issue=issue).select_related("title", "text").order_by("version")
    ):
        versions.setdefault(version.draft_id, []).append(version)
    standing: dict[str, set[str]] = {}
    for draft_id, member_id in DraftSupporter.objects.filter(draft__issue=issue).values_list(
        "draft", "member"
    ):
        standing.setdefault(draft_id, set()).add(member_id)
    offered = amendment_steps.offered(issue, leaders, at=at)
    chosen = {one.draft for one in offered if not one.motions}
    mine = reader.pk if reader else ""
    seen = []
    for draft in drafts:
        known = rules.Drafting(
            place=place,
            is_mover=draft.mover_id == mine,
            nobodys=draft.mover_id is None,
            withdrawn=draft.withdrawn_at is not None,
            supports=mine in standing.get(draft.pk, set()),
            drafts=len(drafts),
            version=draft.version,
        )
        seen.append(
            DraftSeen(
                draft=draft,
                words=versions[draft.pk][-1],
                versions=versions[draft.pk],
                supporters=len(standing.get(draft.pk, set()) - leaders),
                on_ballot=draft.pk in chosen,
                may_revise=rules.may_revise_draft(known, at=at),
                may_withdraw=rules.may_withdraw_draft(known, at=at),
                may_support=rules.may_support_draft(known, at=at),
            )
        )
    return seen


def _voices(
    issue: Issue,
    reader: Member | None,
    place: rules.Place,
    leaders: set[str],
    *,
    at: datetime,
    by_time: bool,
    stance: str,
) -> tuple[list[Voice], dict[str, int]]:
    rows = list(
        Contribution.objects.visible_to(reader).filter(issue=issue)
        .select_related("author__name", "author__unit__name", "source").order_by("at", "pk")
    )  # fmt: skip
    words: dict[str, list[ContributionVersion]] = {}
    for version in (
        ContributionVersion.objects.filter(contribution__issue=issue)
        .select_related("text")
        .order_by("version")
    ):
        words.setdefault(version.contribution_id, []).append(version)
    muted = muted_by(reader)
    mine = reader.pk if reader else ""
    seen: dict[str, Voice] = {}
    stated = {row.answers_id for row in rows if row.form != "voice" and row.author_id == mine}
    for row in rows:
        own = rules.Revising(
            place=place,
            own=row.author_id == mine,
            erased=words[row.pk][-1].text.erased,
            form=row.form,
            stance=row.stance,
            as_leader=row.as_leader,
            version=row.version,
            disowned=row.disowned_at is not None,
            said_now=row.stage == issue.stage,
        )
        stating = rules.StatingFacts(
            place=place,
            form="answer",
            to_question=row.form == "voice" and row.stance == "question",
            to_voice=row.form == "voice",
            by_member=row.author_id not in leaders,
            has_source=True,
            has_stated=row.pk in stated,
            last_hour=0,
        )
        correcting = replace(stating, form="correction")
        seen[row.pk] = Voice(
            contribution=row,
            text=words[row.pk][-1].text,
            versions=words[row.pk],
            covered=row.author_id in muted,
            may_revise=rules.may_revise(own, at=at),
            may_erase=rules.may_erase(rules.Erasing(own.own, own.erased, row.as_leader)),
            may_answer_fact=rules.may_state_facts(stating, at=at),
            may_correct=rules.may_state_facts(correcting, at=at),
        )
    roots: list[Voice] = []
    for row in rows:
        above = seen.get(row.answers_id or "")
        (above.answers if above else roots).append(seen[row.pk])
    counts = dict.fromkeys(rules.STANCES, 0)
    for row in rows:
        if row.stance in counts:
            counts[row.stance] += 1
    counts["all"] = len(rows)
    if stance in rules.STANCES:
        roots = [one for one in roots if one.contribution.stance == stance]
    return (roots if by_time else in_turns(roots, seed=f"{issue.pk}/{mine}")), counts


def in_turns(voices: Sequence[Voice], *, seed: str) -> list[Voice]:
    """Stances take turns; within each the order is shuffled for this reader, and stays so for them."""

    def drawn(voice: Voice) -> bytes:
        return sha256(f"{seed}/{voice.contribution.pk}".encode()).digest()

    piles = {stance: sorted((v for v in voices if v.contribution.stance == stance), key=drawn)
             for stance in rules.STANCES}  # fmt: skip
    order = list(piles)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    turned: list[Voice] = []
    while any(piles.values()):
        turned += [piles[stance].pop(0) for stance in order if piles[stance]]
    return turned


def next_stage(issue: Issue) -> Stage | None:
    """What comes after the present stage."""
    return NEXT.get(Stage(issue.stage))


def may_erase_name(person: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not have their name erased; None where they may."""
    return parting.may_erase_name(facts.parting(person), at=at)
