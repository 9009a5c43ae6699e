# SPDX-License-Identifier: AGPL-3.0-or-later
"""A lot anyone can draw again, and a seed nobody chooses alone."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.counting.errors import WrongBallots
from kollontai.counting.lots import ZEROS, commitment, common_seed, draw

PEOPLE = ("Ada", "Ben", "Cleo")
WORDS = {"Ada": "rain", "Ben": "", "Cleo": "14 buses"}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_seed_can_be_worked_out_by_hand() -> None:
    told = common_seed(commitment("hidden"), "hidden", PEOPLE, {"Ada": "rain", "Ben": ""})
    lines = ["lot seed", sha("hidden"), f"{sha('Ada')} {sha('rain')}", f"{sha('Ben')} {sha('')}"]
    assert told.seed == sha("\n".join([*lines, f"{sha('Cleo')} {ZEROS}"]))
    assert told.missing == ("Cleo",)
    assert told.sentences()[1:] == ("Cleo contributed nothing; zeros were taken.",)


def test_everybody_changes_the_seed() -> None:
    whole = common_seed(commitment("hidden"), "hidden", PEOPLE, WORDS)
    assert whole.missing == ()
    others = [
        common_seed(commitment("hidden"), "hidden", PEOPLE, {**WORDS, name: word}).seed
        for name in PEOPLE
        for word in ("snow", None)
    ]
    others += [common_seed(commitment("seen"), "seen", PEOPLE, WORDS).seed]
    others += [common_seed(commitment("hidden"), "hidden", PEOPLE[::-1], WORDS).seed]
    assert len({whole.seed, *others}) == len(others) + 1


def test_a_missing_word_is_not_an_empty_one_nor_one_of_zeros() -> None:
    seeds = {common_seed(commitment("s"), "s", ["Ada"], {"Ada": word}).seed for word in (None, "", ZEROS)}
    assert len(seeds) == 3


def test_another_secret_another_person_and_a_name_twice_are_refused() -> None:
    with pytest.raises(WrongBallots, match="not the one that was committed to"):
        common_seed(commitment("hidden"), "other", PEOPLE, WORDS)
    with pytest.raises(WrongBallots, match="Dina contributes"):
        common_seed(commitment("hidden"), "hidden", PEOPLE, {"Dina": "x"})
    with pytest.raises(WrongBallots, match="announced twice"):
        common_seed(commitment("hidden"), "hidden", ["Ada", "Ada"], {})


@given(st.text(), st.lists(st.text(), unique=True, min_size=1))
def test_the_order_does_not_depend_on_the_order_of_the_names(seed: str, names: list[str]) -> None:
    assert draw(seed, names) == draw(seed, names[::-1])
    assert sorted(draw(seed, names)) == sorted(names)
