# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keeper's rounds: done to the end when it is told to end, gone on with when something fails."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from kollontai.chapters.accounts import post
from kollontai.chapters.record import standing
from kollontai.cli import serve
from kollontai.followers import notices, stamping

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[int]:
    """What signals write to, as in the keeper; the handlers of the tests come back.

    Whoever runs the tests in the background may have some of the signals ignored: here they are heard.
    """
    before = {number: signal.signal(number, signal.SIG_DFL) for number in serve.ENDS}
    yield serve._told_by_signals()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the keeper came to, one word for each."""
    done: list[str] = []

    def keep_up(**_: object) -> None:
        done.append("notices")
        if len(done) > 50:
            sys.exit("the keeper goes round and round")

    monkeypatch.setattr(serve, "PAUSE", 0.0)
    monkeypatch.setattr(notices, "keep_up", keep_up)
    monkeypatch.setattr(stamping, "read_ahead", lambda **_: done.append("ahead"))
    return done


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_round_is_done_to_its_end_when_the_keeper_is_told_to_end(told, rounds, monkeypatch, number):
    def send() -> None:
        os.kill(os.getpid(), number)
        rounds.append("told")  # no exception was raised here, where somebody could catch it

    monkeypatch.setattr(post, "send_waiting", send)
    serve.keep(told)
    assert rounds == ["notices", "told", "ahead"]


def test_the_keeper_of_a_house_that_was_handed_over_sends_nothing_that_goes_out_elsewhere(
    told, rounds, monkeypatch
):
    standing.stand_still(standing.HANDED_OVER, {standing.EVERY: {}})
    monkeypatch.setattr(post, "send_waiting", lambda: rounds.append("sent"))
    monkeypatch.setattr(stamping, "read_ahead", lambda **_: os.kill(os.getpid(), signal.SIGTERM))
    serve.keep(told)
    assert rounds == ["notices"]


@pytest.mark.django_db(transaction=True)  # the connection is given back after a failure
def test_what_fails_in_one_round_is_logged_and_the_next_one_comes(told, rounds, monkeypatch, caplog):
    def send() -> Any:
        rounds.append("sent")
        if rounds.count("sent") == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        if rounds.count("sent") == 2:
            raise RuntimeError("the mail server is a teapot")

    monkeypatch.setattr(post, "send_waiting", send)
    serve.keep(told)
    assert rounds == ["notices", "sent", "ahead", "notices", "sent", "notices", "sent", "ahead"]
    assert "did not expect" in caplog.text
    assert "teapot" in caplog.text
