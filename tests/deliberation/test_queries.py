# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page is told of an issue: for each reader, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation import queries
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_contribution import revise_contribution
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Contribution, Issue
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot

pytestmark = pytest.mark.django_db


def page(hall, issue, name, **more):
    reader = hall.world.member(name) if name else None
    return queries.issue_page(hall.fresh(issue), reader, at=hall.now.time, **more)


def test_the_stances_take_turns_and_each_reader_has_an_order_of_their_own(hall):
    issue = hall.talked()
    for name in ("ada", "ben", "cleo", "dai"):
        for stance in ("for", "against", "other"):
            hall.said(name, issue, stance)
    seen = {
        name: [voice.contribution for voice in page(hall, issue, name).voices]
        for name in ("eva", "finn", "gus")
    }
    for voices in seen.values():
        stances = [voice.stance for voice in voices]
        assert all(len(set(stances[at : at + 3])) == 3 for at in range(0, 12, 3)), "round-robin over stances"
        assert {voice.pk for voice in voices} == set(Contribution.objects.values_list("pk", flat=True))
    orders = {tuple(voice.pk for voice in voices) for voices in seen.values()}
    assert len(orders) > 1, "no order is the same for everybody"
    again = [voice.contribution for voice in page(hall, issue, "eva").voices]
    assert again == seen["eva"], "and each reader's stays as it is"


def test_replies_stand_below_by_time_and_are_counted(hall):
    issue = hall.talked()
    question = hall.said("ada", issue, "question")
    first = hall.said("ben", issue, answers=question.pk)
    hall.now.move(minutes=1)
    second = hall.said("cleo", issue, "against", answers=question.pk)
    answer_fact(hall.world.actor("hal"), contribution_id=question.pk, text="90.")
    seen = page(hall, issue, "dai")
    assert [voice.contribution for voice in seen.voices] == [question]
    below = [voice.contribution for voice in seen.voices[0].answers]
    assert below[0] == first
    assert second in below
    assert seen.voices[0].how_many == 3
    assert {stance: seen.counts[stance] for stance in ("for", "against", "question")} == {
        "for": 1, "against": 1, "question": 1,
    }  # fmt: skip
    assert page(hall, issue, "dai", stance="for").voices == []


def test_earlier_versions_stay_readable(hall):
    issue = hall.talked()
    said = hall.said("ada", issue, text="First.")
    revise_contribution(hall.world.actor("ada"), contribution_id=said.pk, text="Second.")
    voice = page(hall, issue, "ben").voices[0]
    assert str(voice.text) == "Second."
    assert [str(version.text) for version in voice.versions] == ["First.", "Second."]
    assert (voice.may_revise.code, voice.may_erase.code) == ("not-your-words", "not-your-words")
    own = page(hall, issue, "ada").voices[0]
    assert (own.may_revise, own.may_erase) == (None, None)


def test_a_sealed_statement_shows_that_it_is_there_and_no_word_of_it(hall):
    issue = hall.talked()
    seal_statement(hall.world.actor("hal"), issue_id=issue.pk, text="Buy the red one.")
    assert [one.text for one in page(hall, issue, "ada").statements] == [None]
    assert [str(one.text) for one in page(hall, issue, "hal").statements] == ["Buy the red one."]
    issue = hall.turned(issue)
    assert [str(one.text) for one in page(hall, issue, "ada").statements] == ["Buy the red one."]


def test_the_life_of_an_issue_shows_what_was_and_what_is_to_come(hall):
    issue = hall.stood_in("answer")
    life = page(hall, issue, "ada").life
    assert [one.stage for one in life] == ["gathering", "talk", "answer", "reply", "vote", "decided"]
    assert [(one.is_over, one.is_now, one.foreseen) for one in life] == [
        (True, False, False), (True, False, False), (False, True, False),
        (False, False, True), (False, False, True), (False, False, True),
    ]  # fmt: skip
    foreseen = {one.stage.value: one.ends for one in life}
    issue = hall.turned(issue)
    assert issue.stage_ends_at == foreseen["reply"]
    issue = hall.turned(issue)
    assert issue.stage_ends_at == foreseen["vote"]


def test_the_page_says_which_drafts_would_come_to_the_vote(hall):
    issue = hall.talked()
    hall.drafted("ben", issue, "cleo")
    hall.drafted("dai", issue, title="Alone")
    seen = page(hall, issue, "cleo")
    assert [(one.draft.letter, one.supporters, one.on_ballot) for one in seen.drafts] == [
        ("A", 1, True), ("B", 2, True), ("C", 1, False),
    ]  # fmt: skip
    assert [one.may_support.code if one.may_support else None for one in seen.drafts] == [
        None, "already-supports", None,
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ada", "hal", None])
def test_a_page_costs_the_same_however_much_was_said(hall, name):
    issue = hall.talked()
    hall.said("ben", issue)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(hall, issue, name)
    for speaker in ("ada", "ben", "cleo", "dai"):
        for _ in range(6):
            hall.said(speaker, issue)
        hall.drafted(speaker, issue, "eva")
    with CaptureQueriesContext(connection) as many:
        seen = page(hall, issue, name)
        for voice in seen.voices:
            assert str(voice.contribution.author.name)
            assert str(voice.text)
        for one in seen.drafts:
            assert str(one.draft.mover.name)
            assert str(one.words.text)
    assert len(many) == len(few)
    assert len(many) <= 31


def test_nobody_outside_sees_an_issue_or_what_is_said(hall):
    issue = hall.talked()
    hall.said("ben", issue)
    seen = page(hall, issue, None)
    assert seen.voices == []
    assert not Issue.objects.visible_to(None).exists()
    leave(hall.world.actor("gus"))
    assert not Issue.objects.visible_to(hall.world.member("gus")).exists()
    assert page(hall, issue, "gus").may["speak"].code == "not-a-member"


def kinds(hall, name):
    return [need.kind for need in queries.what_needs_me(hall.world.member(name), at=hall.now.time)]


def test_what_needs_me_is_what_i_may_do_now(hall):
    issue = hall.raised()
    assert kinds(hall, "ada") == []  # the raiser stands behind it already
    assert kinds(hall, "ben") == ["support"]
    assert kinds(hall, "hal") == []
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    branch = hall.talked("kit", "Ferry Crews")
    assert (kinds(hall, "ada"), kinds(hall, "hal")) == (["talk"], [])
    assert (kinds(hall, "lou"), kinds(hall, "iva")) == (["talk", "talk"], ["talk"])
    hall.turned(branch)
    assert (kinds(hall, "ada"), kinds(hall, "hal")) == (["talk"], ["answer"])
    assert sorted(kinds(hall, "iva")) == ["answer", "talk"]  # leads in the branch, not over all
    issue = hall.turned(issue)
    assert issue.stage == "answer"
    issue = hall.turned(issue)
    issue = hall.turned(issue)
    assert "vote" in kinds(hall, "hal")
    cast_ballot(hall.world.actor("hal"), poll_id=issue.poll_id, choice="yes")
    assert "vote" not in kinds(hall, "hal")


def test_what_needs_me_costs_the_same_for_many_issues(hall):
    me = hall.world.member("gus")
    hall.talked()
    with CaptureQueriesContext(connection) as few:
        queries.what_needs_me(me, at=hall.now.time)
    for name in ("ada", "ben", "cleo"):
        hall.talked(name)
        hall.raised(name)
    with CaptureQueriesContext(connection) as many:
        needs = queries.what_needs_me(me, at=hall.now.time)
        assert all(str(need.issue.title) for need in needs)
    assert len(needs) >= 4
    assert len(many) == len(few) <= 4


def test_what_was_decided_lately_is_seen_by_members(hall):
    issue = hall.stood_in("decided")
    lately = hall.now.time - timedelta(days=30)
    assert list(queries.decided_lately(hall.world.member("ada"), since=lately)) == [issue]
    assert not queries.decided_lately(hall.world.member("ada"), since=hall.now.time + timedelta(days=1))
    assert not queries.decided_lately(None, since=lately)


def test_the_page_of_a_mover_knows_how_many_drafts_are_theirs(hall):
    issue = hall.talked()
    for _ in range(3):
        hall.drafted("ben", issue)
    assert page(hall, issue, "ben").may["put_draft"].code == "too-many-drafts"
    words = {"issue_id": issue.pk, "title": "t", "text": "t"}
    assert hall.refused(put_draft, "ben", **words) == "too-many-drafts"
    assert page(hall, issue, "cleo").may["put_draft"] is None
