# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest merger: both branches say yes, what is open goes on, a post and its term are over."""

from __future__ import annotations

from kollontai.openrecord.kinds import merging

from .charter_stories import counted, declare
from .stories import begin, story
from .story import HOUR, on
from .town import Town
from .world import DAY, spell

MERGE = {"effect": "merge_units", "from_unit": "south", "into_unit": "north"}
SOUTH, NORTH = ("m0001", "m0002", "m0003", "m0004"), ("m0009", "m0010", "m0011", "m0012")


def asked(world: Town, unit: str, *effects: dict[str, str], weight: str = "big") -> str:
    """An issue of a branch, in the members' talk."""
    names = SOUTH if unit == "south" else NORTH
    issue = world.raise_issue(names[0], unit, weight, needed=2)
    if effects:
        declare(world, world.rows["drafts"][-1]["draft"], names[0], *effects)
    world.at += HOUR
    world.support(issue, names[1])
    return issue


def draft_of(world: Town, issue: str) -> str:
    """Its only draft."""
    draft: str = next(row["draft"] for row in world.rows["drafts"] if row["issue"] == issue)
    return draft


def says_yes(world: Town, issue: str, poll: str, unit: str) -> None:
    """A branch's vote is counted, and it has agreed."""
    names = SOUTH if unit == "south" else NORTH
    for member in names[:3]:
        world.vote(poll, member, "yes")
    due = world.ends(issue)
    world.at = max(world.at, due)
    world.count(poll, due, "yes", {"yes": 3, "no": 0, "abstain": 0})
    draft = draft_of(world, issue)
    world.decide(issue, poll, draft)
    until = world.at + 180 * DAY
    world.record(merging.MergeAgreed(unit, "south", "north", until, issue, draft))
    world.add(
        "merge_yeses", unit=unit, merged="south", into="north", issue=issue, draft=draft, at=spell(world.at),
        until=spell(until), over_at=None,
    )  # fmt: skip


@story
def two_branches_merge(world: Town) -> None:
    """South becomes part of north; an issue of south goes on there, and its convenor is one no more."""
    begin(world, 12, ("convenor", {"leading": True, "days": 365, "unit": "south"}), south=4)
    world.soon(on(2), "stand", "e0001", "m0004")
    world.soon(on(18), "vote_in", "e0001", *[("m0004",)] * 3)
    world.at = on(30)
    south = asked(world, "south", MERGE)
    world.at += DAY
    north = asked(world, "north", MERGE)
    for stage in ("answer", "reply"):
        world.turn(south, stage)
        world.turn(north, stage)
    of_south = world.open_vote(south, [draft_of(world, south)])
    of_north = world.open_vote(north, [draft_of(world, north)])
    world.at += 8 * DAY
    lamp = asked(world, "south", weight="unit")
    says_yes(world, south, of_south, "south")
    says_yes(world, north, of_north, "north")
    world.record(merging.UnitMerged("south", "north", 4, 1, north, draft_of(world, north), south))
    world.row("units", unit="south").update(merged_into="north", merged_at=spell(world.at))
    world.row("issues", issue=lamp).update(unit="north", all_led=False)
    for row in world.rows["members"]:
        if row["unit"] == "south":
            row["unit"] = "north"
    for row in world.rows["merge_yeses"]:
        row["over_at"] = spell(world.at)
    term = world.row("terms", post="convenor")
    world.end_term(term, "unit-merged", "clock")
    world.row("posts", post="convenor")["ended_at"] = spell(world.at)
    for stage in ("answer", "reply"):
        world.turn(lamp, stage)
    world.at += HOUR
    world.speak(lamp, "m0009", "A lamp at both gates.")
    draft = counted(world, lamp, world.open_vote(lamp, [draft_of(world, lamp)]), yes=0, no=0, carried=False)
    assert draft
