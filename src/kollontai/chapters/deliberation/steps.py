# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several acts of this chapter do to rows: begin a stage, put a draft, open statements and votes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from kollontai.chapters.bodies import steps as bodies
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.bodies.queries import nobody_silenced
from kollontai.chapters.charter.calendar import NO_TIME, next_begins
from kollontai.chapters.charter.queries import days_now
from kollontai.chapters.deliberation import (
    amendment_steps,
    attaching,
    changes,
    comparing,
    effects,
    facts,
    foreseeing,
    majority,
    rules,
    timetable,
    whole,
    wholewords,
    words,
)
from kollontai.chapters.deliberation.attaching import Attached, Plain
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    AmendmentSupporter,
    Attachment,
    Contribution,
    ContributionVersion,
    Draft,
    DraftEffects,
    DraftSupporter,
    DraftVersion,
    Issue,
    StageRow,
    Statement,
    Supporter,
)
from kollontai.chapters.deliberation.stages import ENDED, TIMED, Stage, days_key
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.record.act import Act, require
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting import steps as voting
from kollontai.chapters.voting.choices import YES_NO
from kollontai.chapters.voting.models import Poll
from kollontai.ids import new_id
from kollontai.openrecord.kinds.attachments import AttachmentMade
from kollontai.openrecord.kinds.issues import (
    DraftPut,
    DraftRevised,
    EffectsDeclared,
    IssueLapsed,
    QuestionPut,
    StageBegun,
)
from kollontai.openrecord.kinds.talk import StatementOpened

STATUS_QUO = "status-quo"


def begin_stage(this: Act, issue: Issue, stage: Stage, *, due: datetime | None) -> None:
    """Let a stage begin, with its end set by the limits the issue was born with."""
    begins = this.at if due is None else next_begins(due, this.at)
    days = days_now(this.organisation)
    ends = timetable.ends(
        stage,
        begins,
        weight=issue.weight,
        limits=foreseeing.limits_of(issue),
        days=days,
        shortened=issue.shortened_at is not None,
        leaders_had=foreseeing.leaders_had(issue, days) if stage is Stage.REPLY else NO_TIME,
    )
    issue.stage = stage.value
    issue.stage_began_at = this.at
    issue.stage_ends_at = ends.at
    if stage is Stage.REPLY:
        issue.drafts_close_at = rules.middle(begins, ends.own)
    issue.save(update_fields=["stage", "stage_began_at", "stage_ends_at", "drafts_close_at"])
    StageRow.objects.update_or_create(
        organisation_id=this.organisation_id,
        issue=issue,
        stage=stage.value,
        defaults={"began_at": this.at, "ends_at": issue.stage_ends_at},
    )
    this.record(
        StageBegun(
            issue=issue.pk,
            stage=stage.value,
            ends_at=issue.stage_ends_at,
            due=due,
            drafts_close_at=issue.drafts_close_at if stage is Stage.REPLY else None,
        )
    )
    if stage is not Stage.VOTE:
        this.deadline("deliberation.advance", subject=issue.pk, due=issue.stage_ends_at)


def begin_talk_when_enough(this: Act, issue: Issue) -> None:
    """With the last supporter needed the talk begins; nobody decides whether."""
    leaders = facts.leaders_on(issue, at=this.at)
    standing = issue.supporters.filter(withdrawn_at=None).exclude(member__in=leaders)
    if standing.count() >= comparing.needed_to_talk(issue):
        this.cancel_deadlines("deliberation.lapse", subject=issue.pk)
        begin_stage(this, issue, Stage.TALK, due=None)


def support_issue(this: Act, issue: Issue, member_id: str, *, write_in: str = "") -> Supporter:
    """Put a member behind an issue, also where they had stepped back; `write_in`: by another's hand."""
    standing = {"at": this.at, "withdrawn_at": None, "write_in": write_in}
    supporter, _ = Supporter.objects.update_or_create(
        issue=issue, member_id=member_id, defaults={"organisation_id": this.organisation_id, **standing}
    )
    return supporter


def support_by_write_in(this: Act, what: Issue | Draft | Amendment, member_id: str, write_in: str) -> None:
    """Put a member behind something by another's hand."""
    given = {"organisation_id": this.organisation_id, "at": this.at, "write_in": write_in}
    if isinstance(what, Issue):
        support_issue(this, what, member_id, write_in=write_in)
    elif isinstance(what, Draft):
        DraftSupporter.objects.create(draft=what, member_id=member_id, **given)
    else:
        AmendmentSupporter.objects.create(amendment=what, member_id=member_id, **given)


def take_support_back(this: Act, issue: Issue, to: str, of: str, *, write_in: str) -> None:
    """Let support that came by a write-in count no longer.

    That of drafts and amendments has done its work when the paper is frozen, and then stays where it is.
    """
    if to == "issue":
        Supporter.objects.filter(issue=of, write_in=write_in).update(withdrawn_at=this.at)
    elif Stage(issue.stage) not in (*ENDED, Stage.VOTE):
        model = DraftSupporter if to == "draft" else AmendmentSupporter
        model._default_manager.filter(write_in=write_in).delete()


def put_words(
    this: Act,
    issue: Issue,
    contribution_id: str,
    *,
    author: str,
    stance: str,
    answers: Contribution | None,
    as_leader: bool,
    said: Mapping[str, Content],
    written_by: str | None = None,
) -> Contribution:
    """Put somebody's words into the talk, their first version with them; `written_by`: another's hand."""
    contribution = Contribution.objects.create(
        id=contribution_id,
        organisation_id=this.organisation_id,
        issue=issue,
        author_id=author,
        form="voice",
        stage=issue.stage,
        stance=stance,
        as_leader=as_leader,
        answers=answers,
        at=this.at,
        written_by_id=written_by,
    )
    ContributionVersion.objects.create(
        organisation_id=this.organisation_id, contribution=contribution, version=1, at=this.at, **said
    )
    return contribution


def disown(this: Act, contribution_id: str) -> None:
    """Mark words that another put down as not their author's."""
    mine = Contribution.objects.filter(organisation=this.organisation_id, pk=contribution_id)
    mine.update(disowned_at=this.at)


def put_draft(
    this: Act,
    issue: Issue,
    *,
    title: str,
    text: str,
    first: bool,
    leads: bool,
    declared: Sequence[Effect] = (),
) -> Draft:
    """Lay a draft beside the others; its mover stands behind it unless they lead."""
    fact = DraftPut(draft=new_id(), issue=issue.pk, first=first)
    said = this.record(fact, title=title, text=text)
    draft = _draft_row(this, issue, fact.draft, first=first, mover=this.actor, said=said)
    declare(this, draft, declared)
    comparing.say_again(this, draft)
    if not leads:
        DraftSupporter.objects.create(
            organisation_id=this.organisation_id, draft=draft, member_id=this.actor, at=this.at
        )
    return draft


def revise_draft(this: Act, draft: Draft, *, title: str, text: str, declared: Sequence[Effect]) -> None:
    """Put a draft anew; every earlier version stays readable."""
    draft.version += 1
    draft.save(update_fields=["version"])
    fact = DraftRevised(draft=draft.pk, issue=draft.issue_id, version=draft.version)
    said = this.record(fact, title=title, text=text)
    DraftVersion.objects.create(
        organisation_id=this.organisation_id, draft=draft, version=draft.version, at=this.at, **said
    )
    declare(this, draft, declared)
    comparing.say_again(this, draft)


def _draft_row(
    this: Act, issue: Issue, draft_id: str, *, first: bool, mover: str | None, said: Mapping[str, Content]
) -> Draft:
    draft = Draft.objects.create(
        id=draft_id,
        organisation_id=this.organisation_id,
        issue=issue,
        letter=rules.letter(issue.drafts.count()),
        mover_id=mover,
        first=first,
        put_at=this.at,
    )
    DraftVersion.objects.create(
        organisation_id=this.organisation_id, draft=draft, version=1, at=this.at, **said
    )
    return draft


# --- Effects -----------------------------------------------------------------------------------------


def declare(this: Act, draft: Draft, declared: Sequence[Effect]) -> None:
    """Put it down what the newest version of a draft would change, directly after its words."""
    if not declared:
        return
    what = [one.effect for one in declared]
    fact = EffectsDeclared(draft=draft.pk, version=draft.version, what=tuple(what))
    DraftEffects.objects.create(
        organisation_id=this.organisation_id,
        draft=draft,
        version=draft.version,
        what=what,
        effects=this.record(fact, effects=effects.write(declared))["effects"],
    )


def do_effects(this: Act, draft: Draft) -> None:
    """Do what a draft that carried declares, in order. What has become impossible is passed over in public:
    everybody can ask the same rules, with the posts as the record has them here."""
    issue = draft.issue
    if issue.poll is not None and issue.poll.unit_id != issue.unit_id:
        return  # its unit became part of another while it voted, and does not reach into that one
    this.lock("posts")
    for one in facts.effects_of(draft):
        ground = facts.ground(issue.unit, issue.weight, [one], issue, at=this.at)
        if effects.may_take_effect(one, ground) is not None:
            continue
        if one.effect in whole.KINDS:
            changes.do(this, draft, one)
            continue
        before = ground.post(one.post)
        by = {"issue_id": issue.pk, "draft_id": draft.pk}
        if before is None:
            bodies.create_post(this, effects.after(one, None), unit=issue.unit, **by)
            continue
        post = Post.objects.select_related("title").get(pk=before.post)
        if one.effect == effects.END:
            bodies.end_post(this, post, **by)
        else:
            bodies.change_post(this, post, effects.after(one, before), **by)


def what_it_would_change(draft: Draft) -> dict[str, object]:
    """The effects of a draft for its ballot paper: as they stand on the record, and in words."""
    declared = facts.effects_of(draft)
    if not declared:
        return {}
    ground = facts.ground(draft.issue.unit, draft.issue.weight, declared, draft.issue)
    sentences = []
    for one in declared:
        if one.effect in whole.KINDS:
            assert ground.whole is not None
            sentences.append(wholewords.would_change(one, ground.whole))
            continue
        before = ground.post(one.post)
        sentences.append(words.would_change(one, before.wanted if before else None))
    return {"effects": [one.plain() for one in declared], "would_change": sentences}


# --- Files that come with words ----------------------------------------------------------------------


def plain_files(files: Sequence[Attached], member: Member | None, *, at: datetime) -> list[Plain]:
    """The files as they are to be kept; Refused says why one, or so many, cannot be."""
    kept = attaching.tidy(files)
    require(attaching.may_attach(kept, facts.attached_today(member, at=at)))
    return kept


def attach(this: Act, issue: Issue, to: str, of: str, files: Sequence[Plain], *, version: int = 0) -> None:
    """Keep files with the words that were just put down; with `version`, a draft put anew."""
    for one in files:
        fact = AttachmentMade(
            attachment=new_id(),
            issue=issue.pk,
            to="version" if version else to,
            of=of,
            form=one.form,
            size=len(one.data),
        )
        said = this.record(fact, name=one.name, file=base64.b64encode(one.data).decode())
        Attachment.objects.create(
            id=fact.attachment,
            organisation_id=this.organisation_id,
            issue=issue,
            author_id=this.actor,
            form=one.form,
            size=len(one.data),
            at=this.at,
            version=version,
            **{f"{to}_id": of},
            **said,
        )


# --- Questions put by the clock ----------------------------------------------------------------------


def put_question(
    this: Act,
    *,
    why: str,
    subject: str,
    unit: Unit,
    weight: str,
    title: str,
    text: str,
    due: datetime,
    declared: Sequence[Effect] = (),
) -> Issue:
    """Put a question before the members because the articles say so; the members' talk begins at once.

    Its words are its first draft, which nobody moved. It needs no supporters; a draft put beside it needs as
    many as on any issue.
    """
    fact = QuestionPut(
        issue=new_id(),
        number=Issue.objects.filter(organisation=this.organisation_id).count() + 1,
        unit=unit.pk,
        weight=weight,
        why=why,
        subject=subject,
        draft=new_id(),
        limits=limits_kept(this, weight),
        due=due,
    )
    said = this.record(fact, title=title, text=text)
    issue = Issue.objects.create(
        id=fact.issue,
        organisation_id=this.organisation_id,
        number=fact.number,
        unit=unit,
        by_leader=False,
        weight=weight,
        limits=dict(fact.limits),
        title=said["title"],
        text=said["text"],
        needed=rules.supporters_needed(accepted_in(unit).count(), limits_now(this.organisation_id)),
        raised_at=this.at,
        all_led=nobody_silenced(unit, raised_at=this.at),
        stage=Stage.TALK.value,
        stage_began_at=this.at,
    )
    draft = _draft_row(this, issue, fact.draft, first=True, mover=None, said=said)
    declare(this, draft, declared)
    if why == "petition":
        comparing.say_again(this, draft)
    begin_stage(this, issue, Stage.TALK, due=due)
    return issue


def limits_kept(this: Act, weight: str) -> dict[str, int]:
    """The limits of this day that an issue of this weight keeps for its whole life."""
    limits = limits_now(this.organisation_id)
    kept = {*(days_key(stage, weight) for stage in TIMED), "D9.ordinary", "D10.again", "D10.share", "L.lapse"}
    kept.add(majority.IN_UNIT)
    if weight != "big":
        kept |= {
            *map(timetable.hours_key, TIMED),
            *(f"N.shorten_{one}" for one in ("share", "least", "year")),
        }
    kept |= {"N.call_big"} if weight != "big" else {"C1.num", "C1.den", "D9.charter", "R1.before"}
    return {key: limits[key] for key in sorted(kept)}


# --- Statements and the vote -------------------------------------------------------------------------


def open_statements(this: Act, issue: Issue, *, due: datetime) -> None:
    """Open every sealed statement, by the clock and for all at once."""
    for statement in Statement.objects.filter(issue=issue, opened_at=None).order_by("sealed_at", "pk"):
        this.release(statement.pk)
        statement.opened_at = this.at
        statement.save(update_fields=["opened_at"])
        this.record(StatementOpened(statement=statement.pk, issue=issue.pk, due=due))


def newest(draft: Draft) -> DraftVersion:
    """The words of a draft as they stand."""
    return draft.versions.select_related("title", "text").get(version=draft.version)


def open_vote_or_lapse(this: Act, issue: Issue, *, due: datetime) -> None:
    """Freeze the drafts and open the vote on them; without any draft left the issue lapses."""
    chosen = amendment_steps.offered(issue, facts.leaders_on(issue, at=this.at), at=this.at)
    if not chosen:
        lapse(this, issue, why="no-draft", due=due)
        return
    begin_stage(this, issue, Stage.VOTE, due=due)
    assert issue.stage_ends_at is not None
    alternatives = amendment_steps.write_out(this, issue, chosen, due=due)
    shown = [
        (Draft.objects.get(pk=one.draft), alternative)
        for one, alternative in zip(chosen, alternatives, strict=True)
    ]
    ids = [alternative.pk if alternative else draft.pk for draft, alternative in shown]
    rule = majority.for_vote(issue, opens_at=this.at, founded_at=this.organisation.founded_at)
    roll = accepted_in(issue.unit, joined_before=rule.joined_before)
    single = len(shown) == 1
    poll = voting.open_poll(
        this,
        about="issue",
        subject=issue.pk,
        unit=issue.unit,
        form="yes_no" if single else "ranked",
        options=YES_NO if single else [*ids, STATUS_QUO],
        status_quo=None if single else STATUS_QUO,
        paper=paper(issue, shown),
        roll=sorted(roll.values_list("pk", flat=True)),
        quorum_bp=rule.quorum_bp,
        majority=rule.majority,
        more_than=rule.more_than,
        closes_at=issue.stage_ends_at,
        close_act="deliberation.conclude",
        due=due,
    )
    issue.poll = poll
    issue.save(update_fields=["poll"])


def paper(issue: Issue, shown: Sequence[tuple[Draft, Alternative | None]]) -> str:
    """The ballot paper: texts to the letter and what each would change, drafts in the order they were put.

    An alternative names its draft, the version it was applied to and the numbers of its amendments. One text
    alone is asked about with yes and no; several stand beside the status quo as options.
    """
    options = [_on_paper(draft, alternative) for draft, alternative in shown]
    single = len(options) == 1
    whole = {
        "about": "issue",
        "issue": issue.pk,
        "title": str(issue.title),
        "draft": options[0] if single else None,
        "options": [{"id": option} for option in YES_NO] if single else [*options, {"id": STATUS_QUO}],
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def _on_paper(draft: Draft, alternative: Alternative | None) -> dict[str, object]:
    said = draft.versions.select_related("title", "text").get(
        version=alternative.version if alternative else draft.version
    )
    text = alternative.text if alternative else said.text
    option: dict[str, object] = {
        "id": alternative.pk if alternative else draft.pk,
        "letter": draft.letter,
        "version": said.version,
        "title": str(said.title),
        "text": str(text),
        "text_commitment": text.commitment,
        **what_it_would_change(draft),
    }
    if alternative is not None:
        numbers = dict(draft.amendments.values_list("pk", "number"))
        option["draft"] = draft.pk
        option["amendments"] = sorted(numbers[one] for one in alternative.amendments)
    return option


def asked_about(poll: Poll) -> str:
    """The id of the draft, or of the alternative, on the paper of a yes/no vote."""
    return str(json.loads(str(poll.paper))["draft"]["id"])


def lapse(this: Act, issue: Issue, *, why: str, due: datetime) -> None:
    """End an issue without a vote, in public."""
    issue.stage = Stage.LAPSED.value
    issue.outcome = "lapsed"
    issue.stage_began_at = this.at
    issue.stage_ends_at = None
    issue.ended_at = this.at
    issue.save(update_fields=["stage", "outcome", "stage_began_at", "stage_ends_at", "ended_at"])
    this.record(IssueLapsed(issue=issue.pk, why=why, due=due))
    ask_when_it_came(this, issue)


def ask_when_it_came(this: Act, issue: Issue) -> None:
    """After an issue that members shortened has ended the clock asks when the letter came."""
    if issue.shortened_at is not None:
        this.deadline("deliberation.ask_when_it_came", subject=issue.pk, due=this.at)
