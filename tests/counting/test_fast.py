# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fast tables and the fast reader say the same as the plain ones, bit by bit."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting.ballots import make
from kollontai.counting.files import blt
from kollontai.counting.stv import RULES, count

pytest.importorskip("numpy")
WARDS = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish"
ARRAYS = [n for n, r in RULES.items() if r.family in ("gregory", "meek") and not r.one_seat]


@pytest.mark.parametrize("ward", ["dundee_2022_ward5", "glasgow_2007_calton"])
@pytest.mark.parametrize("rule", ARRAYS)
def test_a_ward_counts_the_same_with_arrays(ward: str, rule: str) -> None:
    text = (WARDS / f"{ward}.blt").read_text()
    plain = count(blt.careful(text), rule, seed="fast", fast=False)
    fast = count(blt.read(text, fast=True), rule, seed="fast", fast=True)
    assert plain.to_json() == fast.to_json()
    assert plain.sentences() == fast.sentences()


@pytest.mark.parametrize("ward", json.loads((WARDS / "expected.json").read_text()))
def test_all_readers_read_a_ward_alike(ward: str) -> None:
    text = (WARDS / f"{ward}.blt").read_text()
    slow = blt.careful(text)
    assert blt.read(text, fast=False) == slow
    swept = blt.read(text, fast=True)
    assert (swept.candidates, swept.seats, swept.title) == (slow.candidates, slow.seats, slow.title)
    assert list(swept.papers) == list(slow.papers)
    assert swept.total == slow.total


LINE = st.lists(st.sampled_from(["1", "2", "3", "0", "12", "x", "", "-1", "10"]), max_size=5).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=5))
def test_the_sweep_takes_only_what_the_careful_reader_takes(lines: list[str]) -> None:
    text = "3 2\n" + "\n".join([*lines, "0", '"A"', '"B"', '"C"', '"T"', ""])
    for fast in (False, True):
        swept = blt.sweep(text, fast)
        if swept is not None:
            slow = blt.careful(text)
            assert list(swept.papers) == list(slow.papers)
            assert swept.title == slow.title


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 5), unique=True).map(tuple), st.integers(1, 50)),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 4),
    st.sets(st.integers(0, 5), max_size=2),
)
def test_random_elections_count_the_same_with_arrays(
    data: list[tuple[tuple[int, ...], int]], seats: int, gone: set[int]
) -> None:
    ballots = make([*"abcdef"], seats, data, withdrawn=gone)
    for rule in ("scottish-stv", "ers97", "senate-au", "wigm", "meek-prf", "warren"):
        plain = count(ballots, rule, tie_order=range(6), fast=False, leave_out_unranked=True)
        fast = count(ballots, rule, tie_order=range(6), fast=True, leave_out_unranked=True)
        assert plain.to_json() == fast.to_json()


def test_weights_beyond_any_float_are_counted_to_the_last_vote() -> None:
    heavy = 10**17 + 1
    ballots = make([*"abc"], 1, [((0, 1), heavy), ((1, 0), heavy - 1), ((2, 0), 1)])
    for fast in (False, True):
        result = count(ballots, "scottish-stv", fast=fast)
        assert result.elected == (0,)
        assert sum(result.stages[-1].tallies) + result.stages[-1].non_transferable == (2 * heavy) * 10**5


def test_a_large_count_is_the_same_line_by_line_and_merged() -> None:
    dice = random.Random(1921)
    orders = [tuple(dice.sample(range(8), dice.randint(1, 8))) for _ in range(60)]
    lines = [dice.choice(orders) for _ in range(5000)]
    text = "8 3\n" + "".join(f"1 {' '.join(str(c + 1) for c in line)} 0\n" for line in lines) + "0\n"
    text += "".join(f'"{name}"\n' for name in "abcdefgh") + '"T"\n'
    plain = count(blt.careful(text), fast=False, seed="x")
    assert plain.to_json() == count(blt.read(text, fast=True), fast=True, seed="x").to_json()
