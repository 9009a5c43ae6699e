# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raising an issue and standing behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.withdraw_support import withdraw_support
from kollontai.chapters.deliberation.models import Issue, Supporter
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.record.models import Deadline, EntryRow
from kollontai.openrecord.entries import from_bytes
from tests.world import opened

pytestmark = pytest.mark.django_db


def entry(kind):
    row = EntryRow.objects.filter(kind=kind).latest("position")
    return from_bytes(bytes(row.data), row.position)


def test_an_issue_comes_with_its_draft_and_its_limits_for_life(hall):
    issue = hall.raised()
    assert hall.world.kinds()[-3:] == ["issue.raised", "draft.put", "issue.supported"]
    fact = entry("issue.raised").fact
    assert (fact.number, fact.weight, fact.by_leader, fact.needed) == (1, "ordinary", False, 2)
    assert fact.limits == {
        "D1.ordinary": 10, "D3.other": 3, "D4.other": 3, "D5.other": 7, "D9.ordinary": 1250, "L.lapse": 90,
        "R1.unit": 30, "D10.again": 365, "D10.share": 1000, "N.call_big": 5, "N.shorten_share": 1000, "N.shorten_least": 5,
        "N.shorten_talk": 48, "N.shorten_answer": 12, "N.shorten_reply": 12, "N.shorten_vote": 48,
        "N.shorten_year": 4,
    }  # fmt: skip
    assert issue.limits == fact.limits
    assert (issue.stage, issue.stage_ends_at) == ("gathering", hall.now.time + timedelta(days=90))
    first = issue.drafts.get()
    assert (first.letter, first.first, first.version) == ("A", True, 1)
    assert str(first.versions.get().text) == "1. We buy a kettle."
    assert hall.raised("ben").number == 2


def test_a_branch_decides_its_own_and_only_the_whole_decides_what_is_big(hall):
    assert hall.raised("kit", "Ferry Crews").weight == "unit"
    assert hall.raised("kit", big=True).limits["D1.big"] == 21
    words = {"title": "t", "text": "t", "draft_title": "t", "draft_text": "t"}
    unit_id = hall.world.unit("Ferry Crews").pk
    assert hall.refused(raise_issue, "kit", unit_id=unit_id, **words, big=True) == "big-is-for-all"
    assert hall.refused(raise_issue, "ada", unit_id=unit_id, **words) == "another-unit"
    assert hall.refused(raise_issue, "ada", unit_id="nowhere", **words) == "unit-unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "title-empty"),
        ({"text": " \n"}, "text-empty"),
        ({"draft_title": "two\nlines"}, "text-unreadable"),
        ({"draft_text": "half \ud800"}, "text-unreadable"),
        ({"draft_text": "x" * 2_001}, "lines-too-long"),
    ],
)
def test_an_issue_without_usable_words_is_none(hall, changes, code):
    words = {"title": "t", "text": "t", "draft_title": "t", "draft_text": "t", **changes}
    assert hall.refused(raise_issue, "ada", unit_id=hall.world.unit().pk, **words) == code
    assert not Issue.objects.exists()


def test_nobody_raises_before_the_founding_or_after_leaving(hall):
    words = {"title": "t", "text": "t", "draft_title": "t", "draft_text": "t"}
    leave(hall.world.actor("gus"))
    assert hall.refused(raise_issue, "gus", unit_id=hall.world.unit().pk, **words) == "not-a-member"
    young = opened(slug="young", origin="localhost/young")
    hall.world = young
    assert hall.refused(raise_issue, "ada", unit_id=young.unit().pk, **words) == "not-founded-yet"


def test_five_issues_a_day_are_enough_for_anybody(hall):
    for _ in range(5):
        hall.raised()
    words = {"title": "t", "text": "t", "draft_title": "t", "draft_text": "t"}
    assert hall.refused(raise_issue, "ada", unit_id=hall.world.unit().pk, **words) == "too-many-issues"
    hall.raised("ben")
    hall.now.pass_days(1)
    hall.raised()


def test_with_the_last_supporter_the_talk_begins_in_the_same_act(hall):
    issue = hall.raised()
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    assert hall.world.kinds()[-2:] == ["issue.supported", "stage.begun"]
    begun = entry("stage.begun")
    issue = hall.fresh(issue)
    assert (begun.actor, begun.fact.due, begun.fact.stage) == (hall.world.people["ben"], None, "talk")
    assert issue.stage_ends_at == begun.fact.ends_at
    assert issue.stage_ends_at - hall.now.time >= timedelta(days=10)
    assert not Deadline.objects.filter(act="deliberation.lapse", done_at=None).exists()
    assert hall.refused(support_issue, "cleo", issue_id=issue.pk) == "not-in-this-stage"
    assert hall.refused(withdraw_support, "ben", issue_id=issue.pk) == "not-in-this-stage"


def test_a_supporter_counts_once_and_may_step_back_while_it_gathers(hall):
    issue = hall.raised()
    assert hall.refused(support_issue, "ada", issue_id=issue.pk) == "already-supports"
    assert hall.refused(withdraw_support, "ben", issue_id=issue.pk) == "supports-not"
    withdraw_support(hall.world.actor("ada"), issue_id=issue.pk)
    assert hall.refused(withdraw_support, "ada", issue_id=issue.pk) == "supports-not"
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "gathering"
    support_issue(hall.world.actor("ada"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "talk"
    assert Supporter.objects.filter(issue=issue).count() == 2


def test_supporters_belong_to_the_unit(hall):
    issue = hall.raised("kit", "Ferry Crews")
    assert hall.refused(support_issue, "ada", issue_id=issue.pk) == "another-unit"
    assert hall.refused(support_issue, "ada", issue_id="nothing") == "no-such-issue"


def test_an_issue_without_supporters_lapses_in_public(hall):
    issue = hall.raised()
    ends = issue.stage_ends_at
    hall.now.pass_to(ends)
    issue = hall.fresh(issue)
    assert (issue.stage, issue.outcome, issue.ended_at) == ("lapsed", "lapsed", ends)
    lapsed = entry("issue.lapsed")
    assert (lapsed.actor, lapsed.fact.why, lapsed.fact.due) == ("clock", "no-supporters", ends)
    assert hall.refused(support_issue, "ben", issue_id=issue.pk) == "issue-over"


def test_an_issue_of_another_organisation_is_none_here(hall):
    from tests.world import founded

    issue = hall.raised()
    hall.world = founded(slug="elsewhere", origin="localhost/elsewhere")
    assert hall.refused(support_issue, "ada", issue_id=issue.pk) == "no-such-issue"
    assert not Issue.objects.visible_to(hall.world.member("ada")).exists()


def test_who_has_gone_to_another_branch_since_stood_behind_it_all_the_same(hall):
    hall.now.pass_days(40)
    issue = hall.raised("kit", "Ferry Crews")
    leave(hall.world.actor("kit"))
    apply(hall.world.actor("kit"), unit_id=hall.world.unit().pk, name="Kit")
    hall.now.pass_days(9)
    assert (hall.world.member("kit").standing, issue.needed) == ("member", 2)
    support_issue(hall.world.actor("lou"), issue_id=issue.pk)
    issue = hall.fresh(issue)
    assert issue.stage == "talk"
    draft = hall.drafted("mia", issue, "lou")
    leave(hall.world.actor("mia"))
    apply(hall.world.actor("mia"), unit_id=hall.world.unit().pk, name="Mia")
    hall.now.pass_days(9)
    issue = hall.turned(hall.turned(hall.fresh(issue)))
    assert issue.stage == "vote"
    assert draft.pk in issue.poll.options
