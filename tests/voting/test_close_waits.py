# SPDX-License-Identifier: AGPL-3.0-or-later
"""A close and a ballot in the same moment: the close waits for ballots in flight, or the ballot for it.

Only PostgreSQL lets two acts run at once; on SQLite the write turn is the lock.
"""

from __future__ import annotations

import threading
from typing import Any

from kollontai.chapters.record.act import tick
from kollontai.chapters.record.refusal import Refused
from kollontai.chapters.voting import counting, queries
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import OpenBallot, Poll
from tests.beside import PATIENCE, Running
from tests.voting.polls import opened_poll
from tests.world import founded


def test_a_close_waits_for_a_ballot_in_flight(two_at_once, now, monkeypatch):
    world = founded()
    poll = opened_poll(world, ["ada", "ben"])
    now.move(poll.closes_at)
    now.set_back(minutes=1)
    inside, go_on = threading.Event(), threading.Event()
    look = queries.at_the_box

    def held(*asked: str) -> queries.AtTheBox | None:
        seen = look(*asked)
        inside.set()
        assert go_on.wait(PATIENCE)
        return seen

    monkeypatch.setattr(queries, "at_the_box", held)
    casting = Running(lambda: cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes"))
    assert inside.wait(PATIENCE)
    now.move(poll.closes_at)
    closing = Running(tick)
    closing.join(1.0)
    assert closing.is_alive(), "the close must wait"
    go_on.set()
    assert casting.done() is None
    assert closing.done() is None
    counted = Poll.objects.get()
    assert (counted.state, counted.cast, counted.outcome) == ("counted", 1, "yes")


def test_a_ballot_waits_for_a_close_and_is_then_refused(two_at_once, now, monkeypatch):
    world = founded()
    poll = opened_poll(world, ["ada", "ben"])
    now.move(poll.closes_at)
    now.set_back(minutes=1)
    counting_now, go_on, comes = threading.Event(), threading.Event(), threading.Event()
    count, look = counting.count, queries.at_the_box

    def held(poll: Poll, choices: Any, **more: Any) -> Any:
        counting_now.set()
        assert go_on.wait(PATIENCE)
        return count(poll, choices, **more)

    def late(*asked: str) -> queries.AtTheBox | None:
        comes.set()
        return look(*asked)

    def cast_late() -> None:
        monkeypatch.setattr(
            "kollontai.chapters.voting.rules.may_vote", lambda facts, at: before(facts, at=early)
        )
        cast_ballot(world.actor("ada"), poll_id=poll.pk, choice="yes")

    from kollontai.chapters.voting import rules

    before, early = rules.may_vote, now.time
    monkeypatch.setattr(counting, "count", held)
    monkeypatch.setattr(queries, "at_the_box", late)
    now.move(poll.closes_at)
    closing = Running(tick)
    assert counting_now.wait(PATIENCE)
    monkeypatch.setattr("kollontai.chapters.record.act.catch_up", lambda organisation: 0)
    casting = Running(cast_late)  # its time was read a minute before the close
    assert comes.wait(PATIENCE)
    casting.join(1.0)
    assert casting.is_alive(), "the ballot must wait for the close"
    go_on.set()
    assert closing.done() is None
    error = casting.done()
    assert isinstance(error, Refused)
    assert error.refusal.code == "vote-closed"
    assert not OpenBallot.objects.exists()
    assert Poll.objects.get().cast == 0
