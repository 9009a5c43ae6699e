# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keepers that write notices, killed at any moment: every act is told to its doer, and told once."""

from __future__ import annotations

import random
import re
import signal
import time
from typing import Any

import pytest

pytestmark = pytest.mark.faults
ROUNDS, MEMBERS = 4, 80
TIMES = re.compile(r"- You voted\.(?: \((\d+)×\))?")


def test_two_keepers_killed_again_and_again_tell_every_act_once(house: Any) -> None:
    chance = random.Random(1910)
    house.do("begin", MEMBERS, ROUNDS)
    house.do("give_addresses")
    house.do("write_notices", 1)
    for round_ in range(ROUNDS):
        running = [house.start("write_notices", -1), house.start("write_notices", -1)]
        writer = house.start("write", house.home / "receipts", round_, 0, MEMBERS)
        for process in running:
            time.sleep(chance.uniform(0.1, 0.4))
            house.kill(process)
            assert house.wait(process) == -signal.SIGKILL
        assert house.wait(writer) == 0
        house.do("settle")
    house.do("write_notices", 1)

    entries = house.rows("SELECT position, actor FROM record_entryrow WHERE kind = 'ballot.cast'")
    assert len(entries) == MEMBERS * ROUNDS
    news = house.rows("SELECT position, member FROM followers_news WHERE what = 'ballot.cast'")
    assert sorted(news) == sorted(entries)
    told: dict[str, int] = {}
    for to, body in house.rows('SELECT "to", body FROM accounts_mail'):
        [many] = TIMES.findall(body)
        told[to] = told.get(to, 0) + int(many or 1)
    assert set(told.values()) == {ROUNDS}
    assert len(told) == MEMBERS
    [(position,)] = house.rows("SELECT position FROM followers_place")
    [(size,)] = house.rows("SELECT size FROM record_head")
    assert position == size
