# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participatory budgets: what real cities funded, and what other exact counts found."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kollontai.counting.budgets import RULES, fund
from kollontai.counting.errors import WrongBallots, WrongFile
from kollontai.counting.files import pabulib
from kollontai.counting.files.pabulib import Budget, Project

DATA = Path(__file__).parents[1] / "data" / "counting" / "pb"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text())


def city(name: str) -> Budget:
    return pabulib.read((DATA / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["Poland_Swiecie_2023.pb", "Netherlands_Assen_2024.pb"])
def test_equal_shares_with_add1_fund_what_the_city_funded(name: str) -> None:
    budget = city(name)
    result = fund(budget, "mes-add1")
    assert sorted(result.selected) == sorted(EXPECTED[name]["official_selected"])
    assert sorted(result.selected) == sorted(one.id for one in budget.projects if one.selected)
    assert result.cost <= budget.budget


@pytest.mark.parametrize("name", EXPECTED)
def test_one_run_of_equal_shares_funds_what_the_exact_peer_funds(name: str) -> None:
    assert sorted(fund(city(name), "mes").selected) == sorted(EXPECTED[name]["pabutools_mes"]["selected"])


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name].get("pabutools_add1")])
def test_add1_funds_what_the_exact_peer_funds(name: str) -> None:
    assert sorted(fund(city(name), "mes-add1").selected) == sorted(
        EXPECTED[name]["pabutools_add1"]["selected"]
    )


@pytest.mark.parametrize("name", [n for n in EXPECTED if EXPECTED[n]["official_rule"].startswith("greedy")])
def test_greedy_by_points_agrees_with_the_city_where_the_city_kept_its_rule(name: str) -> None:
    rule = EXPECTED[name]["official_rule"]
    same = sorted(fund(city(name), rule).selected) == sorted(EXPECTED[name]["official_selected"])
    assert same is EXPECTED[name]["greedy_by_published_points_equals_official"]


@pytest.mark.parametrize("name", EXPECTED)
def test_votes_and_points_are_those_of_the_file(name: str) -> None:
    budget = city(name)
    result = fund(budget, "greedy")
    for project, score in zip(budget.projects, result.scores, strict=True):
        if "Saratoga" not in name and project.score is not None:
            assert project.score == score


def tiny(*ballots: str, costs: str = "a3 b3 c2 d2", budget: int = 5) -> Budget:
    projects = tuple(Project(word[0], Fraction(word[1:])) for word in costs.split())
    index = {project.id: at for at, project in enumerate(projects)}
    papers = tuple((tuple(index[letter] for letter in ballot), (), 1) for ballot in ballots)
    return Budget(projects, Fraction(budget), "approval", len(ballots), papers, {})


def test_greedy_passes_over_what_does_not_fit_and_no_skip_ends_there() -> None:
    budget = tiny("abcd", "abc", "ab", "a")
    assert fund(budget, "greedy").selected == ("a", "c")
    assert fund(budget, "greedy-no-skip").selected == ("a",)
    assert fund(budget, "greedy-threshold", threshold=3).selected == ("a",)
    result = fund(tiny("abcd", "abc", "ab", "a", budget=9), "greedy-exclusive", exclusive=[["a", "b"]])
    assert result.selected == ("a", "c", "d")
    assert "b is passed over: a, which excludes it, is funded." in result.sentences()


def test_a_threshold_must_come_from_somewhere() -> None:
    with pytest.raises(WrongBallots, match="names none"):
        fund(tiny("a"), "greedy-threshold")


def test_add1u_spends_the_rest_and_names_it() -> None:
    budget = tiny("ab", "ab", "cd", "cd", "c", budget=7)
    assert set(fund(budget, "mes").selected) <= set(fund(budget, "mes-add1u").selected)
    assert fund(budget, "mes-add1u").cost <= 7


@pytest.mark.parametrize("rule", RULES)
def test_every_budget_rule_counts_a_real_city_within_its_means(rule: str) -> None:
    budget = city("Netherlands_Assen_2024.pb")
    result = fund(budget, rule, threshold=20)
    assert result.selected
    assert result.cost <= budget.budget
    told: Any = json.loads(json.dumps(result.to_json()))
    assert told["rule"] == rule
    assert told["selected"] == list(result.selected)
    assert len(result.sentences()) >= len(result.selected)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    many = draw(st.integers(1, 6))
    projects = tuple(Project(chr(97 + at), Fraction(draw(st.integers(1, 12)))) for at in range(many))
    marks = st.frozensets(st.integers(0, many - 1)).map(lambda chosen: (tuple(sorted(chosen)), ()))
    papers = tuple((marked, given, 1) for marked, given in draw(st.lists(marks, min_size=1, max_size=8)))
    limit = Fraction(draw(st.integers(1, 30)))
    return Budget(projects, limit, "approval", len(papers), papers, {})


@settings(max_examples=60, deadline=None)
@given(budgets(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter_and_no_float_appears(budget: Budget, dice: Any) -> None:
    shuffled = list(budget.ballots)
    dice.shuffle(shuffled)
    other = Budget(budget.projects, budget.budget, "approval", budget.voters, tuple(shuffled), {})
    for rule in ("greedy", "mes", "mes-add1", "mes-add1u", "mes-exhaustion"):
        first, second = fund(budget, rule), fund(other, rule)
        assert first == second
        assert first.cost <= budget.budget
        assert not any(isinstance(one.share, float) for one in first.rounds)


def slow_equal_shares(budget: Budget) -> list[int]:
    """The definition, word by word, with fractions."""
    left = [Fraction(budget.budget, budget.voters)] * budget.voters
    chosen: list[int] = []
    while True:
        best: tuple[Any, ...] | None = None
        for at, project in enumerate(budget.projects):
            behind = [v for v, (marked, _, _) in enumerate(budget.ballots) if at in marked]
            if at in chosen or sum(left[v] for v in behind) < project.cost:
                continue
            need, people = project.cost, len(behind)
            for voter in sorted(behind, key=lambda v: left[v]):
                if left[voter] * people >= need:
                    break
                need -= left[voter]
                people -= 1
            key = (need / people / project.cost, -len(behind), project.cost, project.id)
            if best is None or key < best[0]:
                best = (key, at, need / people, behind)
        if best is None:
            return chosen
        chosen.append(best[1])
        for voter in best[3]:
            left[voter] -= min(left[voter], best[2])


@settings(max_examples=80, deadline=None)
@given(budgets())
def test_equal_shares_follow_the_definition(budget: Budget) -> None:
    expected = [budget.projects[at].id for at in slow_equal_shares(budget)]
    assert list(fund(budget, "mes", fast=False).selected) == expected


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("hello\n", 1, "the section META"),
        (
            "META\nkey;value\nbudget;x\nvote_type;approval\nPROJECTS\nproject_id;cost\na;1\nVOTES\nvoter_id;vote\n",
            3,
            "the budget",
        ),
        (
            "META\nkey;value\nbudget;5\nvote_type;dice\nPROJECTS\nproject_id;cost\na;1\nVOTES\nvoter_id;vote\n",
            4,
            "vote_type",
        ),
        ("META\nkey;value\nbudget;5\nvote_type;approval\nPROJECTS\nproject_id;cost\na;-1\n", 7, "the cost"),
        ("META\nkey;value\nbudget;5\nvote_type;approval\nPROJECTS\nproject_id;cost\na;1\na;2\n", 8, "once"),
        (
            "META\nkey;value\nbudget;5\nvote_type;approval\nPROJECTS\nproject_id;cost\na;1\nVOTES\nvoter_id;vote\n1;b\n",
            10,
            "id of a project",
        ),
    ],
)
def test_a_wrong_budget_file_says_where_and_what(text: str, line: int, expected: str) -> None:
    with pytest.raises(WrongFile, match=expected) as caught:
        pabulib.read(text)
    assert caught.value.line == line


@settings(max_examples=80, deadline=None)
@given(budgets())
def test_the_fast_way_gives_the_same_result_to_the_last_digit(budget: Budget) -> None:
    pytest.importorskip("numpy")
    for rule in ("mes", "mes-add1", "mes-exhaustion"):
        for utility in ("cost", "cardinality"):
            plain = fund(budget, rule, utility=utility, fast=False)
            assert fund(budget, rule, utility=utility, fast=True) == plain


@pytest.mark.parametrize("name", ["Poland_Swiecie_2023.pb", "Netherlands_Amsterdam_631.pb"])
def test_the_fast_way_gives_the_same_result_for_a_city(name: str) -> None:
    pytest.importorskip("numpy")
    assert fund(city(name), "mes", fast=True) == fund(city(name), "mes", fast=False)
