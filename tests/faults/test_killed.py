# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writers and sequencer killed at any moment: no gap, no fork, nothing lost that had a receipt."""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checking import check

pytestmark = pytest.mark.faults
WRITERS = 3


def killed_again_and_again(house: Any, rounds: int, seed: int) -> tuple[int, int]:
    """Kill three writers and the sequencer in each round; give the record's size and how many receipts."""
    chance = random.Random(seed)
    house.do("begin", 400, rounds * WRITERS)
    earlier: list[Path] = []
    size = 0
    for round_ in range(rounds):
        running = [
            house.start("write", house.home / "receipts", round_ * WRITERS + writer, 0, 400)
            for writer in range(WRITERS)
        ]
        running.append(house.start("sequence_on"))
        begun = time.monotonic()
        deaths = sorted((chance.uniform(0.1, 0.6), process) for process in running)
        for moment, process in deaths:
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            if process == deaths[2][1] and (house.record / "checkpoint").exists():
                earlier.append(keep(house, f"kept-{round_}"))  # a member's own copy, taken in the midst
            house.kill(process)
        for process in running:
            assert house.wait(process) == -signal.SIGKILL
        house.do("settle")
        grown = check(house, house.lines("receipts"), earlier[-3:])
        assert grown >= size
        size = grown
        earlier.append(keep(house, f"settled-{round_}"))
    check(house, house.lines("receipts"), earlier)
    return size, len(house.lines("receipts"))


def keep(house: Any, name: str) -> Path:
    """Keep the checkpoint as it is published now."""
    kept = house.home / name
    shutil.copy(house.record / "checkpoint", kept)
    return kept


def test_nothing_is_lost_or_forked_in_ten_rounds_of_killing(house):
    size, receipts = killed_again_and_again(house, 10, seed=1871)
    assert size > receipts > 10


@pytest.mark.long
def test_nothing_is_lost_or_forked_in_a_hundred_rounds_of_killing(house):
    size, receipts = killed_again_and_again(house, 100, seed=1917)
    assert size > receipts > 100


@pytest.mark.parametrize("way", ["alone", "in company"])
def test_every_point_on_the_way_to_a_receipt_is_healed(house, way):
    points = [
        "before the sequencing", "inside the sequencing", "after the commit", "before the publication",
        *(f"after files written: {files}" for files in range(4)),
    ]  # fmt: skip
    # In company an act and its places are one transaction: killed before its commit, nothing was done.
    undone = {"before the sequencing", "inside the sequencing"} if way == "in company" else set()
    house.do("begin", 2, len(points) + 1)
    earlier, size = [], 1
    for number, point in enumerate(points):
        assert house.wait(house.start("vote_and_die", way, number, point)) == -signal.SIGKILL, point
        house.do("settle")
        size += point not in undone
        assert check(house, [], earlier) == size, point
        earlier.append(keep(house, f"after-{number}"))


def test_what_a_dead_writer_left_waiting_is_sequenced_by_the_next_act(house):
    house.do("begin", 3, 2)
    assert house.wait(house.start("vote_and_die", "alone", 0, "before the sequencing")) == -signal.SIGKILL
    assert house.rows("SELECT COUNT(*) FROM record_outbox") == [(1,)]
    house.do("write", house.home / "receipts", 1, 1, 1)
    assert check(house, house.lines("receipts"), []) == 3
    assert house.lines("receipts")[0]["positions"] == [2]
