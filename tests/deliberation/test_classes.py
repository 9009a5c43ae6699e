# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which matters become big decisions, and the ways somebody may try round it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import weighing
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import StageRow
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.record.models import Deadline
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.test_charter import EVERYBODY, limit

pytestmark = pytest.mark.django_db
LIMITS = articles.read().defaults("normal")
WORDS = {"title": "Another way", "text": "1. Otherwise."}
SCRIBE = Effect("create_post", title="Scribe", seats=1, term_days=365, duty="specialist")
POET = Effect("create_post", title="Poet", seats=1, term_days=365, duty="specialist")
TREASURER = Effect("create_post", title="Treasurer", leading=True, seats=1, term_days=365)


def test_enough_members_make_it_big_and_the_talk_begins_anew_in_full(hall):
    issue = hall.talked()
    hall.said("ada", issue)
    hall.now.pass_days(4)
    call_big(hall.world.actor("eva"), issue_id=issue.pk)
    assert hall.fresh(issue).weight == "ordinary"
    call_big(hall.world.actor("finn"), issue_id=issue.pk)
    assert hall.world.kinds()[-4:] == [
        "issue.called_big", "issue.called_big", "issue.made_big", "stage.begun"
    ]  # fmt: skip
    issue = hall.fresh(issue)
    assert (issue.weight, issue.stage, issue.made_big_why) == ("big", "talk", "members")
    assert issue.stage_began_at == hall.now.time == issue.made_big_at
    assert issue.stage_ends_at - hall.now.time >= timedelta(days=LIMITS["D1.big"])
    assert issue.limits["D5.big"] == LIMITS["D5.big"]
    assert StageRow.objects.get(issue=issue).ends_at == issue.stage_ends_at
    assert Deadline.objects.get(subject=issue.pk, done_at=None).due == issue.stage_ends_at
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert (issue.stage, issue.poll.quorum_bp) == ("vote", LIMITS["D9.ordinary"])


def test_what_an_issue_was_born_with_stays_when_it_is_made_big(hall):
    quorum = limit("D9.ordinary", 2_000)
    vote = hall.stood_in("vote", effects=[quorum])
    for name in EVERYBODY[:8]:
        cast_ballot(hall.world.actor(name), poll_id=vote.poll_id, choice="yes")
    hall.now.pass_to(vote.stage_ends_at - timedelta(days=1))
    issue = hall.talked(title="Mugs", draft_text="1. Everybody has a mug of their own.")
    hall.turned(vote)
    assert limits_now(hall.world.id)["D9.ordinary"] == 2_000
    for name in ("eva", "finn"):
        call_big(hall.world.actor(name), issue_id=issue.pk)
    issue = hall.fresh(issue)
    assert (issue.weight, issue.limits["D9.ordinary"]) == ("big", LIMITS["D9.ordinary"])


def test_a_unit_calls_its_own_matter_big(hall):
    issue = hall.talked("kit", "Ferry Crews")
    for name in ("kit", "lou"):
        call_big(hall.world.actor(name), issue_id=issue.pk)
    assert hall.fresh(issue).weight == "big"


def test_who_may_not_call_it_big(hall):
    issue = hall.talked()
    assert hall.refused(call_big, "hal", issue_id=issue.pk) == "leaders-do-not-call-big"
    ferry = hall.talked("kit", "Ferry Crews")
    assert hall.refused(call_big, "ada", issue_id=ferry.pk) == "another-unit"
    assert hall.refused(call_big, "iva", issue_id=ferry.pk) == "leaders-do-not-call-big"
    assert hall.refused(call_big, "ada", issue_id="nothing") == "no-such-issue"
    call_big(hall.world.actor("ada"), issue_id=issue.pk)
    assert hall.refused(call_big, "ada", issue_id=issue.pk) == "called-big-already"


def test_when_it_may_not_be_called_big(hall):
    gathering = hall.raised("ben")
    assert hall.refused(call_big, "ada", issue_id=gathering.pk) == "still-gathering"
    issue = hall.talked()
    until = weighing.call_until(issue)
    assert until - issue.stage_began_at >= timedelta(days=LIMITS["N.call_big"])
    hall.now.pass_to(until - timedelta(minutes=1))
    call_big(hall.world.actor("ada"), issue_id=issue.pk)
    hall.now.pass_to(until)
    assert hall.refused(call_big, "ben", issue_id=issue.pk) == "too-late-to-call-big"
    assert hall.refused(call_big, "ben", issue_id=hall.talked(big=True).pk) == "big-already"


def test_a_friend_delays_an_urgent_matter_once_and_never_twice(hall):
    issue = hall.talked()
    for name in ("eva", "finn"):
        call_big(hall.world.actor(name), issue_id=issue.pk)
    for name in ("eva", "gus"):
        assert hall.refused(call_big, name, issue_id=issue.pk) == "big-already"
    ends = hall.fresh(issue).stage_ends_at
    put_draft(hall.world.actor("gus"), issue_id=issue.pk, effects=[TREASURER], **WORDS)
    assert hall.fresh(issue).stage_ends_at == ends


def test_a_leader_who_called_before_they_led_is_not_counted(hall):
    issue = hall.talked()
    call_big(hall.world.actor("eva"), issue_id=issue.pk)
    assert weighing.calls_that_count(issue, set()) == 1
    assert weighing.calls_that_count(issue, {hall.world.people["eva"]}) == 0


def test_an_effect_raised_in_the_last_hour_of_the_talk_begins_it_anew(hall):
    issue = hall.talked()
    hall.now.pass_to(issue.stage_ends_at - timedelta(hours=1))
    draft = put_draft(hall.world.actor("ben"), issue_id=issue.pk, effects=[TREASURER], **WORDS).value
    assert hall.world.kinds()[-4:] == ["draft.put", "effects.declared", "issue.made_big", "stage.begun"]
    issue = hall.fresh(issue)
    assert (issue.weight, issue.made_big_why, issue.stage) == ("big", "effect", "talk")
    assert issue.stage_ends_at - hall.now.time >= timedelta(days=LIMITS["D1.big"])
    revise_draft(hall.world.actor("ben"), draft_id=draft.pk, effects=[], **WORDS)
    assert hall.fresh(issue).weight == "big"


def test_a_revision_raises_it_too(hall):
    issue = hall.talked()
    revise_draft(hall.world.actor("ada"), draft_id=issue.drafts.get().pk, effects=[TREASURER], **WORDS)
    assert hall.world.kinds()[-2:] == ["issue.made_big", "stage.begun"]


def test_effects_are_fixed_when_the_members_talk_ends(hall):
    issue = hall.talked(effects=[SCRIBE, POET])
    ben = put_draft(hall.world.actor("ben"), issue_id=issue.pk, **WORDS).value
    issue = hall.turned(issue)
    chair = {"issue_id": issue.pk, **WORDS}
    assert hall.refused(put_draft, "hal", effects=[TREASURER], **chair) == "effects-fixed"
    assert hall.refused(put_draft, "hal", effects=[SCRIBE, SCRIBE], **chair) == "effects-fixed"
    put_draft(hall.world.actor("hal"), effects=[POET], **chair)
    issue = hall.turned(issue)
    assert hall.refused(revise_draft, "ben", draft_id=ben.pk, effects=[TREASURER], **WORDS) == "effects-fixed"
    revise_draft(hall.world.actor("ben"), draft_id=ben.pk, effects=[SCRIBE], **WORDS)
    assert hall.fresh(issue).weight == "ordinary"


def test_what_was_withdrawn_or_revised_away_in_the_talk_does_not_come_back_later(hall):
    issue = hall.talked(effects=[SCRIBE])
    first = issue.drafts.get()
    revise_draft(hall.world.actor("ada"), draft_id=first.pk, effects=[], **WORDS)
    gone = put_draft(hall.world.actor("ben"), issue_id=issue.pk, effects=[POET], **WORDS).value
    withdraw_draft(hall.world.actor("ben"), draft_id=gone.pk)
    issue = hall.turned(hall.turned(issue))
    for effect in (SCRIBE, POET):
        assert (
            hall.refused(revise_draft, "ada", draft_id=first.pk, effects=[effect], **WORDS) == "effects-fixed"
        )
