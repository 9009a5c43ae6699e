# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hall with issues in it, built by acts: ten people, a chair over all, a convenor in one branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Contribution, Draft, Issue
from kollontai.chapters.record.act import Actor
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refusal, Refused
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.world import World, founded, founders, held_by

MEMBERS = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus")
FERRY = ("kit", "lou", "mia", "iva")
"""Members of a branch; iva leads in it."""
CHAIR = "hal"
"""Leads over all."""


@dataclass
class Hall:
    """The organisation, with short ways to what tests do."""

    world: World
    now: Any

    def raised(self, by: str = "ada", unit: str = "", **given: Any) -> Issue:
        """An issue, just raised."""
        words = {
            "title": "A kettle",
            "text": "The old one leaks.",
            "draft_title": "Buy one",
            "draft_text": "1. We buy a kettle.",
        }
        issue: Issue = raise_issue(
            self.world.actor(by), unit_id=self.world.unit(unit).pk, **{**words, **given}
        ).value
        return issue

    def talked(self, by: str = "ada", unit: str = "", **given: Any) -> Issue:
        """An issue in the members' talk."""
        issue = self.raised(by, unit, **given)
        supporters = [name for name in (FERRY[:3] if unit else MEMBERS) if name != by]
        for name in supporters:
            if self.fresh(issue).stage == "gathering":
                support_issue(self.world.actor(name), issue_id=issue.pk)
        return self.fresh(issue)

    def stood_in(self, stage: str, **given: Any) -> Issue:
        """An issue in a stage, reached by the clock."""
        issue = self.raised(**given) if stage == "gathering" else self.talked(**given)
        if stage == "lapsed":
            raise AssertionError("let an issue lapse in the test itself")
        while issue.stage != stage:
            issue = self.turned(issue)
        return issue

    def turned(self, issue: Issue) -> Issue:
        """The issue after its present stage has run out."""
        ends = self.fresh(issue).stage_ends_at
        assert ends is not None
        self.now.pass_to(ends)
        return self.fresh(issue)

    def fresh(self, issue: Issue) -> Issue:
        """The issue as it stands now."""
        return Issue.objects.get(pk=issue.pk)

    def said(
        self, by: str, issue: Issue, stance: str = "for", text: str = "It leaks.", **more: Any
    ) -> Contribution:
        """Something said."""
        made: Contribution = speak(
            self.world.actor(by), issue_id=issue.pk, stance=stance, text=text, **more
        ).value
        return made

    def drafted(self, by: str, issue: Issue, *supporters: str, title: str = "Mend it") -> Draft:
        """A draft, with those who want it on the ballot."""
        draft: Draft = put_draft(
            self.world.actor(by), issue_id=issue.pk, title=title, text=f"1. {title}."
        ).value
        for name in supporters:
            support_draft(self.world.actor(name), draft_id=draft.pk)
        return draft

    def refusal(self, act: Any, by: str, **given: Any) -> Refusal:
        """What an act refused with; nothing was changed by it."""
        self.now.pass_to(self.now.time)  # what is due is no part of the act
        before = EntryRow.objects.count()
        with pytest.raises(Refused) as refused:
            act(self.world.actor(by), **given)
        assert EntryRow.objects.count() == before
        return refused.value.refusal

    def refused(self, act: Any, by: str, **given: Any) -> str:
        """The code of a refusal."""
        return self.refusal(act, by, **given).code


@prepared.once
def opened_hall(now: Any, *, seated: bool = True, old_end: datetime | None = None) -> Hall:
    """The hall; `seated`: the confirmations are through, so that hal and iva lead."""
    claim = {"old_end": old_end} if old_end else {}
    world = founded(
        listed=(*founders(*FERRY, unit="Ferry Crews"), *founders(*MEMBERS, CHAIR)),
        units=("Ferry Crews",),
        posts=(
            held_by(CHAIR, claim=claim),
            held_by("iva", title="Convenor", unit="Ferry Crews"),
        ),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    for poll in Poll.objects.filter(about="confirmation"):
        # Whoever signed after the founding is a founder, but came too late for this roll.
        for voter in poll.voters.exclude(member__in=[world.people[CHAIR], world.people["iva"]])[:3]:
            cast_ballot(Actor(world.id, voter.member_id, "code"), poll_id=poll.pk, choice="yes")
    if seated:
        now.pass_days(8)
    else:
        now.move(timedelta(minutes=1) + now.time)
    return Hall(world, now)
