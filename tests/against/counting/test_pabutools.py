# SPDX-License-Identifier: AGPL-3.0-or-later
"""pabutools: greedy and equal shares on random budgets, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from kollontai.counting.budgets import fund
from kollontai.counting.files.pabulib import Budget, Project

pytest.importorskip("pabutools", reason="pabutools is not installed", exc_type=ImportError)


def budgets() -> list[Budget]:
    dice = random.Random(1947)
    made = []
    for _ in range(60):
        many, voters = dice.randint(2, 9), dice.randint(2, 25)
        # Costs without ties, so that the peer's order of ties does not matter.
        costs = dice.sample(range(50, 400), many)
        projects = tuple(Project(f"p{at}", Fraction(cost)) for at, cost in enumerate(costs))
        papers = tuple(
            (tuple(sorted(dice.sample(range(many), dice.randint(1, many)))), (), 1) for _ in range(voters)
        )
        made.append(Budget(projects, Fraction(sum(costs) // 2), "approval", voters, papers, {}))
    return made


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_the_same_projects_are_funded(utility: str) -> None:
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat, Instance
    from pabutools.election import Project as TheirProject
    from pabutools.rules import method_of_equal_shares
    from pabutools.tiebreaking import TieBreakingRule

    measure: Any = Cost_Sat if utility == "cost" else Cardinality_Sat
    for budget in budgets():
        theirs = {one.id: TheirProject(one.id, int(one.cost)) for one in budget.projects}
        instance = Instance(theirs.values(), budget_limit=int(budget.budget))
        profile = ApprovalProfile(
            [
                ApprovalBallot(theirs[budget.projects[at].id] for at in marked)
                for marked, _, _ in budget.ballots
            ],
            instance=instance,
        )
        order = TieBreakingRule(
            lambda _instance, prof, project: (-sum(project in b for b in prof), project.cost, project.name)
        )
        for rule, step in (("mes", None), ("mes-add1", 1)):
            peer = method_of_equal_shares(
                instance, profile, sat_class=measure, voter_budget_increment=step, tie_breaking=order
            )
            for fast in (False, True):
                ours = fund(budget, rule, utility=utility, fast=fast)
                assert sorted(ours.selected) == sorted(one.name for one in peer), (rule, fast)
