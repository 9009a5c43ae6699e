# SPDX-License-Identifier: AGPL-3.0-or-later
"""A door of the tests to polls of any kind: chapters above open them by their own rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from kollontai.chapters.record.act import Act, Actor, act, clock_act
from kollontai.chapters.voting import steps
from kollontai.chapters.voting.models import Poll
from tests.world import World

YES_NO = ("yes", "no", "abstain")


@clock_act("tests.close_poll")
def close_poll(this: Act, *, subject: str, due: datetime) -> None:
    """Close what this door opened."""
    steps.close(this, subject, due=due)


@act
def open_poll(
    this: Act, *, unit: Any, roll: Sequence[str], form: str, options: Sequence[str], **more: Any
) -> Poll:
    """Open any poll."""
    given: dict[str, Any] = {
        "about": "confirmation",
        "subject": "posttttttttttttt",
        "status_quo": "status-quo" if form == "ranked" else None,
        "paper": "{}",
        "quorum_bp": 0,
        "majority": (1, 2),
        "more_than": True,
        "closes_at": this.at + timedelta(days=3),
        "close_act": "tests.close_poll",
    }
    return steps.open_poll(this, unit=unit, roll=roll, form=form, options=options, **{**given, **more})


def opened_poll(
    world: World, names: Sequence[str], *, form: str = "yes_no", options: Sequence[str] = YES_NO, **more: Any
) -> Poll:
    """A poll with these people on its roll."""
    roll = [world.people[name] for name in names]
    clock = Actor(world.id, "clock", "clock")
    poll: Poll = open_poll(clock, unit=world.unit(), roll=roll, form=form, options=options, **more).value
    return poll
