# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fragments of pages: classes only, every name escaped, the figures those of the count."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kollontai.counting.ballots import make
from kollontai.counting.files import blt
from kollontai.counting.outputs import pages, tables
from kollontai.counting.stv import RULES, count

WARD = Path(__file__).parents[1] / "data" / "counting" / "stv-scottish" / "edinburgh_2017_ward1.blt"


def rects(picture: str, kind: str) -> list[tuple[float, float]]:
    """x and height of every rectangle of a class."""
    return [
        (float(x), float(high))
        for x, high in re.findall(
            rf'<rect class="{kind}" x="([0-9]+)" y="[0-9.]+" width="12" height="([0-9.]+)"', picture
        )
    ]


def test_the_flow_is_a_fragment_of_classes_and_names_are_escaped() -> None:
    ballots = make(["<script>", 'A"&B', "C"], 2, [((0, 1), 6), ((1, 2), 3), ((2,), 2)])
    picture = pages.flow(count(ballots), "post-7")
    assert "<html" not in picture
    assert "style=" not in picture
    assert "<script" not in picture
    assert "&lt;script&gt; 6" in picture
    assert 'id="post-7-1-title"' in picture
    assert set(re.findall(r'class="([a-z]+)"', picture)) <= {
        "wide",
        "flow",
        "kept",
        "moved",
        "node",
        "won",
        "gone",
        "quiet",
    }


def test_at_every_stage_all_votes_are_as_high_as_the_picture() -> None:
    result = count(blt.read(WARD.read_text()))
    picture = pages.flow(result)
    heights: dict[float, float] = {}
    for x, high in [*rects(picture, "won"), *rects(picture, "node"), *rects(picture, "gone")]:
        heights[x] = heights.get(x, 0) + high
    # Two pictures, one above the other, share their columns.
    assert len(heights) == 7
    for at, total in enumerate(heights[x] for x in sorted(heights)):
        assert abs(total - (680 if at < 4 else 340)) < 2
    last = [high for x, high in rects(picture, "won") if x == max(heights)]
    assert last


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_page(rule: str) -> None:
    papers = [((0, 1), 40), ((1, 0), 25), ((2, 3, 1), 20), ((3, 2), 15)]
    if RULES[rule].full:
        papers = [((0, 1, 2, 3), 40), ((1, 0, 2, 3), 25), ((2, 3, 1, 0), 20), ((3, 2, 1, 0), 15)]
    seats = 1 if RULES[rule].one_seat else 2
    result = count(make(["Ada", "Ben", "Cleo", "Dina"], seats, papers), rule, seed="page")
    page = pages.of_count(result)
    assert page.count("<h1>") == 1
    assert all(sentence.replace("'", "&#x27;") in page for sentence in result.sentences())
    assert ("<svg" in page) is (RULES[rule].family != "quotient")
    assert pages.figures(tables.stages_of(result), "x") in page.replace("At the end of every stage", "x")


def test_a_count_without_votes_has_no_picture() -> None:
    assert pages.flow(replace(count(make(["Ada"], 1, [((0,), 1)])), valid=0)) == ""
