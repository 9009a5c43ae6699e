# SPDX-License-Identifier: AGPL-3.0-or-later
"""A board raises something in its own name; and abuses of that, as in `abuses.py`."""

from __future__ import annotations

from kollontai.openrecord.kinds import raising

from .abuses import abuse, drop, replace
from .stories import begin, story
from .story import HOUR, on
from .town import Town

BOARD = ("m0002", "m0003")


@story
def a_board_raises_something(world: Town) -> None:
    """Two sit on the board; one of them raises a matter in its name, and members stand behind it."""
    begin(
        world,
        9,
        ("board", {"leading": True, "seats": 2, "days": 365}),
        ("chair", {"leading": True, "days": 365}),
    )
    for member in BOARD:
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(18), "vote_in", "e0001", *[BOARD] * 5)
    world.at = on(30)
    issue = world.raise_issue("m0002", needed=2, leader=True)
    world.record(raising.IssueRaisedFor(issue, "board"), "m0002")
    world.row("issues", issue=issue)["for_body"] = "board"
    for member in ("m0005", "m0006"):
        world.at += HOUR
        world.support(issue, member)
    world.turn(issue, "answer")


def _at(world: Town) -> int:
    return world.find("issue.raised_for")


@abuse("raised_for_body", a_board_raises_something)
def a_board_is_spoken_for_by_somebody_outside_it(world: Town) -> int:
    for at in range(_at(world) - 2, _at(world) + 1):
        world.change(at, actor="m0004")
    return _at(world)


@abuse("raised_for_body", a_board_raises_something)
def somebody_puts_the_boards_name_on_anothers_issue(world: Town) -> int:
    world.change(_at(world), actor="m0003")
    return _at(world)


@abuse("raised_for_body", a_board_raises_something)
def one_person_calls_themself_a_board(world: Town) -> int:
    world.change(_at(world), body="chair")
    return _at(world)


@abuse("raised_for_body", a_board_raises_something)
def the_boards_name_is_added_later(world: Town) -> int:
    position = _at(world)
    entry = world.chain.pop(position)
    world.chain.insert(position + 2, entry)
    world.change(position + 2, at=world.chain[position + 1].at)
    return position + 2


@abuse("raised_for_body", a_board_raises_something)
def a_board_raises_something_at_length(world: Town) -> int:
    replace(world, world.find("issue.raised"), "text", lambda _: "word " * 500)
    return _at(world)


@abuse("raised_for_body", a_board_raises_something)
def a_board_is_spoken_for_before_anybody_sits_in_it(world: Town) -> int:
    for at in (world.find("term.begun", member="m0002"),):
        drop(world, at)
    return _at(world)


@abuse("state_matches", a_board_raises_something)
def the_boards_name_is_rubbed_out(world: Town) -> int:
    world.rows["issues"][0]["for_body"] = None
    return world.find("issue.raised")


@abuse("leaders_silent", a_board_raises_something)
def who_speaks_for_the_board_is_called_no_leader(world: Town) -> int:
    position = world.find("issue.raised")
    world.change(position, by_leader=False)
    return position
