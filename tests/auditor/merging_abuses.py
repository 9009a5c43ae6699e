# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of mergers, as in `abuses.py`."""

from __future__ import annotations

from kollontai.openrecord.kinds import issues, members, merging

from .abuses import abuse, drop, slip_in
from .merging_story import two_branches_merge
from .town import Town
from .world import DAY


def _second(world: Town) -> int:
    return world.find("unit.merge_agreed", unit="north")


@abuse("units_merged", two_branches_merge)
def a_unit_is_merged_with_the_yes_of_the_other_alone(world: Town) -> int:
    drop(world, world.find("unit.merge_agreed", unit="south"))
    return world.find("unit.merged")


@abuse("units_merged", two_branches_merge)
def a_yes_that_was_over_is_used(world: Town) -> int:
    position = world.find("unit.merge_agreed", unit="south")
    world.change(position, until=world.chain[position].at)
    return world.find("unit.merged")


@abuse("units_merged", two_branches_merge)
def a_yes_holds_longer_than_it_may(world: Town) -> int:
    position = world.find("unit.merge_agreed", unit="south")
    world.change(position, until=world.chain[position].at + 400 * DAY)
    return position


@abuse("units_merged", two_branches_merge)
def a_unit_is_merged_into_another_than_it_voted(world: Town) -> int:
    position = _second(world)
    world.change(position, merged="north", into="south")
    return position


@abuse("units_merged", two_branches_merge)
def both_are_merged_the_other_way_round(world: Town) -> int:
    position = world.find("unit.merged")
    world.change(position, unit="north", into="south")
    return position


@abuse("units_merged", two_branches_merge)
def one_member_is_left_behind(world: Town) -> int:
    position = world.find("unit.merged")
    world.change(position, members=3)
    return position


@abuse("units_merged", two_branches_merge)
def an_open_issue_is_dropped_with_its_unit(world: Town) -> int:
    position = world.find("unit.merged")
    world.change(position, issues=0)
    return position


@abuse("units_merged", two_branches_merge)
def a_convenor_goes_on_without_a_unit(world: Town) -> int:
    drop(world, world.find("term.ended", why="unit-merged"))
    return world.find("unit.merged")


@abuse("units_merged", two_branches_merge)
def both_said_yes_and_nothing_follows(world: Town) -> int:
    drop(world, world.find("unit.merged"))
    return _second(world)


@abuse("units_merged", two_branches_merge)
def a_yes_is_told_that_nobody_voted(world: Town) -> int:
    at = world.find("issue.raised", unit="south")
    fact = merging.MergeAgreed("south", "south", "north", world.chain[at].at + 180 * DAY, "i0001", "d0001")
    return slip_in(world, at, fact, "clock")


@abuse("units_merged", two_branches_merge)
def all_members_merge_a_unit_that_did_not_ask(world: Town) -> int:
    position = _second(world)
    world.change(position, unit="root")
    return position


@abuse("units_merged", two_branches_merge)
def a_carried_merger_is_passed_over(world: Town) -> int:
    drop(world, world.find("unit.merge_agreed", unit="south"))
    return world.find("issue.decided", issue=world.chain[world.find("issue.raised", unit="south")].fact.issue)


@abuse("units_merged", two_branches_merge)
def a_sleeping_unit_is_filled_again(world: Town) -> int:
    at = world.find("unit.merged") + 2
    fact = members.MemberApplied("m0099", "south", 0, world.chain[at].at + 7 * DAY)
    return slip_in(world, at, fact, "m0099", name="Late")


@abuse("units_merged", two_branches_merge)
def an_issue_is_raised_in_a_unit_that_is_no_more(world: Town) -> int:
    at = world.find("unit.merged") + 2
    fact = issues.IssueRaised(
        "i0099", 99, "south", "unit", False, 2, world.chain[at].at + 90 * DAY, world.limits
    )
    return slip_in(world, at, fact, "m0001", title="Again", text="As if nothing were.")


@abuse("terms_from_counts", two_branches_merge)
def a_term_of_another_unit_ends_with_a_merger(world: Town) -> int:
    drop(world, world.find("unit.merged"))
    return world.find("term.ended", why="unit-merged")


@abuse("state_matches", two_branches_merge)
def the_rows_leave_a_member_behind(world: Town) -> int:
    world.row("members", member="m0002")["unit"] = "south"
    return world.find("member.invited", member="m0002")


@abuse("roll_right", two_branches_merge)
def who_came_with_a_merger_is_left_off_the_roll(world: Town) -> int:
    position = world.find("poll.opened", subject=world.rows["issues"][-1]["issue"])
    world.change(position, roll_count=4)
    roll = world.chain[position].commitments["roll"].hex()
    world.contents.pop(roll)
    return position
