# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening freezes everything; closing counts, shows and ends it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kollontai.chapters.record.act import Actor, FrameError, tick
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting import queries
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.openrecord.entries import from_bytes
from tests.voting.polls import YES_NO, opened_poll
from tests.world import founded, founders

pytestmark = pytest.mark.django_db
NAMES = ("ada", "ben", "cleo", "dai", "eve", "fin", "gus", "hal")
RANKED = {"form": "ranked", "options": ("a", "b", "c", "status-quo")}


@pytest.fixture
def world():
    return founded(listed=founders(*NAMES))


def votes(world, poll, *choices):
    for name, choice in zip(NAMES, choices, strict=False):
        given = {"choice": choice} if isinstance(choice, str) else {"ranking": choice}
        cast_ballot(world.actor(name), poll_id=poll.pk, **given)


def close(now, poll) -> Poll:
    now.pass_to(poll.closes_at)
    return Poll.objects.get(pk=poll.pk)


def fact(kind):
    row = EntryRow.objects.get(kind=kind)
    return from_bytes(bytes(row.data), row.position)


def test_the_roll_and_the_paper_are_frozen_and_stand_on_the_record(world):
    poll = opened_poll(world, ["ben", "ada"], paper='{"options":[]}')
    entry = fact("poll.opened")
    assert entry.commitments["roll"].hex() == poll.roll.commitment
    assert entry.commitments["paper"].hex() == poll.paper.commitment
    assert json.loads(str(poll.roll)) == sorted([world.people["ada"], world.people["ben"]])
    assert (entry.fact.roll_count, entry.fact.closes_at) == (2, poll.closes_at)
    assert queries.paper_of(poll) == {"options": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": ("yes", "no")},
        {"options": ("no", "yes", "abstain")},
        {"form": "ranked", "options": ("a", "b")},
        {"form": "ranked", "options": ("status-quo",)},
        {"form": "ranked", "options": ("a", "a", "status-quo")},
        {"closes_at": None},
    ],
)
def test_no_poll_opens_that_cannot_be_counted(world, now, wrong):
    if "closes_at" in wrong:
        wrong = {"closes_at": now.time}
    with pytest.raises(FrameError):
        opened_poll(world, ["ada"], **wrong)
    assert not Poll.objects.exists()


def test_more_yes_than_no_carries_and_abstentions_stand_outside(world, now):
    poll = opened_poll(world, NAMES)
    votes(world, poll, "yes", "yes", "no", "abstain", "abstain", "abstain")
    counted = close(now, poll)
    assert counted.outcome == "yes"
    assert counted.figures == {"yes": 2, "no": 1, "abstain": 3}
    assert (counted.cast, counted.state, counted.closed_at) == (6, "counted", poll.closes_at)
    entry = fact("poll.counted")
    assert (entry.actor, entry.auth, entry.fact.due) == ("clock", "clock", poll.closes_at)
    assert entry.commitments["count"].hex() == counted.count.commitment
    whole = queries.count_of(counted)
    assert (whole["yes"], whole["carried"], whole["yes_needed_for_quorum"]) == (2, True, 0)


@pytest.mark.parametrize(
    ("choices", "quorum_bp", "outcome"),
    [
        (("yes", "no"), 0, "no"),
        ((), 0, "no"),
        (("abstain",) * 8, 0, "no"),
        (("yes", "yes"), 2_500, "yes"),
        (("yes", "abstain", "abstain"), 2_500, "no"),
        (("yes",), 1_250, "yes"),
        (("yes",), 1_251, "no"),
    ],
)
def test_a_quorum_is_yes_of_the_roll_and_a_tie_carries_nothing(world, now, choices, quorum_bp, outcome):
    poll = opened_poll(world, NAMES, quorum_bp=quorum_bp)
    votes(world, poll, *choices)
    assert close(now, poll).outcome == outcome


def test_ranked_drafts_are_counted_by_pairs_with_matrix_and_figures(world, now):
    poll = opened_poll(world, NAMES, **RANKED)
    votes(
        world, poll,
        [["a"], ["b"], ["status-quo"]], [["b"], ["a"]], [["a"], ["b"]],
        [["status-quo"], ["a"]], [["c"], ["status-quo"]],
    )  # fmt: skip
    counted = close(now, poll)
    assert counted.outcome == "a"
    assert counted.figures == {"a.yes": 3, "a.no": 2, "b.yes": 3, "b.no": 2, "c.yes": 1, "c.no": 2}
    whole = queries.count_of(counted)
    assert whole["options"] == ["a", "b", "c", "status-quo"]
    assert whole["matrix"][0] == [0, 3, 4, 3]
    assert [gone["option"] for gone in whole["dropped"]] == ["c"]
    assert whole["winner"] == "a"


def test_a_tie_with_the_status_quo_keeps_it_and_another_goes_to_the_draft_put_first(world, now):
    kept = opened_poll(world, NAMES, **RANKED)
    votes(world, kept, [["a"], ["status-quo"]], [["status-quo"], ["a"]])
    assert close(now, kept).outcome == "status-quo"
    level = opened_poll(world, NAMES, **RANKED)
    votes(world, level, [["a"], ["b"]], [["b"], ["a"]])
    assert close(now, level).outcome == "a"


def test_a_poll_without_a_ballot_leaves_things_as_they_are(world, now):
    poll = opened_poll(world, NAMES, **RANKED)
    counted = close(now, poll)
    assert (counted.outcome, counted.cast) == ("status-quo", 0)


def test_the_clock_counts_once_however_often_it_comes(world, now):
    poll = opened_poll(world, NAMES)
    close(now, poll)
    now.move(days=1)
    tick()
    tick()
    assert EntryRow.objects.filter(kind="poll.counted").count() == 1


def test_nobody_closes_a_poll_before_its_hour(world, now):
    from kollontai.chapters.record.act import act
    from kollontai.chapters.voting import steps

    @act
    def too_soon(this, *, poll_id):
        steps.close(this, poll_id, due=this.at)

    poll = opened_poll(world, NAMES)
    votes(world, poll, "yes", "yes")
    now.move(days=2)
    with pytest.raises(FrameError):
        too_soon(Actor(world.id, world.people["ada"], "code"), poll_id=poll.pk)
    assert Poll.objects.get().state == "open"


def test_a_late_clock_counts_what_came_in_time_and_says_when_it_was_due(world, now):
    poll = opened_poll(world, NAMES)
    votes(world, poll, "yes")
    now.move(poll.closes_at + timedelta(days=4))
    tick()
    counted = Poll.objects.get()
    assert counted.closed_at == now.time
    assert fact("poll.counted").fact.due == poll.closes_at


def test_the_world_sees_only_what_is_counted(world, now):
    poll = opened_poll(world, NAMES, options=YES_NO)
    assert not Poll.objects.visible_to(None).exists()
    assert list(Poll.objects.visible_to(world.member("ada"))) == [poll]
    close(now, poll)
    assert list(Poll.objects.visible_to(None)) == [poll]
    other = founded(slug="elsewhere", origin="localhost/elsewhere")
    assert not Poll.objects.visible_to(other.member("ada")).exists()
