# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every rule has a page, and the example on it is what the rule gives today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kollontai.counting.ballots import make
from kollontai.counting.budgets import RULES as BUDGETS
from kollontai.counting.committees import RULES as COMMITTEES
from kollontai.counting.outputs import tables
from kollontai.counting.stv import RULES, count

DOCS = Path(__file__).parents[2] / "docs" / "counting"


@pytest.mark.parametrize("name", RULES)
def test_the_page_of_a_rule_shows_its_words_source_parameters_and_a_true_example(name: str) -> None:
    rule = RULES[name]
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {name}: {rule.title}\n")
    assert rule.source in page
    assert f"]({name}.md)" in (DOCS / "README.md").read_text(encoding="utf-8")
    lines = re.search(r"```\n(.*?)\n```", page, flags=re.S)
    assert lines
    papers = []
    for line in lines[1].splitlines():
        times, *order = map(int, line.split()[:-1])
        papers.append((tuple(candidate - 1 for candidate in order), times))
    ballots = make(["Ada", "Ben", "Cleo", "Dina"], 1 if rule.one_seat else 2, papers)
    result = count(ballots, rule, seed="example")
    for number, sentence in enumerate(result.sentences(), 1):
        assert f"{number}. {sentence}\n" in page
    assert page.endswith(tables.markdown(tables.stages_of(result)))


def test_budget_and_committee_rules_are_described() -> None:
    budgets = (DOCS / "budgets.md").read_text(encoding="utf-8")
    committees = (DOCS / "committees.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in budgets for name in BUDGETS)
    assert all(f"`{name}`" in committees for name in COMMITTEES)


def test_every_link_of_the_index_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8")):
        if target != "speed.md":
            assert (DOCS / target).exists(), target
