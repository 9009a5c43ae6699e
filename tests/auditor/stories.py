# SPDX-License-Identifier: AGPL-3.0-or-later
"""More honest stories: a committee and Re-open nominations, terms served, ties."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from .story import kept, on, town
from .town import Town
from .world import MINUTE

STORIES: list[Callable[[], Town]] = []


def story(tell: Callable[[Town], None]) -> Callable[[], Town]:
    """Tell a story once, and hand out copies of it."""

    @cache
    def told() -> bytes:
        world = Town()
        tell(world)
        return kept(world)

    def honest() -> Town:
        return town(told())

    honest.__name__ = tell.__name__
    STORIES.append(honest)
    return honest


def begin(world: Town, founders: int, *posts: tuple[str, dict[str, object]], south: int = 0) -> None:
    """Found an organisation with empty posts; the elections to them open with it. A post is of all, unless its
    `unit` says otherwise; the first `south` founders are of a second branch."""
    listed = world.open(founders, south=south)
    for post, what in posts:
        said = {"unit": "root", **what}
        world.post(post, str(said.pop("unit")), listed[0], **said)  # type: ignore[arg-type]
    for member in listed:
        world.at += MINUTE
        world.sign(member)
        if world.organisation["founded_at"] and not world.rows["elections"]:
            world.founding_elections()


@story
def a_committee_and_reopened_nominations(world: Town) -> None:
    """Three seats by the single transferable vote: one is filled, two re-open; a member resigns later."""
    begin(world, 12, ("table", {"leading": True, "seats": 3, "days": 300}))
    for member in ("m0001", "m0002", "m0003", "m0004"):
        world.soon(on(2), "stand", "e0001", member)
    votes = [("m0001", "ron")] * 5 + [("ron",)] * 4 + [("m0002",)]
    world.soon(on(18), "vote_in", "e0001", *votes)
    for member in ("m0002", "m0003", "m0005"):
        world.soon(on(25), "stand", "e0002", member)
    votes = [("m0002", "m0003")] * 4 + [("m0003", "m0005")] * 4 + [("m0005", "m0003")] * 2
    world.soon(on(41), "vote_in", "e0002", *votes)
    world.soon(on(60), "resign", "t0002")
    world.soon(on(61), "act", "t0002", "m0005")
    world.soon(on(70), "stand", "e0003", "m0006")
    world.soon(on(77), "vote_in", "e0003", *[("m0006",)] * 6)
    world.at = on(90)


@story
def seats_given_back_one_after_the_other(world: Town) -> None:
    """Five seats; two are given back five days apart, filled together; a third when that vote has begun."""
    begin(world, 12, ("table", {"leading": True, "seats": 5, "days": 300}))
    for number in range(1, 7):
        world.soon(on(2), "stand", "e0001", f"m000{number}")
    world.soon(on(18), "vote_in", "e0001", *[tuple(f"m000{one}" for one in range(1, 6))] * 8)
    world.soon(on(60), "resign", "t0001")
    world.soon(on(65), "resign", "t0002")
    for member in ("m0006", "m0007", "m0008"):
        world.soon(on(66), "stand", "e0002", member)
    votes = [("m0006", "m0007")] * 6 + [("m0008",)] * 4
    world.soon(on(81), "vote_in", "e0002", *votes)
    world.soon(on(82), "resign", "t0003")
    world.soon(on(84), "stand", "e0003", "m0009")
    world.soon(on(98), "vote_in", "e0003", *[("m0009",)] * 6)
    world.at = on(110)


@story
def two_seats_of_which_one_is_filled(world: Town) -> None:
    """Two seats are given back and acted in; one stands for both: who acts in the other goes on to the last day."""
    begin(world, 12, ("table", {"leading": True, "seats": 3, "days": 300}))
    for number in range(1, 6):
        world.soon(on(2), "stand", "e0001", f"m000{number}")
    world.soon(on(18), "vote_in", "e0001", *[tuple(f"m000{one}" for one in range(1, 6))] * 8)
    for day, term, member in ((60, "t0001", "m0004"), (62, "t0002", "m0005")):
        world.soon(on(day), "resign", term)
        world.soon(on(day + 1), "act", term, member)
    world.soon(on(66), "stand", "e0002", "m0006")
    world.soon(on(79), "vote_in", "e0002", *[("m0006",)] * 6)
    world.at = on(112)


@story
def a_lost_box_and_nobody_left(world: Town) -> None:
    """Two stand and leave while the vote runs; its box is lost: annulled, and nominations open at once."""
    begin(world, 9, ("desk", {"leading": True, "days": 300}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
        world.soon(on(17), "leave", member)
    world.soon(on(18), "lose_box", "b0001")
    world.soon(on(25), "stand", "e0002", "m0004")
    world.soon(on(40), "vote_in", "e0002", *[("m0004",)] * 4)
    world.at = on(50)


@story
def terms_served(world: Town) -> None:
    """Short terms: after three of them the holder may not stand; nobody else does; then for half a term."""
    begin(world, 9, ("desk", {"leading": True, "days": 60}))
    day = 0.0
    for number in range(1, 4):
        world.soon(on(day + 2), "stand", f"e000{number}", "m0002")
        world.soon(on(day + 18), "vote_in", f"e000{number}", *[("m0002",)] * 5)
        day = 21.5 + 60 * number - 26
    world.soon(on(day + 50), "stand", "e0005", "m0002", True)
    world.soon(on(day + 62), "vote_in", "e0005", *[("m0002",)] * 4)
    world.at = on(day + 90)


@story
def a_post_that_is_dropped(world: Town) -> None:
    """Members end a post; its holder stays to the end of the term, and nobody is elected after them."""
    begin(world, 9, ("desk", {"leading": False, "seats": 2, "days": 150}))
    for member in ("m0002", "m0003"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(18), "vote_in", "e0001", *[("m0002", "m0003")] * 4, *[("m0003", "m0002")] * 3)
    change = {"effect": "change_post", "post": "desk", "seats": 3, "title": "The desk"}
    end = {"effect": "end_post", "post": "desk"}
    for name, day, effect in (("x0001", 23, change), ("x0002", 100, end)):
        world.soon(on(day), "raise_plain", name, effect)
        world.soon(on(day + 0.25), "support", name, "m0006")
        world.soon(on(day + 0.5), "follow", name)
        world.soon(on(day + 17.5), "vote_for", name, "m0001", "m0006", "m0007", "m0008")
    world.at = on(180)


@story
def ties_are_destroyed(world: Town) -> None:
    """Half a year after a vote and a petition nobody can tell any more who took part."""
    begin(world, 9, ("desk", {"leading": True, "days": 365}))
    world.soon(on(2), "stand", "e0001", "m0002")
    world.soon(on(18), "vote_in", "e0001", *[("m0002",)] * 5)
    world.soon(on(30), "petition", "recall", "root", "t0001", "a01")
    world.at = on(275)
    world.apply()  # the record goes on


@story
def names_from_three_units(world: Town) -> None:
    """Four members in each of three units; a question needs names from all three, and has them."""
    begin(world, 12, ("desk", {"leading": True, "days": 300}), south=4)
    world.soon(on(2), "petition", "question", "root", None, "a01", 3)
    world.soon(on(2.25), "sign_petition", "pt0001", "a02", "south")
    world.soon(on(2.5), "sign_petition", "pt0001", "a03", "south")
    world.soon(on(2.75), "sign_petition", "pt0001", "a04", "north")
    world.at = on(4)
    world.apply()  # the record goes on


@story
def signatures_are_asked_after(world: Town) -> None:
    """Two scrutineers draw from a petition, each by words of their own; one has reported."""
    begin(world, 12, ("counter", {"leading": False, "seats": 2, "duty": "scrutineer"}))
    for member in ("m0004", "m0005"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(18), "vote_in", "e0001", *[("m0004", "m0005")] * 5, *[("m0005", "m0004")] * 4)
    world.soon(on(30), "petition", "question", "root", None, "a01")
    world.soon(on(30.25), "sign_petition", "pt0001", "a02")
    world.soon(on(31), "draw_signatures", "pt0001", "m0004", "Gulls over the quay.")
    world.soon(on(32), "draw_signatures", "pt0001", "m0005", "The tram was late.")
    world.soon(on(33), "report_signatures", "pt0001", "m0004", 1, 0, 0)
    world.at = on(34)
    world.apply()  # the record goes on
