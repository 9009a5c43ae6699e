# SPDX-License-Identifier: AGPL-3.0-or-later
"""The budget rules by name.

Greedy rules fund by votes or points: `greedy` passes over what no longer fits; `greedy-no-skip` ends there;
`greedy-threshold` takes only projects with enough points (META `min_project_score_threshold`);
`greedy-exclusive` funds at most one of projects that exclude one another. Equal shares: `mes` runs once;
`mes-add1` raises every voter's share by 1 as long as the budget holds (Peters, Skowron, "Method of Equal
Shares, completion"); `mes-add1u` then spends the rest greedily; `mes-exhaustion` raises the budget by one
hundredth at a time; `mes-greedy` runs once and spends the rest greedily.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import chain
from operator import itemgetter

from ..errors import WrongBallots
from ..files.pabulib import Budget
from ..lots import digest
from .result import BudgetResult, Round
from .shares import Group, PlainPurse, Purse

RULES: dict[str, str] = {
    "greedy": "By votes or points, passing over what no longer fits; the rule of most cities (Pabulib)",
    "greedy-no-skip": "By votes or points, ending with the first project that does not fit (Pabulib)",
    "greedy-threshold": "By votes or points, only projects with enough of them (Pabulib)",
    "greedy-exclusive": "By votes or points, one of several projects that exclude one another (Pabulib)",
    "mes": "Method of Equal Shares, cost utilities (Peters, Pierczyński, Skowron, NeurIPS 2021)",
    "mes-add1": "The same, raising each share by 1 while the budget holds (equalshares.net, Add1)",
    "mes-add1u": "The same, then the rest by votes (equalshares.net, Add1U)",
    "mes-exhaustion": "The same, raising the budget by a hundredth at a time until it is used up",
    "mes-greedy": "One run, then the rest by votes (utilitarian completion)",
}


def fund(
    budget: Budget,
    rule: str = "mes-add1u",
    *,
    utility: str = "cost",
    seed: str | None = None,
    threshold: Fraction | int | None = None,
    exclusive: Iterable[Iterable[str]] = (),
    step: Fraction | int | None = None,
    fast: bool | None = None,
) -> BudgetResult:
    """Fund projects under a rule.

    Ties go to the project with more votes, then to the cheaper one, then by the published lot of `seed`, or
    in the order of ids where no seed is given. `step` is what equal shares are raised by (1 for `mes-add1`, a
    hundredth of the budget for `mes-exhaustion`). `exclusive` lists groups of ids that exclude one another.
    """
    if rule not in RULES:
        raise WrongBallots(f"There is no budget rule {rule!r}; known are {', '.join(RULES)}.")
    if utility not in ("cost", "cardinality"):
        raise WrongBallots(f"A utility is cost or cardinality, not {utility!r}.")
    votes = supporters(budget)
    points: list[Fraction | int] = [*votes] if budget.kind in ("approval", "choose-1") else scores(budget)
    tied = _Order(budget, votes, seed)
    if rule.startswith("greedy"):
        selected, rounds, notes = _greedy(budget, rule, points, tied, threshold, exclusive)
        per_voter, runs = None, 0
    else:
        selected, rounds, per_voter, runs = _shares(budget, rule, utility, votes, tied, step, fast)
        notes = ()
    return BudgetResult(
        rule=rule,
        title=budget.title,
        budget=budget.budget,
        projects=tuple(project.id for project in budget.projects),
        costs=tuple(project.cost for project in budget.projects),
        scores=tuple(points if rule.startswith("greedy") else votes),
        selected=tuple(budget.projects[at].id for at in selected),
        rounds=tuple(rounds),
        voters=budget.voters,
        per_voter=per_voter,
        runs=runs,
        by_lot=False,
        notes=(*budget.notes, *notes),
    )


def supporters(budget: Budget) -> list[int]:
    """How many marked each project. A mark with no points or fewer than none is no support."""
    votes = [0] * len(budget.projects)
    # Most ballots that nobody else cast have no points: those are counted in one go.
    alone = Counter(
        chain.from_iterable(marked for marked, given, times in budget.ballots if times == 1 and not given)
    )
    for project, many in alone.items():
        votes[project] += many
    for marked, given, times in budget.ballots:
        if times != 1 or given:
            for at, project in enumerate(marked):
                if not given or given[at] > 0:
                    votes[project] += times
    return votes


def scores(budget: Budget) -> list[Fraction | int]:
    """Points, not for approval ballots: ordinal ballots give as many points as ranks, one fewer each rank."""
    total: list[Fraction | int] = [0] * len(budget.projects)
    most = budget.meta.get("max_length", "")
    longest = int(most) if most.isdigit() else max((len(m) for m, _, _ in budget.ballots), default=0)
    for marked, given, times in budget.ballots:
        for at, project in enumerate(marked):
            total[project] += times * (given[at] if given else max(longest - at, 0))
    return total


class _Order:
    """Which of tied projects comes first."""

    def __init__(self, budget: Budget, votes: Sequence[int], seed: str | None) -> None:
        self.keys = [
            (-votes[at], project.cost, digest(seed, project.id) if seed is not None else "", project.id)
            for at, project in enumerate(budget.projects)
        ]

    def key(self, project: int) -> tuple[object, ...]:
        """A project's place among tied ones."""
        return self.keys[project]


def _greedy(
    budget: Budget,
    rule: str,
    points: Sequence[Fraction | int],
    tied: _Order,
    threshold: Fraction | int | None,
    exclusive: Iterable[Iterable[str]],
) -> tuple[list[int], list[Round], tuple[str, ...]]:
    bar = threshold
    notes: list[str] = []
    said = budget.meta.get("min_project_score_threshold", "")
    if bar is None and rule in ("greedy-threshold", "greedy-exclusive") and said:
        bar = Fraction(said)
    if rule == "greedy-threshold" and bar is None:
        raise WrongBallots("The rule greedy-threshold needs a threshold, and the file names none.")
    groups = [frozenset(group) for group in exclusive]
    known = {project.id for project in budget.projects}
    for group in groups:
        if group - known:
            raise WrongBallots(f"There is no project {min(group - known)!r}.")
    if rule == "greedy-exclusive" and not groups:
        notes.append("No projects were said to exclude one another.")
    order = sorted(range(len(points)), key=lambda at: (-points[at], tied.key(at)))
    left = budget.budget
    selected: list[int] = []
    rounds: list[Round] = []
    for at in order:
        project = budget.projects[at]
        why = ""
        if bar is not None and points[at] < bar:
            why = f"{points[at]} points, {bar} are needed"
        elif rule == "greedy-exclusive" and (
            rivals := [
                budget.projects[s].id
                for s in selected
                for g in groups
                if {project.id, budget.projects[s].id} <= g
            ]
        ):
            why = f"{rivals[0]}, which excludes it, is funded"
        elif project.cost > left:
            why = "it costs more than is left"
        rounds.append(Round(project.id, project.cost, not why, points[at], why=why))
        if not why:
            selected.append(at)
            left -= project.cost
        elif rule == "greedy-no-skip":
            break
    return selected, rounds, tuple(notes)


def _shares(
    budget: Budget,
    rule: str,
    utility: str,
    votes: Sequence[int],
    tied: _Order,
    step: Fraction | int | None,
    fast: bool | None,
) -> tuple[list[int], list[Round], Fraction, int]:
    costs = [project.cost for project in budget.projects]
    utilities = costs if utility == "cost" else [Fraction(1)] * len(costs)
    groups: dict[tuple[int, ...], int] = {}
    for marked, given, times in budget.ballots:
        liked = (
            marked if not given else tuple(p for p, points in zip(marked, given, strict=True) if points > 0)
        )
        if budget.kind == "ordinal":
            liked = tuple(sorted(liked))
        groups[liked] = groups.get(liked, 0) + times
    if not budget.voters:
        raise WrongBallots("Nobody voted, so there is nothing to share.")
    purse = _purse(list(groups.items()), costs, utilities, tied.key, fast)
    start = Fraction(budget.budget) / budget.voters
    raised: Fraction | None = None
    if rule in ("mes-add1", "mes-add1u"):
        raised = Fraction(1 if step is None else step)
    elif rule == "mes-exhaustion":
        raised = (budget.budget / 100 if step is None else Fraction(step)) / budget.voters
    if raised is not None and raised <= 0:
        raise WrongBallots("Shares are raised by more than 0.")
    order, runs, given_each = _raise(purse, costs, votes, budget.budget, start, raised)
    best = purse.explain(given_each, order)
    rounds = [
        Round(
            budget.projects[one.project].id,
            costs[one.project],
            True,
            votes[one.project],
            one.payment,
            one.paying,
        )
        for one in best
    ]
    selected = [one.project for one in best]
    if rule in ("mes-add1u", "mes-greedy"):
        _spend(budget, selected, rounds, votes, utilities, tied)
    return selected, rounds, given_each, runs


def _raise(
    purse: Purse,
    costs: Sequence[Fraction],
    votes: Sequence[int],
    limit: Fraction,
    start: Fraction,
    raised: Fraction | None,
) -> tuple[list[int], int, Fraction]:
    """Run with higher and higher shares; the last result that the budget pays for counts."""
    best = purse.run(start)
    each, runs = start, 1
    if raised is None:
        return best, runs, each
    wanted = [project for project in range(len(costs)) if votes[project]]
    while True:
        chosen = set(best)
        left = limit - sum((costs[project] for project in chosen), Fraction(0))
        if all(project in chosen or costs[project] > left for project in wanted):
            return best, runs, each
        onward = purse.run(each + raised)
        runs += 1
        if sum((costs[project] for project in onward), Fraction(0)) > limit:
            return best, runs, each
        best, each = onward, each + raised


def _spend(
    budget: Budget,
    selected: list[int],
    rounds: list[Round],
    votes: Sequence[int],
    utilities: Sequence[Fraction],
    tied: _Order,
) -> None:
    """Spend the rest on what gives most utility for its cost."""
    left = budget.budget - sum((budget.projects[at].cost for at in selected), Fraction(0))
    rest = [at for at in range(len(votes)) if at not in selected]
    for at in sorted(
        rest, key=lambda at: (-votes[at] * utilities[at] / budget.projects[at].cost, tied.key(at))
    ):
        project = budget.projects[at]
        if project.cost <= left and votes[at]:
            left -= project.cost
            selected.append(at)
            rounds.append(Round(project.id, project.cost, True, votes[at], why="from the rest"))


def _purse(
    groups: list[Group],
    costs: list[Fraction],
    utilities: list[Fraction],
    before: Callable[[int], tuple[object, ...]],
    fast: bool | None,
) -> Purse:
    """The purse that suits the size; both give the same answers."""
    if fast is not False and (fast or sum(map(len, map(itemgetter(0), groups))) > 400):
        try:
            from .shares_fast import FastPurse
        except ImportError:
            if fast:
                raise
        else:
            return FastPurse(groups, costs, utilities, before)
    return PlainPurse(groups, costs, utilities, before)
