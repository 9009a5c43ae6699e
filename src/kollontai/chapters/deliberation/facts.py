# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts for the rules: where an issue stands, and as what somebody meets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.bodies.queries import leaders_between, leaders_silenced
from kollontai.chapters.bodies.rules import PostWanted
from kollontai.chapters.charter.queries import (
    charter_now,
    dues_now,
    may_be_held_outside,
    quiet_days,
    voting_days,
)
from kollontai.chapters.deliberation import archives, attaching, effects, rules, whole
from kollontai.chapters.deliberation import parting as rules_of_parting
from kollontai.chapters.deliberation.models import (
    ArchivedThread,
    Attachment,
    Contribution,
    Draft,
    DraftEffects,
    DraftVersion,
    Issue,
    Letter,
    Statement,
)
from kollontai.chapters.deliberation.stages import ENDED, Stage
from kollontai.chapters.elections import steps as elections
from kollontai.chapters.elections.models import Candidacy, Election
from kollontai.chapters.elections.rules import RUNNING, State, empty_rounds
from kollontai.chapters.members.models import Contact, Member, Unit
from kollontai.chapters.members.queries import accepted_count, limits_now
from kollontai.chapters.record.models import Organisation


def leaders_on(issue: Issue, *, at: datetime) -> set[str]:
    """The ids of all who count as leaders on an issue now."""
    if issue.all_led is None:  # it was raised before that was kept with it
        return leaders_silenced(issue.unit, raised_at=issue.raised_at, at=at)
    return set() if issue.all_led else leaders_between(issue.unit, issue.raised_at, at)


def place(
    issue: Issue, member: Member | None, *, at: datetime, leaders: set[str] | None = None
) -> rules.Place:
    """Where an issue stands, and as what this person meets it."""
    if leaders is None:
        leaders = leaders_on(issue, at=at)
    leads = member is not None and member.pk in leaders
    return rules.Place(
        is_member=member is not None and member.standing == "member",
        concerned=leads or belongs_to(member, issue.unit),
        leads=leads,
        stage=Stage(issue.stage),
        ends_at=issue.stage_ends_at,
        drafts_close_at=issue.drafts_close_at,
        shortened=issue.shortened_at is not None,
    )


def belongs_to(member: Member | None, unit: Unit) -> bool:
    """Whether an issue of this unit is this person's own; everybody belongs to the first unit."""
    return member is not None and (unit.parent_id is None or member.unit_id == unit.pk)


def raising(
    organisation: Organisation,
    member: Member | None,
    unit: Unit,
    *,
    weight: str,
    text_length: int,
    leads: bool,
    long_times: bool = False,
    body_id: str = "",
    at: datetime,
) -> rules.Raising:
    """Facts for raising an issue; `body_id`: the post in whose name."""
    lately = Issue.objects.filter(
        organisation=organisation, raised_by=member, raised_at__gt=at - timedelta(days=1)
    )
    return rules.Raising(
        is_member=member is not None and member.standing == "member",
        founded=organisation.founded_at is not None,
        concerned=belongs_to(member, unit),
        leads=leads,
        is_root=unit.parent_id is None,
        weight=weight,
        raised_today=lately.count() if member else 0,
        text_length=text_length,
        long_times=long_times,
        body=speaking_for(unit, member, body_id, at=at) if body_id else None,
    )


def speaking_for(unit: Unit, member: Member | None, body_id: str, *, at: datetime) -> rules.Body:
    """What is known of a body in whose name somebody would raise an issue of this unit."""
    post = Post.objects.filter(organisation=unit.organisation_id, pk=body_id).first()
    if post is None:
        return rules.Body(exists=False)
    return rules.Body(
        exists=True,
        seats=post.seats,
        of_unit=Post.objects.over(unit).filter(pk=post.pk).exists(),
        held=member is not None and post.terms.running_at(at).filter(member=member).exists(),
    )


def bodies_of(member: Member, *, at: datetime) -> list[Post]:
    """The bodies in whose name somebody may raise something."""
    held = Post.objects.filter(organisation=member.organisation_id, seats__gt=1)
    held = held.filter(terms__in=Term.objects.filter(member=member).running_at(at))
    return list(held.select_related("title", "unit__name").order_by("created_at", "pk"))


def said_last_hour(issue: Issue, member: Member | None, *, at: datetime) -> int:
    """How often somebody spoke on an issue within the last hour."""
    if member is None:
        return 0
    return Contribution.objects.filter(issue=issue, author=member, at__gt=at - timedelta(hours=1)).count()


def speaking(
    issue: Issue,
    member: Member | None,
    *,
    stance: str,
    answers: Contribution | None,
    asked: str,
    lines: tuple[str, int, int, int] = ("", 0, 0, 0),
    at: datetime,
) -> rules.Speaking:
    """Facts for speaking; `asked` is the id that was given to be answered, `lines` what it speaks of: draft,
    version, first and last line."""
    return rules.Speaking(
        place=place(issue, member, at=at),
        stance=stance,
        answers_here=not asked or (answers is not None and answers.issue_id == issue.pk),
        last_hour=said_last_hour(issue, member, at=at),
        lines_here=not lines[0] or _are_here(issue, *lines),
    )


def _are_here(issue: Issue, draft_id: str, version: int, first: int, last: int) -> bool:
    """Whether a draft on an issue has these lines in a version of it."""
    versions = DraftVersion.objects.filter(draft=draft_id, draft__issue=issue).select_related("text")
    found = versions.filter(version=version).first() if 0 < version < 2**31 else None
    return found is not None and 1 <= first <= last <= str(found.text).count("\n") + 1


def covering(said: Contribution, member: Member | None, *, at: datetime) -> rules.Covering:
    """Facts for saying that a "fact" argues."""
    return rules.Covering(
        place=place(said.issue, member, at=at),
        is_fact=said.form != "voice",
        said_now=said.stage == said.issue.stage,
        erased=said.versions.get(version=said.version).text.erased,
        covers=member is not None and said.covers.filter(member=member).exists(),
    )


def stating(
    issue: Issue,
    member: Member | None,
    *,
    form: str,
    answers: Contribution | None,
    source: str,
    at: datetime,
) -> rules.StatingFacts:
    """Facts for an answer of fact or a correction."""
    leaders = leaders_on(issue, at=at)
    here = answers is not None and answers.issue_id == issue.pk
    return rules.StatingFacts(
        place=place(issue, member, at=at, leaders=leaders),
        form=form,
        to_question=here and answers is not None and answers.form == "voice" and answers.stance == "question",
        to_voice=here and answers is not None and answers.form == "voice",
        by_member=here and answers is not None and answers.author_id not in leaders,
        has_source=bool(source.strip()),
        has_stated=here
        and member is not None
        and Contribution.objects.filter(answers=answers, author=member).exclude(form="voice").exists(),
        last_hour=said_last_hour(issue, member, at=at),
    )


def no_more_facts(issue: Issue, member: Member, *, at: datetime) -> frozenset[str]:
    """What others said on an issue that a leader states no fact below: leaders' words, and where they did."""
    said = Contribution.objects.filter(issue=issue)
    stated = said.filter(author=member, answers__isnull=False).exclude(form="voice")
    of_leaders = said.filter(author__in=leaders_on(issue, at=at))
    return frozenset(stated.values_list("answers", flat=True)) | frozenset(
        of_leaders.values_list("pk", flat=True)
    )


def revising(contribution: Contribution, member: Member | None, *, at: datetime) -> rules.Revising:
    """Facts for putting own words anew."""
    newest = contribution.versions.select_related("text").order_by("-version").first()
    return rules.Revising(
        place=place(contribution.issue, member, at=at),
        own=member is not None and contribution.author_id == member.pk,
        erased=newest is not None and newest.text.erased,
        form=contribution.form,
        stance=contribution.stance,
        as_leader=contribution.as_leader,
        version=contribution.version,
        disowned=contribution.disowned_at is not None,
        said_now=contribution.stage == contribution.issue.stage,
    )


def erasing(contribution: Contribution, member: Member | None) -> rules.Erasing:
    """Facts for erasing own words."""
    versions = contribution.versions.select_related("text")
    return rules.Erasing(
        own=member is not None and contribution.author_id == member.pk and is_led_to(member),
        erased=all(version.text.erased for version in versions),
        as_leader=contribution.as_leader,
    )


def is_led_to(member: Member) -> bool:
    """Whether anybody can still sign in as this person: not once their name was erased."""
    return Contact.objects.filter(member=member).exists()


def parting(person: Member | None) -> rules_of_parting.Parting:
    """Facts for having one's own name erased."""
    if person is None:
        return rules_of_parting.Parting(standing="", erased=False, on_a_paper=False, held_until=None)
    terms = Term.objects.filter(member=person).values_list("ended_at", "ends_at")
    stands = Candidacy.objects.standing().filter(member=person, election__state__in=RUNNING)
    put = Claim.objects.filter(member=person, outcome="").exclude(poll="")
    return rules_of_parting.Parting(
        standing=person.standing,
        erased=person.name.erased and not Contact.objects.filter(member=person).exists(),
        on_a_paper=stands.exists() or put.exists(),
        held_until=max((min(ended or ends, ends) for ended, ends in terms), default=None),
    )


def drafting(
    issue: Issue, member: Member | None, draft: Draft | None = None, *, at: datetime
) -> rules.Drafting:
    """Facts for doing something with a draft."""
    member_id = member.pk if member else ""
    return rules.Drafting(
        place=place(issue, member, at=at),
        is_mover=draft is not None and draft.mover_id == member_id,
        nobodys=draft is not None and draft.mover_id is None,
        withdrawn=draft is not None and draft.withdrawn_at is not None,
        supports=draft is not None and draft.supporters.filter(member=member_id).exists(),
        drafts=issue.drafts.count(),
        own_drafts=issue.drafts.filter(mover=member_id).count(),
        version=draft.version if draft else 1,
    )


def supporting(issue: Issue, member: Member | None, *, at: datetime) -> rules.Supporting:
    """Facts for standing behind an issue."""
    standing = issue.supporters.filter(member=member, withdrawn_at=None).exists() if member else False
    return rules.Supporting(place=place(issue, member, at=at), supports=standing)


def has_sealed(issue: Issue, member: Member | None) -> bool:
    """Whether somebody has lodged their statement on an issue."""
    return member is not None and Statement.objects.filter(issue=issue, author=member).exists()


def letters_today(issue: Issue, member: Member | None, *, at: datetime) -> int:
    """How many letters somebody put into the box of an issue within a day."""
    if member is None:
        return 0
    return Letter.objects.filter(issue=issue, posted_by=member, at__gt=at - timedelta(days=1)).count()


def attached_today(member: Member | None, *, at: datetime) -> attaching.Flood:
    """How much somebody has attached within a day."""
    if member is None:
        return attaching.Flood(0, 0)
    lately = Attachment.objects.filter(author=member, at__gt=at - timedelta(days=1))
    sizes = list(lately.values_list("size", flat=True))
    return attaching.Flood(len(sizes), sum(sizes))


# --- Threads from elsewhere --------------------------------------------------------------------------


def bringing(
    organisation: Organisation, member: Member | None, *, given: int, at: datetime
) -> archives.Bringing:
    """Facts for bringing threads along."""
    return archives.Bringing(
        is_member=member is not None and member.standing == "member",
        founded=organisation.founded_at is not None,
        leads_somewhere=member is not None and leads_on_an_open_issue(member, at=at),
        given=given,
        last_day=ArchivedThread.objects.filter(brought_by=member, at__gt=at - timedelta(days=1)).count(),
    )


def leads_on_an_open_issue(member: Member, *, at: datetime) -> bool:
    """Whether somebody counts as a leader on any issue that is on its way."""
    if not Term.objects.leading().filter(member=member).exists():
        return False
    issues = Issue.objects.filter(organisation=member.organisation_id).open().select_related("unit")
    return any(member.pk in leaders_on(issue, at=at) for issue in issues)


def erasing_archived(archived: ArchivedThread, member: Member | None) -> archives.Erasing:
    """Facts for taking a thread away again."""
    return archives.Erasing(
        own=member is not None and archived.brought_by_id == member.pk and is_led_to(member),
        erased=archived.thread.erased,
    )


# --- Effects -----------------------------------------------------------------------------------------


def ground(
    unit: Unit,
    weight: str,
    declared: Sequence[effects.Effect],
    issue: Issue | None = None,
    *,
    at: datetime | None = None,
) -> effects.Ground:
    """What effects rest on: the posts of their unit, and those that they name, as they stand.

    `issue`: the one they are declared on; none for one that they are raised with. `at`: now, where they are
    to be allowed.
    """
    named = [one.post for one in declared if one.post]
    posts = Post.objects.filter(Q(unit=unit) | Q(pk__in=named), organisation=unit.organisation_id)
    return effects.Ground(
        unit=unit.pk,
        weight=weight,
        posts=[post_now(post) for post in posts.select_related("title").order_by("created_at", "pk")],
        limits=limits_now(unit.organisation_id),
        whole=_whole(unit, declared, issue, at=at) if _beside_posts(declared) else None,
        by_law_outside=any(one.box == "outside" for one in declared)
        and may_be_held_outside(unit.organisation_id),
    )


def _beside_posts(declared: Sequence[effects.Effect]) -> bool:
    return any(one.effect in whole.KINDS for one in declared)


def _whole(
    unit: Unit, declared: Sequence[effects.Effect], issue: Issue | None, *, at: datetime | None
) -> whole.Whole:
    days = any(one.effect in (whole.SET_QUIET_DAYS, whole.SET_VOTING_DAY) for one in declared)
    voting = voting_days(unit.organisation_id) if days else []
    units = list(Unit.objects.filter(organisation=unit.organisation_id).select_related("name"))
    return whole.Whole(
        of_all=unit.parent_id is None,
        for_charter=for_charter(issue) if issue else any(one.effect in whole.ON_CHARTER for one in declared),
        charter=charter_now(unit.organisation_id, members=accepted_count(unit.organisation_id)),
        unit=unit.pk,
        units={one.pk: str(one.name) for one in units},
        gone=frozenset(one.pk for one in units if one.merged_at is not None),
        root=next(one.pk for one in units if one.parent_id is None),
        dues=dues_now(unit.organisation_id),
        zone=unit.organisation.zone if days else "UTC",
        quiet=quiet_days(unit.organisation_id) if days else {},
        voting_day=voting[0].day if voting else 0,
        at=at,
    )


def for_charter(issue: Issue) -> bool:
    """Whether an issue was raised with a change of the charter."""
    first = DraftEffects.objects.filter(draft__issue=issue, draft__first=True, version=1)
    return any(kind in whole.ON_CHARTER for what in first.values_list("what", flat=True) for kind in what)


def post_now(post: Post) -> effects.PostNow:
    wanted = PostWanted(
        title=str(post.title), leading=post.leading, seats=post.seats, term_days=post.term_days,
        pay=post.pay, duty=post.duty, box=post.box,
    )  # fmt: skip
    return effects.PostNow(post.pk, post.unit_id, post.ended_at is not None, wanted)


def effects_of(draft: Draft) -> tuple[effects.Effect, ...]:
    """What the newest version of a draft would change."""
    declared = draft.effects.select_related("effects").filter(version=draft.version).first()
    return effects.read(str(declared.effects)) if declared else ()


def is_asked_about(post: Post) -> bool:
    """Whether a question of the clock is on its way whether to drop a post."""
    running = DraftEffects.objects.filter(
        organisation=post.organisation_id, draft__mover=None, what=[effects.END]
    ).exclude(draft__issue__stage__in=[stage.value for stage in ENDED])
    return any(
        one.post == post.pk
        for declared in running.select_related("effects")
        for one in effects.read(str(declared.effects))
    )


def rounds_nobody_stood(post: Post) -> int:
    """How many rounds of nominations for a post came to nothing, one after the other, up to the latest."""
    latest = Election.objects.filter(post=post, state=State.EMPTY).order_by("-closes_at", "pk").first()
    return empty_rounds(elections.earlier_states(latest)) if latest else 0
