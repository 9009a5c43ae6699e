# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wrong files say line, column and what was expected."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.counting.errors import CountingError, WrongFile
from kollontai.counting.files import abc_yaml, blt, own_json, preflib, rankings_csv
from kollontai.counting.files.rankings_csv import Policy

DATA = Path(__file__).parents[1] / "data" / "counting"
GOOD = '3 2\n4 1 2 0\n2 3 0\n0\n"A"\n"B"\n"C"\n"T"\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "the number of candidates"),
        ("3\n", 2, 1, "the number of seats"),
        ("3 0\n", 1, 3, "at least one seat"),
        ("3 2\n4 1 9 0\n", 2, 5, "a candidate from 1 to 3"),
        ("3 2\n4 1 1 0\n", 2, 5, "each candidate once"),
        ("3 2\n4 1 2\n0\n", 4, 1, "the weight of a ballot"),
        ("3 2\nx 1 0\n", 2, 1, "the weight"),
        ('3 2\n1 1 0\n0\n"A"\n"B"\n', 6, 1, "the name of candidate 3"),
        ('3 2\n1 1 0\n0\n"A\n', 4, 1, "a closing quotation mark"),
        ("3 2\n1 1= 0\n", 2, 6, "a candidate after ="),
        ("3 2\n[magic 1]\n", 2, 2, "nick"),
        (GOOD + "5\n", 9, 1, "the end of the file"),
    ],
)
def test_a_wrong_blt_file_says_where_and_what(text: str, line: int, column: int, expected: str) -> None:
    with pytest.raises(WrongFile, match="Line") as caught:
        blt.read(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert expected in caught.value.expected


def test_blt_with_nicknames_equal_ranks_and_withdrawals_is_read() -> None:
    ballots = blt.read((DATA / "stv-rules" / "eq1.blt").read_text())
    assert ballots.papers[1] == (((1, 2),), 1)
    assert blt.read((DATA / "stv-rules" / "SCw.blt").read_text()).withdrawn == {3}
    assert blt.read(GOOD).papers == (((0, 1), 4), ((2,), 2))


@given(st.text(alphabet='0123 \n"ab[]=-#', max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    for read in (blt.read, preflib.read, own_json.read, abc_yaml.read, rankings_csv.read):
        with contextlib.suppress(CountingError):
            assert read(text) is not None  # type: ignore[operator]


def soi(*lines: str, voters: int = 3, kind: str = "toi") -> str:
    head = [f"# DATA TYPE: {kind}", "# NUMBER ALTERNATIVES: 3", f"# NUMBER VOTERS: {voters}"]
    head += [f"# ALTERNATIVE NAME {n}: {name}" for n, name in enumerate("ABC", 1)]
    return "\n".join([*head, *lines, ""])


def test_preflib_orders_with_ties_are_read() -> None:
    ballots = preflib.read(soi("2: 1,{2,3}", "1: 3"), seats=2)
    assert ballots.papers == (((0, (1, 2)), 2), ((2,), 1))
    assert ballots.seats == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (soi("3: 1,{2,3}", kind="soi"), "no equal alternatives"),
        (soi("3: 4"), "an alternative from 1 to 3"),
        (soi("3: 1,1"), "each alternative once"),
        (soi("2: 1"), "3 voters"),
        (soi("x: 1"), "a count and a colon"),
        (soi("3: {1,2"), "a closing }"),
    ],
)
def test_a_wrong_preflib_file_is_refused(text: str, expected: str) -> None:
    with pytest.raises(WrongFile) as caught:
        preflib.read(text)
    assert expected in caught.value.expected


def test_preflib_categories_are_read() -> None:
    text = soi("2: {1,2},{3}", "1: {},{1,2,3}", kind="cat").replace(
        "# NUMBER VOTERS",
        "# NUMBER CATEGORIES: 2\n# CATEGORY NAME 1: yes\n# CATEGORY NAME 2: no\n# NUMBER VOTERS",
    )
    told = preflib.read_categories(text)
    assert told.categories == ("yes", "no")
    assert told.approvals() == [(frozenset({0, 1}), 2), (frozenset(), 1)]


CSV = "rank1,rank2,rank3\nA,,B\nA,A,C\nA|B,C,\n"


def test_ballots_filled_in_wrongly_need_a_declared_policy() -> None:
    with pytest.raises(WrongFile, match="a policy for skipped ranks"):
        rankings_csv.read(CSV)
    policy = Policy(skipped="close-up", doubled="first", overvoted="skip")
    ballots = rankings_csv.read(CSV, policy=policy)
    assert [ranks for ranks, _ in ballots.papers] == [(0, 1), (0, 2), (2,)]
    policy = Policy(skipped="stop", doubled="stop", overvoted="equal")
    ballots = rankings_csv.read(CSV, policy=policy)
    assert [ranks for ranks, _ in ballots.papers] == [(0,), (0,), ((0, 1), 2)]
    policy = Policy(skipped="close-up", doubled="first", overvoted="stop")
    assert rankings_csv.read(CSV, policy=policy).papers[2] == ((), 1)


def test_the_committee_files_are_read() -> None:
    files = sorted((DATA / "committees").glob("*.yaml"))
    assert len(files) == 96
    for file in files:
        told = abc_yaml.read(file.read_text())
        assert told.size >= 1
        assert len(told.compute) > 40
