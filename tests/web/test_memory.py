# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages keep in a process: as it is, for its time, and not without end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kollontai.web import memory
from kollontai.web.memory import Memory


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test turns."""
    shows = [1_000.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: shows[0])
    return shows


@pytest.fixture
def kept() -> Iterator[Memory]:
    """An empty memory for eight things."""
    made = Memory("of this test", {"OPTIONS": {"MAX_ENTRIES": 8}})
    yield made
    made.clear()


def test_what_is_kept_comes_back_as_it_is_and_not_as_a_copy(kept: Memory) -> None:
    value = {"a": [1]}
    kept.set("value", value)
    assert kept.get("value") is value
    assert kept.get("another", "nothing") == "nothing"
    assert kept.get_many(["value", "another"]) == {"value": value}
    assert "value" in kept
    assert "another" not in kept


def test_all_threads_of_a_process_share_it(kept: Memory) -> None:
    kept.set("value", 1)
    assert Memory("of this test", {}).get("value") == 1
    assert Memory("another", {}).get("value") is None


def test_everything_has_its_time(kept: Memory, clock: list[float]) -> None:
    kept.set("short", 1, 10)
    kept.set("long", 2, None)
    kept.set("never", 3, 0)
    assert kept.get_many(["short", "long", "never"]) == {"short": 1, "long": 2}
    clock[0] += 10
    assert kept.get_many(["short", "long", "never"]) == {"long": 2}
    assert kept.get("short") is None
    assert kept.add("short", 4)
    assert not kept.add("short", 5)
    assert kept.get("short") == 4


def test_what_is_kept_anew_for_no_time_is_gone(kept: Memory) -> None:
    kept.set("value", 1, 10)
    kept.set("value", 2, 0)
    assert kept.get("value") is None


def test_what_has_run_out_does_not_linger(kept: Memory, clock: list[float]) -> None:
    kept.set("words", "that were erased", 10)
    clock[0] += memory.SWEEP_EVERY + 10
    kept.set("other", 1)
    assert "words" not in kept._kept


def test_what_was_kept_first_makes_room(kept: Memory) -> None:
    for number in range(9):
        kept.set(str(number), number)
    assert list(kept._kept) == ["2", "3", "4", "5", "6", "7", "8"]


def test_what_is_dropped_is_gone(kept: Memory) -> None:
    kept.set("value", 1)
    assert kept.delete("value")
    assert not kept.delete("value")
    kept.set("value", 1)
    kept.clear()
    assert kept.get("value") is None
