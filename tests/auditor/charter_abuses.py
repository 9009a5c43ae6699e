# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of big decisions, of effects and of the charter, as in `abuses.py`."""

from __future__ import annotations

from kollontai.openrecord.kinds import charter

from .abuses import abuse, drop, slip_in
from .charter_stories import CHAIR, SCRIBE, called_big, declare, raised_by_an_effect
from .electoral_abuses import ABUSES
from .town import Town
from .world import DAY, MINUTE

__all__ = ["ABUSES"]

# --- article 2: big decisions ---


@abuse("big_decisions", called_big)
def called_big_by_a_leader(world: Town) -> int:
    position = world.find("issue.called_big", actor="m0007")
    world.change(position, actor=CHAIR)
    return position


@abuse("big_decisions", called_big)
def made_big_by_too_few(world: Town) -> int:
    drop(world, world.find("issue.called_big", actor="m0007"))
    return world.find("issue.made_big")


@abuse("big_decisions", called_big)
def called_big_after_its_days(world: Town) -> int:
    position = world.find("issue.called_big", actor="m0008")
    late = world.chain[position].at + 4 * DAY
    for at in range(position, position + 3):
        world.change(at, at=late)
    return position


@abuse("big_decisions", called_big)
def the_talk_does_not_begin_anew(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    return position


@abuse("stages_full_length", called_big)
def the_new_talk_is_short(world: Town) -> int:
    position = world.find("issue.made_big") + 1
    world.change(position, ends_at=world.chain[position].fact.ends_at - 5 * DAY)
    return position


@abuse("limits_copied", called_big)
def made_big_with_other_limits(world: Town) -> int:
    position = world.find("issue.made_big")
    world.change(position, limits={**world.limits, "D5.big": 8})
    return position


@abuse("big_decisions", called_big)
def enough_call_it_big_and_nothing_follows(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    drop(world, position)
    return position - 1


@abuse("big_decisions", called_big)
def a_big_matter_is_called_big_to_delay_it_again(world: Town) -> int:
    at = world.find("stage.begun", stage="answer")
    when = world.chain[world.find("issue.made_big")].at + DAY
    return slip_in(world, at, charter.IssueCalledBig("i0001"), "m0003", when)


@abuse("big_decisions", raised_by_an_effect)
def made_big_by_an_effect_that_needs_no_long_times(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position - 1)
    return position - 1


@abuse("big_decisions", raised_by_an_effect)
def an_effect_needs_the_long_times_and_gets_none(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    drop(world, position)
    return position - 1


@abuse("effects_in_time", raised_by_an_effect)
def effects_are_added_late(world: Town) -> int:
    world.at += 2 * MINUTE
    draft = world.put("i0001", CHAIR, "We want two scribes.")
    declare(world, draft, CHAIR, {**SCRIBE, "seats": 2})
    return world.here


@abuse("effects_in_time", raised_by_an_effect)
def an_effect_is_doubled_late(world: Town) -> int:
    world.at += 2 * MINUTE
    draft = world.put("i0001", CHAIR, "We want a scribe and another.")
    declare(world, draft, CHAIR, SCRIBE, {**SCRIBE, "title": "Clerk"})
    return world.here
