# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people join when a vote has moved the days for it, or the house has grown: asked of acts and of the auditor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch import vouch
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.ids import new_id
from tests.world import World, founded

pytestmark = pytest.mark.django_db


def moved(world: World, now: Any, *effects: Effect) -> None:
    """The charter after votes on each of these, one after the other."""
    first, *others = ("ada", "ben", "cleo")
    for number, effect in enumerate(effects):
        issue = raise_issue(
            world.actor(first), unit_id=world.unit().pk, title=f"Joining {number}", text="Why.",
            draft_title=f"So {number}", draft_text="1. So.", effects=[effect],
        ).value  # fmt: skip
        for name in others:
            if Issue.objects.get(pk=issue.pk).stage == "gathering":
                support_issue(world.actor(name), issue_id=issue.pk)
        while (issue := Issue.objects.get(pk=issue.pk)).stage != "decided":
            if issue.stage == "vote":
                for name in (first, *others):
                    cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
            assert issue.stage_ends_at is not None
            now.pass_to(issue.stage_ends_at)
        assert issue.outcome == "carried"


def limit(key: str, value: int) -> Effect:
    return Effect("set_limit", key=key, value=value)


def asked(world: World, name: str) -> datetime:
    """Somebody asks to join; until when they wait."""
    world.people[name] = new_id()
    apply(world.actor(name), unit_id=world.unit().pk, name=name.title(), email=f"{name}@example.org")
    until = world.member(name).admit_at
    assert until is not None
    return until


def test_a_small_house_that_has_grown_waits_and_vouches_as_a_large_one(now: Any) -> None:
    world = founded(preset="small", joining="vouched")
    now.move(minutes=5)
    moved(world, now, limit("J.wait", 3), limit("J.standing", 30))
    assert asked(world, "eve") == now.time + timedelta(days=3)
    vouch(world.actor("ada"), member_id=world.people["eve"])
    vouch(world.actor("ben"), member_id=world.people["eve"])
    now.pass_days(3)
    joined = world.member("eve").joined_at
    assert joined == now.time

    world.move_in([f"m{number}" for number in range(45)])  # fifty with the five that were there
    now.pass_to(joined + timedelta(days=40))
    assert asked(world, "fay") == now.time + timedelta(days=7)
    with pytest.raises(Refused) as error:
        vouch(world.actor("eve"), member_id=world.people["fay"])
    assert error.value.refusal.until == joined + timedelta(days=90)
    now.pass_to(joined + timedelta(days=90))
    vouch(world.actor("eve"), member_id=world.people["fay"])
    vouch(world.actor("cleo"), member_id=world.people["fay"])
    assert world.member("fay").standing == "member"


def test_whoever_had_moved_in_before_the_days_for_it_were_cut_did_right(now: Any) -> None:
    world = founded()
    now.pass_days(20)
    world.move_in(["eve"])
    moved(world, now, limit("J.moving_in", 10))
    [fay] = invite(world.actor("ada"), invitees=[Invitee("Fay", "fay@example.org", world.unit().pk)]).value
    world.people["fay"] = fay.pk
    accept_invitation(world.actor("fay"))
    assert (world.member("eve").standing, fay.ground) == ("member", "invitation")
    assert world.member("fay").standing == "applicant"
