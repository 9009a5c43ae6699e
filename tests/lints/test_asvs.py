# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of security requirements answers each number of level 2 once, and what it points at is there."""

from __future__ import annotations

import re

from tests.lints.tree import ROOT

PAGE = (ROOT / "docs/asvs.md").read_text("utf-8")
ROW = re.compile(r"^\| ([\d., –]+) \| [^|]+ \| (\w+|—) \| ([^|]*) ?\|$", re.MULTILINE)

LEVEL_2 = {
    "1.1": "1-7", "1.2": "1-4", "1.4": "1 4 5", "1.5": "1-4", "1.6": "1-4", "1.7": "1 2", "1.8": "1 2", "1.9": "1 2",
    "1.10": "1", "1.11": "1 2", "1.12": "2", "1.14": "1-6",
    "2.1": "1-12", "2.2": "1-3", "2.3": "1-3", "2.4": "1-6", "2.5": "1-7", "2.6": "1-3", "2.7": "1-6", "2.8": "1-7",
    "2.9": "1-3", "2.10": "1-4",
    "3.1": "1", "3.2": "1-4", "3.3": "1-4", "3.4": "1-5", "3.5": "1-3", "3.7": "1",
    "4.1": "1-3 5", "4.2": "1 2", "4.3": "1-3",
    "5.1": "1-5", "5.2": "1-8", "5.3": "1-10", "5.4": "1-3", "5.5": "1-4",
    "6.1": "1-3", "6.2": "1-6", "6.3": "1 2", "6.4": "1 2",
    "7.1": "1-4", "7.2": "1 2", "7.3": "1 3 4", "7.4": "1-3",
    "8.1": "1-4", "8.2": "1-3", "8.3": "1-8", "9.1": "1-3", "9.2": "1-4",
    "10.2": "1 2", "10.3": "1-3", "11.1": "1-8",
    "12.1": "1-3", "12.2": "1", "12.3": "1-6", "12.4": "1 2", "12.5": "1 2", "12.6": "1",
    "13.1": "1 3-5", "13.2": "1-3 5 6", "13.3": "1 2", "13.4": "1 2",
    "14.1": "1-4", "14.2": "1-6", "14.3": "2 3", "14.4": "1-7", "14.5": "1-4",
}  # fmt: skip
"""The numbers of ASVS 4.0.3 that level 2 asks for and that are not struck out."""


def spelt_out(numbers: str, section: str = "") -> list[str]:
    """Every number of `1-4 6`, or of `1.1.1 – 1.1.4, 1.1.6`."""
    found = []
    for part in re.split(r", | (?=\d)", numbers.replace(" – ", "-")):
        first, _, last = part.strip().rpartition("-")
        first, last = (first or last), last
        where = section or first.rpartition(".")[0]
        begin, end = (int(one.rpartition(".")[2]) for one in (first, last))
        found += [f"{where}.{number}" for number in range(begin, end + 1)]
    return found


def test_each_number_of_level_2_is_answered_once():
    answered = [number for row in ROW.findall(PAGE) for number in spelt_out(row[0])]
    asked = [number for section, numbers in LEVEL_2.items() for number in spelt_out(numbers, section)]
    assert sorted(answered) == sorted(asked)


def test_every_answer_has_a_state_that_is_explained():
    states = {row[1] for row in ROW.findall(PAGE)}
    assert states == {"yes", "part", "no", "—", "operator"}
    assert all(row[2].strip() for row in ROW.findall(PAGE) if row[1] in ("no", "part", "—"))


def test_whatever_the_list_points_at_is_there():
    pointed_at = set(re.findall(r"`((?:src|tests|docs|tools)/[^`\s]+|[A-Z]+\.md|Makefile)`", PAGE))
    assert len(pointed_at) > 40
    assert [one for one in pointed_at if not (ROOT / one).exists()] == []
