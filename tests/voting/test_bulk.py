# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many ballots at once: the same rule, the same box, the same entries; and no way there from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kollontai
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.record.act import ACTS, CLOCK_ACTS, Refused, discover, tick
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.voting import bulk, steps
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.bulk import Ballot, cast_many
from kollontai.chapters.voting.models import OpenBallot, Poll
from kollontai.ids import new_id
from kollontai.openrecord.entries import from_bytes
from tests.voting.polls import opened_poll
from tests.world import founded


@pytest.fixture
def world(db):
    return founded()


@pytest.fixture
def poll(world):
    return opened_poll(world, ["ada", "ben", "cleo"])


def cast(world, poll, **choices: str) -> list[tuple[str, str]]:
    """Cast by first name; give whose ballots were refused, and the codes."""
    ballots = [Ballot(world.people.get(name, name), choice) for name, choice in choices.items()]
    names = {pk: name for name, pk in world.people.items()}
    return [
        (names.get(left.voter, "a stranger"), left.why.code)
        for left in cast_many(world.id, poll.pk, ballots, auth="code")
    ]


def test_each_ballot_is_a_row_an_entry_of_its_voter_and_a_choice_that_is_held_back(world, poll):
    assert cast(world, poll, ada="yes", ben="no") == []
    rows = EntryRow.objects.filter(kind="ballot.cast").order_by("position")
    entries = [from_bytes(bytes(row.data)) for row in rows]
    assert [entry.actor for entry in entries] == [world.people["ada"], world.people["ben"]]
    for entry, choice in zip(entries, ("yes", "no"), strict=True):
        ballot = OpenBallot.objects.select_related("choice").get(poll=poll, voter=entry.actor)
        assert str(ballot.choice) == f'{{"choice":"{choice}"}}'
        assert ballot.choice.held_until == poll.pk
        assert ballot.choice.author == entry.actor
        assert entry.commitments["choice"].hex() == ballot.choice.commitment


def test_the_rule_is_asked_about_every_ballot(world, poll):
    cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")
    leave(world.actor("cleo"))
    left = cast(world, poll, ada="no", ben="perhaps", cleo="yes", dai="yes", nobodynobodynobo="yes")
    assert left == [
        ("ada", "already-voted"),
        ("ben", "not-on-the-paper"),
        ("cleo", "not-a-member"),
        ("dai", "not-on-the-roll"),
        ("a stranger", "not-a-member"),
    ]
    assert OpenBallot.objects.filter(poll=poll).count() == 1


def test_a_voter_who_comes_twice_votes_once(world, poll):
    ada = world.people["ada"]
    left = cast_many(world.id, poll.pk, [Ballot(ada, "yes"), Ballot(ada, "no")], auth="code")
    assert [(one.voter, one.why.code) for one in left] == [(ada, "already-voted")]
    assert str(OpenBallot.objects.select_related("choice").get(poll=poll).choice) == '{"choice":"yes"}'


def test_nothing_comes_in_after_the_hour(world, poll, now):
    now.move(poll.closes_at)
    assert cast(world, poll, ada="yes") == [("ada", "vote-closed")]


def test_a_poll_that_is_not_there_is_refused(world):
    with pytest.raises(Refused) as caught:
        cast_many(world.id, new_id(), [Ballot(world.people["ada"], "yes")], auth="code")
    assert caught.value.refusal.code == "no-such-vote"


def test_ballots_among_which_the_count_came_leave_nothing_behind(world, poll, monkeypatch):
    before = EntryRow.objects.count(), Content.objects.count()
    monkeypatch.setattr(steps, "still_open", lambda poll: False)
    with pytest.raises(Refused) as caught:
        cast(world, poll, ada="yes", ben="yes")
    assert caught.value.refusal.code == "vote-closed"
    assert (EntryRow.objects.count(), Content.objects.count()) == before
    assert not OpenBallot.objects.exists()


def test_a_vote_in_which_all_have_voted_is_closed_and_counted(world, poll, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    assert cast(world, poll, ada="yes", ben="yes", cleo="no") == []
    tick()
    poll = Poll.objects.get(pk=poll.pk)
    assert (poll.state, poll.cast, poll.outcome) == ("counted", 3, "yes")


def test_rankings_go_in_as_well(world):
    poll = opened_poll(world, ["ada", "ben"], form="ranked", options=["d1", "d2", "status-quo"])
    ballots = [Ballot(world.people["ada"], ranking=[["d2"], ["d1"]]), Ballot(world.people["ben"], "yes")]
    left = cast_many(world.id, poll.pk, ballots, auth="code")
    assert [one.why.code for one in left] == ["numbers-needed"]
    ballot = OpenBallot.objects.select_related("choice").get(poll=poll)
    assert str(ballot.choice) == '{"ranking":[["d2"],["d1"]]}'


def test_it_is_no_power_and_nothing_but_a_demonstration_leads_to_it():
    discover()
    assert not [name for name in (*ACTS, *CLOCK_ACTS) if "many" in name]
    package = Path(kollontai.__file__).parent
    named = re.compile(r"voting(\.|\s+import\s+.*\b)bulk\b|\bcast_many\b|\bperform_step\b")
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "chapters/voting/bulk.py", "chapters/members/bulk.py", "chapters/record/act.py", "demos/crowd.py",
    }  # fmt: skip
