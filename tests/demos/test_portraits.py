# SPDX-License-Identifier: AGPL-3.0-or-later
"""Portraits of candidates who do not exist: the same every time, one of each, and no photograph."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from kollontai.chapters.elections import pictures
from kollontai.demos import portraits, stories

WORDS = {
    "skin": portraits.SKINS, "hair": portraits.HAIRS, "cut": portraits.CUTS, "jaw": portraits.JAWS,
    "clothes": portraits.CLOTHES, "hat": portraits.HATS, "face": portraits.FACES,
}  # fmt: skip
WITHOUT = {"Idris Callow"}
"""Of Tidewater's candidates these gave no picture."""


def told() -> dict[str, list[str]]:
    """What is told of each person, by their name."""
    return {name: words.split() for name, words in portraits._told().items()}


def test_every_candidate_of_tidewater_has_one_but_for_who_gave_none():
    for small in (False, True):
        candidates = {one["by"] for one in stories.read("tidewater", small=small)["stands"]}
        assert {name for name in candidates if not portraits.picture(name)} <= WITHOUT
    assert not portraits.picture("Idris Callow")


def test_whoever_has_a_portrait_is_in_one_of_the_stories():
    standing = {one["by"] for slug in stories.FILES for one in stories.read(slug)["stands"]}
    standing |= {one["by"] for one in stories.read("tidewater", small=True)["stands"]}
    assert set(told()) <= standing


def test_a_portrait_is_the_same_each_time_and_no_two_are_alike():
    drawn = {name: portraits.draw(name, words).tobytes() for name, words in told().items()}
    assert len(set(drawn.values())) == len(drawn)
    name = "Ilse Varga"
    assert portraits.draw(name, told()[name]).tobytes() == drawn[name]
    assert portraits.draw(name, [*told()[name], "plain"]).tobytes() != drawn[name]


@pytest.mark.parametrize("kind", ["skin", "hair", "cut", "jaw", "clothes", "hat", "face"])
def test_each_word_of_a_kind_draws_somebody_else(kind: str):
    base = {"skin": "pale", "hair": "brown", "cut": "short", "jaw": "round", "clothes": "jumper"}
    others = [word for name, word in base.items() if name != kind]
    drawn = [portraits.draw("Somebody", [*others, word]).tobytes() for word in WORDS[kind]]
    if kind in ("hat", "face"):  # one may have none of these
        drawn.append(portraits.draw("Somebody", others).tobytes())
    assert len(set(drawn)) == len(drawn)


def test_a_word_that_nobody_can_draw_is_refused():
    with pytest.raises(ValueError, match="Nobody knows how to draw horns"):
        portraits.draw("Somebody", ["pale", "horns"])


def test_a_portrait_is_taken_like_anybodys_picture():
    kept = base64.b64decode(pictures.tidy(portraits.picture("Ilse Varga")))
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (pictures.SIDE, pictures.SIDE))
        assert not image.getexif()
    assert len(kept) < 20_000
