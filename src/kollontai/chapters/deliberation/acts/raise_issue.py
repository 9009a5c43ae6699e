# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put an issue before one's unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from kollontai.chapters.bodies.queries import leaders_between, nobody_silenced
from kollontai.chapters.deliberation import facts, rules, steps, weighing
from kollontai.chapters.deliberation.effects import Effect, any_needs_long_times, may_declare, tidied
from kollontai.chapters.deliberation.finding import the_actor
from kollontai.chapters.deliberation.models import Issue, Supporter
from kollontai.chapters.deliberation.stages import Stage
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.record.act import Act, Refusal, Refused, act, require
from kollontai.ids import new_id
from kollontai.openrecord.kinds.issues import IssueRaised, IssueSupported
from kollontai.openrecord.kinds.raising import IssueRaisedFor


@act(locks=lambda given: ["issues"])
def raise_issue(
    this: Act,
    *,
    unit_id: str,
    title: str,
    text: str,
    draft_title: str,
    draft_text: str,
    big: bool = False,
    effects: Sequence[Effect] = (),
    body_id: str = "",
) -> Issue:
    """Put an issue before the members of one's unit, with a first draft. Article 2.

    `text` says why. `big` asks for the long times of a big decision; nobody can ask for shorter ones. The
    limits of this day are copied into the issue for its whole life. `effects`: what the first draft would
    change by itself; what needs the long times gets them, in a unit of one's own too.

    `body_id`: a post with several seats that one holds; then it is raised in the name of that body, as
    briefly as a leader raises anything. Whoever raises it answers for it, and is no less a leader for that.
    """
    text, draft_text = rules.tidy(text), rules.tidy(draft_text)
    unit = Unit.objects.living().filter(organisation=this.organisation_id, pk=unit_id).first()
    if unit is None:
        raise Refused(Refusal("unit-unknown", rules.ARTICLE))
    member = the_actor(this)
    all_led = nobody_silenced(unit, raised_at=this.at)
    leads = not all_led and this.actor in leaders_between(unit, this.at, this.at)
    declared = tidied(effects)
    weight = weighing.weight_for(unit, declared, big=big)
    ground = facts.ground(unit, weight, declared, at=this.at)
    for refusal in (
        rules.usable_title(title),
        rules.usable_text(text),
        rules.usable_title(draft_title),
        rules.usable_text(draft_text),
        rules.may_raise(
            facts.raising(
                this.organisation,
                member,
                unit,
                weight=weight,
                text_length=len(text) + len(draft_text),
                leads=leads,
                long_times=any_needs_long_times(declared, ground),
                body_id=body_id,
                at=this.at,
            )
        ),
        may_declare(declared, ground),
    ):
        require(refusal)

    limits = limits_now(this.organisation_id)
    fact = IssueRaised(
        issue=new_id(),
        number=Issue.objects.filter(organisation=this.organisation_id).count() + 1,
        unit=unit.pk,
        weight=weight,
        by_leader=leads,
        needed=rules.supporters_needed(accepted_in(unit).count(), limits),
        lapses_at=this.at + timedelta(days=limits["L.lapse"]),
        limits=steps.limits_kept(this, weight),
    )
    words = this.record(fact, title=title.strip(), text=text)
    issue = Issue.objects.create(
        id=fact.issue,
        organisation_id=this.organisation_id,
        number=fact.number,
        unit=unit,
        raised_by_id=this.actor,
        by_leader=leads,
        for_body_id=body_id or None,
        weight=weight,
        limits=dict(fact.limits),
        title=words["title"],
        text=words["text"],
        needed=fact.needed,
        raised_at=this.at,
        all_led=all_led,
        stage=Stage.GATHERING.value,
        stage_began_at=this.at,
        stage_ends_at=fact.lapses_at,
    )
    this.deadline("deliberation.lapse", subject=issue.pk, due=fact.lapses_at)
    steps.put_draft(
        this, issue, title=draft_title.strip(), text=draft_text, first=True, leads=leads, declared=declared
    )
    if body_id:
        this.record(IssueRaisedFor(issue=issue.pk, body=body_id))
    if not leads:
        Supporter.objects.create(
            organisation_id=this.organisation_id, issue=issue, member_id=this.actor, at=this.at
        )
        this.record(IssueSupported(issue=issue.pk))
        steps.begin_talk_when_enough(this, issue)
    return issue
