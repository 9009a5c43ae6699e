# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arrays and machine code read and count the same as plain Python, bit by bit."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting import pays
from kollontai.counting.ballots import make
from kollontai.counting.files import blt
from kollontai.counting.pays import Way
from kollontai.counting.rankings import Ranking, tally
from kollontai.counting.stv import RULES, count, ways

pytest.importorskip("numpy")
FAST: list[Way] = [True, "compiled"] if importlib.util.find_spec("numba") else [True]
WAYS: list[Way] = [False, *FAST]
WARDS = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish"
ARRAYS = [n for n, r in RULES.items() if r.family in ("gregory", "meek") and not r.one_seat]


@pytest.mark.parametrize("ward", ["dundee_2022_ward5", "glasgow_2007_calton"])
@pytest.mark.parametrize("rule", ARRAYS)
def test_a_ward_counts_the_same_every_way(ward: str, rule: str) -> None:
    text = (WARDS / f"{ward}.blt").read_text()
    plain = count(blt.careful(text), rule, seed="fast", fast=False)
    for way in FAST:
        fast = count(blt.read(text, fast=way), rule, seed="fast", fast=way)
        assert plain.to_json() == fast.to_json()
        assert plain.sentences() == fast.sentences()
        assert plain.parcels == fast.parcels


@pytest.mark.parametrize("ward", json.loads((WARDS / "expected.json").read_text()))
def test_all_readers_read_a_ward_alike(ward: str) -> None:
    text = (WARDS / f"{ward}.blt").read_text()
    slow = blt.careful(text)
    assert blt.read(text, fast=False) == slow
    for way in FAST:
        swept = blt.read(text, fast=way)
        assert (swept.candidates, swept.seats, swept.title) == (slow.candidates, slow.seats, slow.title)
        assert list(swept.papers) == list(slow.papers)
        assert [swept.papers[0], swept.papers[-1]] == [slow.papers[0], slow.papers[-1]]
        assert swept.total == slow.total


MARK = st.sampled_from(
    ["1", "2", "3", "0", "00", "02", "12", "x", "", "-1", "+1", "1_0", "10", "9" * 10, "\t"]
)
LINE = st.one_of(
    st.lists(MARK, max_size=5).map(" ".join),
    st.permutations([1, 2, 3]).map(lambda order: f"7 {' '.join(map(str, order))} 0"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=5))
def test_the_sweep_takes_only_what_the_careful_reader_takes(lines: list[str]) -> None:
    text = "3 2\n" + "\n".join([*lines, "0", '"A"', '"B"', '"C"', '"T"', ""])
    for way in WAYS:
        swept = blt.sweep(text, way)
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
        for way in FAST:
            fast = count(ballots, rule, tie_order=range(6), fast=way, leave_out_unranked=True)
            assert plain.to_json() == fast.to_json()


def test_weights_beyond_any_float_are_counted_to_the_last_vote() -> None:
    heavy = 10**17 + 1
    ballots = make([*"abc"], 1, [((0, 1), heavy), ((1, 0), heavy - 1), ((2, 0), 1)])
    for way in WAYS:
        result = count(ballots, "scottish-stv", fast=way)
        assert result.elected == (0,)
        assert sum(result.stages[-1].tallies) + result.stages[-1].non_transferable == (2 * heavy) * 10**5


def test_a_large_count_is_the_same_line_by_line_and_merged() -> None:
    dice = random.Random(1921)
    orders = [tuple(dice.sample(range(8), dice.randint(1, 8))) for _ in range(60)]
    lines = [dice.choice(orders) for _ in range(5000)]
    text = "8 3\n" + "".join(f"1 {' '.join(str(c + 1) for c in line)} 0\n" for line in lines) + "0\n"
    text += "".join(f'"{name}"\n' for name in "abcdefgh") + '"T"\n'
    plain = count(blt.careful(text), fast=False, seed="x")
    for way in FAST:
        assert plain.to_json() == count(blt.read(text, fast=way), fast=way, seed="x").to_json()


@pytest.mark.parametrize("total", [2**62 - 1, 2**62, 2**63, 2**70])
@pytest.mark.parametrize("rule", ["scottish-stv", "senate-au", "meek-prf"])
def test_where_weights_could_pass_64_bits_plain_numbers_count(total: int, rule: str) -> None:
    heavy = total // 3
    data = [((0, 1), heavy), ((1, 2), heavy), ((2, 0), total - 2 * heavy - 1), ((), 1)]
    ballots = make([*"abc"], 2, data)
    plain = count(ballots, rule, tie_order=range(3), fast=False)
    for way in FAST:
        assert plain.to_json() == count(ballots, rule, tie_order=range(3), fast=way).to_json()
    assert plain.valid == total - 1
    assert plain.blank == 1


def test_arrays_are_made_below_the_bound_and_not_from_it_on() -> None:
    from kollontai.counting.stv.fast import MOST, FastPapers

    assert FastPapers.of([((0,), MOST - 1)], 1, MOST - 1) is not None
    assert FastPapers.of([((0,), MOST)], 1, MOST) is None


@pytest.mark.parametrize("papers", [(2**63 - 1) // 10**9, (2**63 - 1) // 10**9 + 1])
def test_meek_takes_arrays_only_where_votes_fit(papers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from kollontai.counting.stv.ways_fast import Flow

    asked: list[bool] = []

    def fits(flow: Flow, one: int) -> bool:
        asked.append(flow.papers * one < 2**63)
        return asked[-1]

    monkeypatch.setattr(Flow, "fits", fits)
    half = papers // 2
    ballots = make([*"abcd"], 2, [((0, 1), half), ((1, 2), papers - half - 7), ((2, 3), 4), ((3, 0), 3)])
    plain = count(ballots, "meek-prf", tie_order=range(4), fast=False)
    monkeypatch.setattr(ways, "LARGE", 0)
    assert plain.to_json() == count(ballots, "meek-prf", tie_order=range(4), fast=False).to_json()
    assert asked
    assert asked[0] is (papers * 10**9 < 2**63)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 6), unique=True).map(tuple), st.integers(1, 999)),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 5),
)
def test_meek_shares_the_same_in_arrays(data: list[tuple[tuple[int, ...], int]], seats: int) -> None:
    ballots = make([*"abcdefg"], seats, data)
    told: list[Any] = []
    for large in (300, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ways, "LARGE", large)
            told += [count(ballots, rule, tie_order=range(7)).to_json() for rule in ("meek-prf", "meek-nz")]
    assert told[:2] == told[2:]


@pytest.mark.parametrize("many", [49, 50, 51, 101, 300])
def test_a_ballot_that_names_somebody_twice_is_found_among_many(many: int) -> None:
    names = "".join(f'"{at}"\n' for at in range(many))
    for first, second in ((1, many), (many - 1, many), (many, many), (1, 1)):
        text = f"{many} 2\n1 2 3 0\n1 {first} 4 {second} 0\n0\n{names}"
        for way in WAYS:
            swept = blt.sweep(text, way)
            assert (swept is None) is (first == second)


def test_nothing_is_loaded_for_a_small_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pays, "_worked", 0)
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.delitem(sys.modules, "kollontai.counting.stv.compiled", raising=False)
    assert not pays.arrays(50_000, None)
    assert pays.machine(None) is None
    assert pays.arrays(50_000, True)
    assert pays.arrays(60_000, None)
    assert not pays.arrays(60_000, False)


def test_without_the_extra_arrays_count_and_a_wish_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "kollontai.counting.stv.compiled", raising=False)
    monkeypatch.setattr(pays, "_worked", 10**9)
    monkeypatch.setattr(pays, "_missing", False)
    assert pays.machine(None) is None
    assert pays.machine(None) is None
    with pytest.raises(ImportError):
        pays.machine("compiled")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 5), unique=True).map(tuple), st.integers(1, 50)),
        min_size=1,
        max_size=30,
    )
)
def test_pairs_are_the_same_every_way(data: list[tuple[tuple[int, ...], int]]) -> None:
    names = [*"abcdef"]
    ballots = make(names, 1, data)
    told = [tally(ballots, names, fast=way) for way in WAYS]
    rankings: list[tuple[Ranking, int]] = [
        (tuple((names[c],) for c in order), times) for order, times in data
    ]
    told += [tally(rankings, names, fast=way) for way in (False, True)]
    assert told == [told[0]] * len(told)


def test_pairs_beyond_64_bits_are_counted_in_plain_numbers() -> None:
    heavy = 2**62
    ballots = make([*"ab"], 1, [((0, 1), heavy), ((1,), 1)])
    rankings: list[tuple[Ranking, int]] = [((("a",), ("b",)), heavy), ((("b",),), 1)]
    for way in WAYS:
        assert tally(ballots, ["a", "b"], fast=way) == (heavy + 1, ((0, heavy), (1, 0)))
        assert tally(rankings, ["a", "b"], fast=way) == (heavy + 1, ((0, heavy), (1, 0)))


@pytest.mark.parametrize("way", FAST)
def test_pairs_of_a_swept_file_are_those_of_the_careful_reader(way: Way) -> None:
    text = (WARDS / "dundee_2022_ward5.blt").read_text()
    slow, swept = blt.careful(text), blt.read(text, fast=way)
    assert tally(slow, slow.candidates, fast=False) == tally(swept, swept.candidates, fast=way)
