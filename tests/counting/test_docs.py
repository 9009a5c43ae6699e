# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every rule has a page, and the example on it is what the rule gives today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kollontai.cli.count import count as command
from kollontai.counting.ballots import make
from kollontai.counting.book import METHODS
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


@pytest.mark.parametrize("name", METHODS)
def test_the_page_of_a_rule_by_pairs_ratings_or_approvals_is_as_true(name: str, tmp_path: Path) -> None:
    method = METHODS[name]
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {name}: {method.title}\n")
    assert f"**Source.** {method.source}.\n" in page
    assert "**Parameters**" in page
    assert all(f"`{other}`" in page for other in method.also)
    assert f"]({name}.md)" in (DOCS / "README.md").read_text(encoding="utf-8")
    call = re.search(r"`kollontai count (\S+) ([^`]+)`:\n\n```\n(.*?)```\n", page, flags=re.S)
    assert call
    file, options = tmp_path / call[1], call[2].split()
    assert options[:2] == ["--rule", name]
    file.write_text(call[3])
    said = CliRunner().invoke(command, [str(file), *options]).stdout.rsplit("\n\n", 1)[0]
    for number, sentence in enumerate(said.splitlines(), 1):
        assert f"\n{number}. {sentence}\n" in page
    table = CliRunner().invoke(command, [str(file), *options, "--markdown", "-"]).stdout
    assert page.endswith(f"\n\n{table}")


def test_budget_and_committee_rules_are_described() -> None:
    budgets = (DOCS / "budgets.md").read_text(encoding="utf-8")
    committees = (DOCS / "committees.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in budgets for name in BUDGETS)
    assert all(f"`{name}`" in committees for name in COMMITTEES)


def test_every_link_of_the_index_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8")):
        if target != "speed.md":
            assert (DOCS / target).exists(), target
