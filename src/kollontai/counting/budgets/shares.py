# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Method of Equal Shares, exactly.

Dominik Peters, Grzegorz Pierczyński, Piotr Skowron, "Proportional participatory budgeting with additive
utilities", NeurIPS 2021, section 3. Every voter gets an equal share of the budget. Again and again the
project is funded whose supporters can pay for it at the lowest price per unit of utility; supporters with
less than the price give what they have left.

A voter's utility of a project is its cost (`cost`) or 1 (`cardinality`), so that all supporters of a project
have the same utility u, and the price per unit is the highest payment t divided by u.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

Group = tuple[tuple[int, ...], int]
"""Projects that some voters marked, and how many marked just those."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A project its supporters paid for."""

    project: int
    payment: Fraction
    """The highest payment of a supporter."""
    paying: int


class Purse(Protocol):
    """Runs the method; the plain and the fast one give the same answers."""

    def run(self, start: Fraction) -> list[int]:
        """Which projects are funded, in order, with this start for every voter."""

    def explain(self, start: Fraction, order: Sequence[int]) -> list[Bought]:
        """The exact payments for projects funded in this order."""


@dataclass(slots=True)
class State:
    """What every group has left, in whole units of 1/denominator."""

    left: list[int]
    denominator: int


class PlainPurse:
    """Whole numbers over one common denominator; equal ballots once."""

    def __init__(
        self,
        groups: Sequence[Group],
        costs: Sequence[Fraction],
        utilities: Sequence[Fraction],
        before: Callable[[int], tuple[object, ...]],
    ) -> None:
        self.groups = groups
        self.costs = costs
        self.utilities = utilities
        self.before = before
        """The order of projects whose prices tie."""
        self.members: list[list[int]] = [[] for _ in costs]
        for at, (marked, _) in enumerate(groups):
            for project in marked:
                self.members[project].append(at)
        self.counts = [times for _, times in groups]

    def begin(self, start: Fraction) -> State:
        """Everybody has the start."""
        return State([start.numerator] * len(self.groups), start.denominator)

    def run(self, start: Fraction) -> list[int]:
        """Which projects are funded, in order, with this start for every voter."""
        state = self.begin(start)
        done: list[int] = []
        # The price of a project only rises, so an old price is a lower bound for the new one.
        queue: list[tuple[Fraction, tuple[object, ...], int]] = [
            (Fraction(0), self.before(project), project) for project in range(len(self.costs))
        ]
        heapq.heapify(queue)
        seen_at = [-1] * len(self.costs)
        while queue:
            _, order, project = heapq.heappop(queue)
            if seen_at[project] == len(done):
                payment = self.payment(project, state)
                assert payment is not None
                self.pay(project, payment, state)
                done.append(project)
                continue
            payment = self.payment(project, state)
            if payment is not None:
                seen_at[project] = len(done)
                heapq.heappush(queue, (payment / self.utilities[project], order, project))
        return done

    def explain(self, start: Fraction, order: Sequence[int]) -> list[Bought]:
        """The exact payments for projects funded in this order."""
        state = self.begin(start)
        told = []
        for project in order:
            payment = self.payment(project, state)
            assert payment is not None
            told.append(Bought(project, payment, self.pay(project, payment, state)))
        return told

    def pay(self, project: int, payment: Fraction, state: State) -> int:
        """Take the payment from every supporter; says how many paid."""
        units = payment * state.denominator
        if units.denominator != 1:
            # Everybody has a whole number of units; the payment needs finer ones.
            finer = units.denominator
            state.left = [amount * finer for amount in state.left]
            state.denominator *= finer
        each = units.numerator
        left, paying = state.left, 0
        for member in self.members[project]:
            have = left[member]
            if have:
                paying += self.counts[member]
                left[member] = have - each if have > each else 0
        return paying

    def payment(self, project: int, state: State) -> Fraction | None:
        """The highest payment of a supporter; None where the supporters have too little together."""
        have: dict[int, int] = {}
        counts, left = self.counts, state.left
        for member in self.members[project]:
            amount = left[member]
            have[amount] = have.get(amount, 0) + counts[member]
        people = sum(have.values()) - have.pop(0, 0)
        cost = self.costs[project] * state.denominator
        need, scale = cost.numerator, cost.denominator
        if not people or sum(amount * count for amount, count in have.items()) * scale < need:
            return None
        for amount in sorted(have):
            if amount * scale * people >= need:
                break
            need -= amount * scale * have[amount]
            people -= have[amount]
        return Fraction(need, people * scale * state.denominator)
