# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock of a demonstration walks from deadline to deadline, whoever performs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import Deadline
from kollontai.demos import standing_clock
from tests.world import founded

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, now: Any) -> Any:
    """The test's clock in place of the row of a demonstration."""
    monkeypatch.setattr(standing_clock, "read", now.now)
    monkeypatch.setattr(standing_clock, "put", now.move)
    return now


def stamps(organisation: str) -> list[Deadline]:
    """The daily stamps that were made, in order."""
    done = Deadline.objects.filter(organisation=organisation, act="followers.stamp_export")
    return list(done.exclude(done_at=None).order_by("due"))


def test_everything_on_the_way_is_performed_at_its_own_time(shown):
    world, until = founded(), shown.time + timedelta(days=3.5)
    performed = standing_clock.walk_to(until)
    made = stamps(world.id)
    assert len(made) == 3
    assert performed == 0  # nobody comes to see a stamp
    assert [one.done_at for one in made] == [one.due for one in made]
    assert shown.time == until


def test_what_another_process_performs_makes_nothing_late(shown, monkeypatch):
    world = founded()

    def by_another() -> int:
        tick()
        return 0

    monkeypatch.setattr(standing_clock, "tick", by_another)
    standing_clock.walk_to(shown.time + timedelta(days=3.5))
    made = stamps(world.id)
    assert len(made) == 3
    assert [one.done_at for one in made] == [one.due for one in made]


def test_what_cannot_be_done_now_does_not_hold_up_the_walk(shown, monkeypatch):
    world, until = founded(), shown.time + timedelta(days=3.5)
    asked = []

    def in_vain() -> int:
        asked.append(shown.time)
        return 0

    monkeypatch.setattr(standing_clock, "tick", in_vain)
    assert standing_clock.walk_to(until) == 0
    assert len(asked) == Deadline.objects.filter(organisation=world.id, due__lte=until).count() > 0
    assert shown.time == until
