# SPDX-License-Identifier: AGPL-3.0-or-later
"""One issue, the whole way: raised, spoken on, refused to a leader, voted, in force, exported, audited."""

from __future__ import annotations

import pytest

from kollontai.auditor import audit_export
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue, Resolution
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.followers.export import export_to
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db


def test_an_issue_goes_the_whole_way_and_an_outsider_finds_nothing(now, tmp_path):
    world = founded(
        listed=founders("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "hal"),
        posts=(held_by("hal"),),
        units=(),
    )
    now.pass_days(0.01)
    poll = Poll.objects.get(about="confirmation")
    for name in ("ada", "ben", "cleo"):
        cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    now.pass_days(7)
    issue = raise_issue(
        world.actor("ada"), unit_id=world.unit().pk, title="A kettle", text="The old one leaks.",
        draft_title="Buy one", draft_text="1. We buy a kettle.",
    ).value  # fmt: skip
    support_issue(world.actor("ben"), issue_id=issue.pk)
    issue.refresh_from_db()
    assert issue.stage == "talk"
    with pytest.raises(Refused) as refused:
        speak(world.actor("hal"), issue_id=issue.pk, stance="for", text="I lead.")
    assert refused.value.refusal.code == "leaders-after-members"
    assert refused.value.refusal.until == issue.stage_ends_at
    question = speak(
        world.actor("cleo"), issue_id=issue.pk, stance="question", text="What does it cost?"
    ).value
    answer_fact(world.actor("hal"), contribution_id=question.pk, text="19.90.", source="The shop's list.")
    seal_statement(world.actor("hal"), issue_id=issue.pk, text="I like tea.")
    draft = put_draft(world.actor("dai"), issue_id=issue.pk, title="Mend it", text="1. Mend it.").value
    support_draft(world.actor("eva"), draft_id=draft.pk)
    now.pass_days(10.5)
    issue.refresh_from_db()
    assert issue.stage == "answer"
    speak(world.actor("hal"), issue_id=issue.pk, stance="for", text="Now I may.")
    now.pass_days(3)
    speak(world.actor("ada"), issue_id=issue.pk, stance="for", text="Thank you.")
    now.pass_days(3)
    issue.refresh_from_db()
    assert issue.stage == "vote"
    first = issue.drafts.get(first=True)
    for name in ("ada", "ben", "cleo", "hal"):
        cast_ballot(
            world.actor(name), poll_id=issue.poll_id, ranking=[[first.pk], [draft.pk], ["status-quo"]]
        )
    cast_ballot(world.actor("dai"), poll_id=issue.poll_id, ranking=[[draft.pk], ["status-quo"]])
    now.pass_days(8)
    issue = Issue.objects.get(pk=issue.pk)
    assert (issue.stage, issue.outcome) == ("decided", "carried")
    assert str(Resolution.objects.get().text) == "1. We buy a kettle."

    export_to(world.organisation, tmp_path / "copy")
    report = audit_export(tmp_path / "copy")
    assert report.ok, report.text()
