# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts: put in the open, revised in the open, frozen in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.voting.models import Poll

pytestmark = pytest.mark.django_db
WORDS = {"title": "Buy two", "text": "1. We buy two kettles."}


def test_a_revision_is_a_new_version_and_the_old_one_stays_readable(hall):
    issue = hall.talked()
    draft = issue.drafts.get()
    assert hall.refused(revise_draft, "ben", draft_id=draft.pk, **WORDS) == "not-your-draft"
    revise_draft(
        hall.world.actor("ada"), draft_id=draft.pk, title="Buy two", text="1. We buy two.\r\n2. Now."
    )
    assert [str(version.text) for version in draft.versions.order_by("version")] == [
        "1. We buy a kettle.",
        "1. We buy two.\n2. Now.",
    ]
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert json.loads(str(issue.poll.paper))["draft"]["text"] == "1. We buy two.\n2. Now."


def test_after_the_middle_of_the_reply_a_mover_may_only_withdraw(hall):
    issue = hall.stood_in("reply")
    draft = hall.drafted("ben", issue, "cleo")
    closes = issue.drafts_close_at
    assert issue.stage_began_at < closes < issue.stage_ends_at
    hall.now.pass_to(closes - timedelta(minutes=1))
    revise_draft(hall.world.actor("ben"), draft_id=draft.pk, **WORDS)
    hall.now.pass_to(closes)
    assert hall.refused(revise_draft, "ben", draft_id=draft.pk, **WORDS) == "drafts-closed"
    assert hall.refused(put_draft, "dai", issue_id=issue.pk, **WORDS) == "drafts-closed"
    assert hall.refused(support_draft, "dai", draft_id=draft.pk) == "drafts-closed"
    assert hall.said("dai", issue).stage == "reply"
    withdraw_draft(hall.world.actor("ben"), draft_id=draft.pk)
    issue = hall.turned(issue)
    assert (issue.poll.form, issue.poll.options) == ("yes_no", ["yes", "no", "abstain"])
    assert hall.refused(withdraw_draft, "ada", draft_id=issue.drafts.get(first=True).pk) == "vote-is-on"


def test_what_is_withdrawn_is_neither_supported_nor_revised_nor_withdrawn_again(hall):
    issue = hall.talked()
    draft = hall.drafted("ben", issue)
    withdraw_draft(hall.world.actor("ben"), draft_id=draft.pk)
    assert hall.refused(support_draft, "cleo", draft_id=draft.pk) == "draft-withdrawn"
    assert hall.refused(revise_draft, "ben", draft_id=draft.pk, **WORDS) == "draft-withdrawn"
    assert hall.refused(withdraw_draft, "ben", draft_id=draft.pk) == "draft-withdrawn"


def test_a_draft_is_supported_once_and_its_mover_is_the_first(hall):
    issue = hall.talked()
    draft = hall.drafted("ben", issue, "cleo")
    assert hall.refused(support_draft, "cleo", draft_id=draft.pk) == "already-supports"
    assert hall.refused(support_draft, "ben", draft_id=draft.pk) == "already-supports"
    assert hall.refused(support_draft, "ada", draft_id="nothing") == "no-such-draft"


def test_nobody_fills_the_table_with_drafts(hall):
    issue = hall.talked()
    for _ in range(3):
        hall.drafted("ben", issue)
    assert hall.refused(put_draft, "ben", issue_id=issue.pk, **WORDS) == "too-many-drafts"
    assert hall.drafted("cleo", issue).letter == "E"


def test_no_draft_changes_while_supporters_are_still_sought(hall):
    issue = hall.raised()
    draft = issue.drafts.get()
    assert hall.refused(revise_draft, "ada", draft_id=draft.pk, **WORDS) == "still-gathering"
    assert hall.refused(put_draft, "ben", issue_id=issue.pk, **WORDS) == "still-gathering"
    assert hall.refused(support_draft, "ben", draft_id=draft.pk) == "still-gathering"


def test_without_any_draft_left_the_issue_lapses_at_the_end_of_the_reply(hall):
    issue = hall.talked()
    withdraw_draft(hall.world.actor("ada"), draft_id=issue.drafts.get().pk)
    hall.drafted("ben", issue)  # nobody else wants it on the ballot
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert (issue.stage, issue.outcome, issue.poll) == ("lapsed", "lapsed", None)
    assert not Poll.objects.filter(about="issue").exists()


def test_several_drafts_stand_beside_the_status_quo_in_the_order_they_were_put(hall):
    issue = hall.talked()
    wanted = [hall.drafted("ben", issue, "cleo"), hall.drafted("dai", issue, "eva", title="Sell it")]
    hall.drafted("finn", issue, title="Alone")
    issue = hall.turned(hall.turned(hall.turned(issue)))
    first = issue.drafts.get(first=True)
    poll = issue.poll
    assert poll.options == [first.pk, wanted[0].pk, wanted[1].pk, "status-quo"]
    assert (poll.form, poll.status_quo, poll.quorum_bp) == ("ranked", "status-quo", 1_250)
    paper = json.loads(str(poll.paper))
    assert [option.get("title") for option in paper["options"]] == ["Buy one", "Mend it", "Sell it", None]
    assert paper["draft"] is None
    assert paper["title"] == "A kettle"
