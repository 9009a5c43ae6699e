# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest story of a ballot that law has a scrutineer hold outside."""

from __future__ import annotations

from .charter_stories import LAW, law_note_carried
from .stories import begin, story
from .story import on
from .town import Town

EFFECT = {
    "effect": "create_post", "post": "press", "leading": True, "seats": 1, "term_days": 365, "pay": 0,
    "box": "outside", "title": "Press",
}  # fmt: skip
OUTSIDE = {**LAW, "touches": "form", "text": "A notary holds the ballot.", "change": "Held by a notary."}


@story
def held_outside(world: Town) -> None:
    """A post that law makes a scrutineer fill: two of them enter the ballots, one of them twice."""
    brought_from_outside(world, *[("m0006", "m0007")] * 5, *[("m0007",)] * 4)


def brought_from_outside(world: Town, *votes: tuple[str, ...]) -> None:
    """A law note, such a post, with these votes."""
    begin(world, 12, ("counter", {"leading": False, "seats": 2, "duty": "scrutineer"}))
    for member in ("m0004", "m0005"):
        world.soon(on(2), "stand", "e0001", member)
    world.soon(on(18), "vote_in", "e0001", *[("m0004", "m0005")] * 5, *[("m0005", "m0004")] * 4)
    world.at = on(24)
    law_note_carried(world, OUTSIDE)
    world.soon(on(84), "raise_editor", EFFECT)
    world.soon(on(84.5), "support", "x0001", "m0006")
    world.soon(on(84.75), "follow", "x0001")
    world.soon(on(124), "vote_for", "x0001", "m0001", "m0006", "m0007", "m0008", "m0009")
    world.soon(on(133), "stand", "e0002", "m0006")
    world.soon(on(133.5), "stand", "e0002", "m0007")
    world.soon(on(154), "enter_ballots", "e0002", "m0004", *votes[:-1])
    world.soon(on(154.25), "take_entry_back", "e0002", "m0004")
    world.soon(on(154.5), "enter_ballots", "e0002", "m0004", *votes)
    world.soon(on(155), "enter_ballots", "e0002", "m0005", *votes)
    world.at = on(157)
