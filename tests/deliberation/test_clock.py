# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock turns the stages: in time, late, after an outage, once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Resolution, StageRow
from kollontai.chapters.deliberation.queries import life_of
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.openrecord.entries import from_bytes

pytestmark = pytest.mark.django_db
ORDER = ["talk", "answer", "reply", "vote"]


def facts(kind):
    rows = EntryRow.objects.filter(kind=kind).order_by("position")
    return [from_bytes(bytes(row.data), row.position) for row in rows]


def test_each_stage_ends_at_eight_in_the_evening_after_its_days(hall):
    issue = hall.stood_in("vote")
    zone = ZoneInfo(hall.world.organisation.zone)
    rows = {row.stage: row for row in StageRow.objects.filter(issue=issue)}
    assert list(rows) == ORDER
    before = None
    for stage, days in zip(ORDER, (10, 3, 3, 7), strict=True):
        row = rows[stage]
        assert row.ends_at.astimezone(zone).strftime("%H:%M") == "20:00"
        assert timedelta(days=days) <= row.ends_at - row.began_at < timedelta(days=days + 1)
        assert before is None or row.began_at == before
        before = row.ends_at
    assert issue.poll.closes_at == rows["vote"].ends_at


def test_a_clock_a_few_minutes_late_adds_no_day(hall):
    issue = hall.talked()
    due = issue.stage_ends_at
    hall.now.move(due + timedelta(minutes=14))
    tick()
    issue = hall.fresh(issue)
    assert issue.stage == "answer"
    assert issue.stage_ends_at == due + timedelta(days=3)
    assert facts("stage.begun")[-1].fact.due == due


def test_after_an_outage_of_weeks_no_stage_is_skipped_and_none_is_short(hall):
    issue = hall.talked()
    hall.now.move(issue.stage_ends_at + timedelta(days=40))
    tick()
    issue = hall.fresh(issue)
    assert issue.stage == "answer"
    assert issue.stage_ends_at >= hall.now.time + timedelta(days=3)
    tick()
    assert hall.fresh(issue).stage == "answer"
    issue = hall.turned(issue)
    assert issue.stage == "reply"


def test_what_a_late_clock_gives_the_leaders_the_members_have_too(hall):
    issue = hall.talked()
    hall.now.move(issue.stage_ends_at + timedelta(minutes=20))
    tick()
    foreseen = {one.stage: one.ends for one in life_of(hall.fresh(issue), list(issue.stages.all()))}
    issue = hall.turned(hall.turned(hall.fresh(issue)))
    had = {row.stage: row.ends_at - row.began_at for row in StageRow.objects.filter(issue=issue)}
    assert had["reply"] >= had["answer"] > timedelta(days=3, hours=23)
    assert foreseen["vote"] == issue.stage_ends_at


def test_an_act_meets_the_stage_that_is_due_even_if_no_clock_came(hall):
    issue = hall.talked()
    hall.now.move(issue.stage_ends_at)
    hall.said("hal", issue)
    assert hall.fresh(issue).stage == "answer"
    stages = [entry.fact.stage for entry in facts("stage.begun")]
    assert stages == ["talk", "answer"]
    assert facts("contribution.made")[-1].fact.stage == "answer"


def test_a_leader_does_not_slip_in_while_the_clock_stands_still(hall, monkeypatch):
    issue = hall.talked()
    hall.now.move(issue.stage_ends_at)
    monkeypatch.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
    monkeypatch.setattr(hall.now, "pass_to", lambda moment: None)
    words = {"issue_id": issue.pk, "stance": "for", "text": "x"}
    assert hall.refused(speak, "hal", **words) == "stage-just-over"
    assert hall.refused(speak, "ada", **words) == "stage-just-over"


def test_the_roll_is_who_belonged_before_the_issue_was_raised(hall):
    world = hall.world
    from kollontai.chapters.bodies.acts.leave import leave
    from kollontai.chapters.members.acts.invite import Invitee, invite
    from kollontai.chapters.members.models import Member

    issue = hall.raised()
    unit = world.unit().pk
    invite(world.actor("ada"), invitees=[Invitee("Zoe", "zoe@example.org", unit)])
    zoe = Member.objects.get(contact__email="zoe@example.org")
    world.people["zoe"] = zoe.pk
    accept_invitation(world.actor("zoe"))
    leave(world.actor("gus"))
    from kollontai.chapters.deliberation.acts.support_issue import support_issue

    support_issue(world.actor("ben"), issue_id=issue.pk)
    issue = hall.turned(hall.turned(hall.turned(hall.fresh(issue))))
    roll = set(issue.poll.voters.values_list("member", flat=True))
    assert roll == set(world.people.values()) - {world.people["zoe"], world.people["gus"]}
    assert hall.refused(cast_ballot, "zoe", poll_id=issue.poll_id, choice="yes") == "not-on-the-roll"


def test_the_roll_of_a_branch_is_the_branch(hall):
    issue = hall.stood_in("vote", by="kit", unit="Ferry Crews")
    roll = set(issue.poll.voters.values_list("member", flat=True))
    assert roll == {hall.world.people[name] for name in ("kit", "lou", "mia", "iva")}


def vote(hall, issue, yes=(), no=(), abstain=()):
    for choice, names in (("yes", yes), ("no", no), ("abstain", abstain)):
        for name in names:
            cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice=choice)


def test_what_carries_is_in_force_at_once_to_the_letter(hall):
    issue = hall.stood_in("vote")
    vote(hall, issue, yes=("ada", "hal"), no=("ben",))
    issue = hall.turned(issue)
    assert (issue.stage, issue.outcome, issue.ended_at) == ("decided", "carried", issue.poll.closed_at)
    resolution = Resolution.objects.get()
    draft = issue.drafts.get()
    assert (resolution.draft, resolution.in_force_at) == (draft, issue.ended_at)
    assert resolution.text == draft.versions.get().text
    assert hall.world.kinds()[-3:] == ["poll.counted", "issue.decided", "resolution.in_force"]
    assert facts("resolution.in_force")[0].fact.text_commitment == draft.versions.get().text.commitment


@pytest.mark.parametrize(
    ("yes", "no"), [((), ()), (("ada",), ()), (("ada", "ben"), ("cleo", "dai")), ((), ("ada",))]
)
def test_without_the_quorum_or_more_yes_than_no_nothing_is_in_force(hall, yes, no):
    issue = hall.stood_in("vote")
    vote(hall, issue, yes=yes, no=no)  # the quorum is two of twelve
    issue = hall.turned(issue)
    assert (issue.stage, issue.outcome) == ("decided", "not-carried")
    assert not Resolution.objects.exists()
    assert facts("issue.decided")[0].fact.draft is None


def test_among_several_drafts_the_chosen_one_is_in_force_or_things_stay(hall):
    issue = hall.talked()
    other = hall.drafted("ben", issue, "cleo")
    issue = hall.turned(hall.turned(hall.turned(issue)))
    first = issue.drafts.get(first=True)
    for name in ("ada", "ben", "cleo"):
        cast_ballot(
            hall.world.actor(name), poll_id=issue.poll_id, ranking=[[other.pk], [first.pk], ["status-quo"]]
        )
    cast_ballot(hall.world.actor("dai"), poll_id=issue.poll_id, ranking=[["status-quo"]])
    issue = hall.turned(issue)
    assert (issue.outcome, issue.poll.outcome) == ("carried", other.pk)
    assert str(Resolution.objects.get().text) == "1. Mend it."

    again = hall.talked("ada")
    hall.drafted("ben", again, "cleo")
    again = hall.turned(hall.turned(hall.turned(again)))
    for name in ("ada", "ben", "cleo"):
        cast_ballot(hall.world.actor(name), poll_id=again.poll_id, ranking=[["status-quo"]])
    again = hall.turned(again)
    assert (again.outcome, again.poll.outcome) == ("not-carried", "status-quo")
    assert Resolution.objects.count() == 1


def test_when_everybody_has_voted_the_decision_falls_at_once(hall):
    issue = hall.stood_in("vote")
    hall.now.pass_days(1)
    vote(hall, issue, yes=hall.world.people)
    tick()
    issue = hall.fresh(issue)
    assert (issue.stage, issue.outcome, issue.ended_at) == ("decided", "carried", hall.now.time)
    hall.now.pass_days(10)
    assert len(facts("poll.counted")) == 3  # two confirmations and this


def test_a_late_tick_lets_no_vote_in(hall, monkeypatch):
    issue = hall.stood_in("vote")
    hall.now.move(issue.stage_ends_at)
    monkeypatch.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
    monkeypatch.setattr(hall.now, "pass_to", lambda moment: None)
    assert hall.refused(cast_ballot, "ada", poll_id=issue.poll_id, choice="yes") == "vote-closed"
