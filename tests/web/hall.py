# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hall to walk through: members, a leader, a stranger, and an issue that can be moved on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from kollontai import clock
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.world import World, founded, founders, held_by

BACKEND = "kollontai.chapters.accounts.backend.SignedIn"
NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "hal", "ida", "jon", "kim", "leo")
LEADER = "hal"


@dataclass
class Hall:
    """An organisation whose leader is confirmed, and the doors to it."""

    world: World
    now: Any

    def enter(self, name: str = "") -> Client:
        """A browser: signed in as somebody, or a stranger's."""
        client = Client()
        if name:
            client.force_login(account_for(f"{name}@example.org", at=clock.now()), backend=BACKEND)
        return client

    def issue(self) -> Issue:
        """An issue that gathers supporters, raised by ada."""
        return raise_issue(
            self.world.actor("ada"), unit_id=self.world.unit().pk,
            title="A kettle", text="The old one **leaks**.",
            draft_title="Buy one", draft_text="We buy a kettle.\nIt costs 30 at most.",
        ).value  # fmt: skip

    def at_talk(self) -> Issue:
        """An issue the members talk over."""
        return self.move_on(self.issue(), "talk")

    def at(self, stage: str) -> Issue:
        """An issue in a stage."""
        return self.move_on(self.issue(), stage)

    def move_on(self, issue: Issue, stage: str) -> Issue:
        """Let an issue come to a stage: by supporters, by the clock, by four votes."""
        for name in ("ben", "cleo"):
            issue = Issue.objects.get(pk=issue.pk)
            if issue.stage == "gathering" != stage:
                support_issue(self.world.actor(name), issue_id=issue.pk)
        issue = Issue.objects.get(pk=issue.pk)
        while issue.stage != stage:
            if issue.stage == "vote":
                for name in ("ada", "ben", "cleo", LEADER):
                    cast_ballot(self.world.actor(name), poll_id=issue.poll_id, choice="yes")
            self.now.pass_to(issue.stage_ends_at)
            issue = Issue.objects.get(pk=issue.pk)
        return issue


@prepared.once
def built(now: Any) -> Hall:
    """A founded organisation with a confirmed chair."""
    world = founded(
        listed=founders(*NAMES), posts=(held_by(LEADER),), units=(), words="We keep the *harbour*."
    )
    now.pass_days(0.01)
    poll = Poll.objects.get(about="confirmation")
    for name in ("ada", "ben", "cleo"):
        cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    now.pass_days(7)
    return Hall(world, now)


def form_key(page: str) -> str:
    """The key of the form on a page."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1]
