# SPDX-License-Identifier: AGPL-3.0-or-later
"""Equal shares with numpy: floats look for the next project, exact numbers decide.

A float is believed only where no error could change the answer. With at most 10^6 groups and 10^4 projects,
sums and differences of non-negative doubles err by less than (10^6 + 10^4) × 2^-52 < 10^-9 of the share or
the sum they belong to; whatever is closer than `NEAR` = 10^-8 is worked out with fractions, and where even
the question who pays in full is that close, the whole run is done the plain way. So the outcome is that of
the plain way, digit by digit.

A fraction is cheap here: what a supporter has left is the start minus the payments they made in full. So
what poor supporters have together is a sum over the projects funded so far, not over the voters.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np

from .shares import Bought, Group, PlainPurse

NEAR = 1e-8
Array = np.ndarray[Any, np.dtype[Any]]


class Doubt(Exception):
    """Two amounts are too close for floats."""


class Trace:
    """One run: what was funded, who paid in full, and the exact payments as far as they were asked for."""

    def __init__(self, purse: FastPurse, start: Fraction) -> None:
        self.purse = purse
        self.start = start
        self.order: list[int] = []
        self.poor: list[Array] = []
        """Supporters who gave all they had left."""
        self.full: list[Array] = []
        """Supporters who paid the full payment."""
        self.payments: list[Fraction] = []
        self.paid: Array = np.zeros((0, len(purse.counts)), dtype=bool)

    def add(self, project: int, poor: Array, full: Array) -> None:
        """A project is funded."""
        at = len(self.order)
        if at == len(self.paid):
            self.paid = np.concatenate([self.paid, np.zeros((max(16, at), self.paid.shape[1]), dtype=bool)])
        self.paid[at, full] = True
        self.order.append(project)
        self.poor.append(poor)
        self.full.append(full)

    def upto(self, number: int) -> None:
        """Work out the exact payments of the first projects."""
        while len(self.payments) < number:
            at = len(self.payments)
            project = self.order[at]
            people = int(self.purse.whole[self.full[at]].sum())
            need = self.purse.exact_costs[project] - self.have(self.poor[at], at)
            self.payments.append(need / people)

    def have(self, groups: Array, at: int) -> Fraction:
        """What these groups, none of them empty, have together after the first projects."""
        counts = self.purse.whole[groups]
        total = self.start * int(counts.sum())
        if at and len(groups):
            self.upto(at)
            times = self.paid[:at][:, groups] @ counts
            for payment, number in zip(self.payments, times.tolist(), strict=False):
                if number:
                    total -= payment * number
        return total


class FastPurse:
    """Finds the order fast, and explains it exactly."""

    def __init__(
        self,
        groups: Sequence[Group],
        costs: Sequence[Fraction],
        utilities: Sequence[Fraction],
        before: Callable[[int], tuple[object, ...]],
    ) -> None:
        self.groups, self.exact_costs, self.exact_utilities, self.before = groups, costs, utilities, before
        self.whole = np.array([times for _, times in groups], dtype=np.int64)
        self.counts = self.whole.astype(np.float64)
        self.members = self._members()
        self.weights = [self.counts[member] for member in self.members]
        self.people = [float(weights.sum()) for weights in self.weights]
        self.costs = [float(cost) for cost in costs]
        self.utilities = [float(utility) for utility in utilities]
        self.safe = len(groups) <= 10**6 and len(costs) <= 10**4 and int(self.whole.sum()) < 2**50
        self.traces: dict[Fraction, Trace] = {}

    def _members(self) -> list[Array]:
        """The groups that marked each project."""
        marked = [marked for marked, _ in self.groups]
        flat = np.fromiter(chain.from_iterable(marked), dtype=np.int64)
        rows = np.repeat(np.arange(len(marked)), np.fromiter(map(len, marked), dtype=np.int64))
        order = np.argsort(flat, kind="stable")
        ends = np.searchsorted(flat[order], np.arange(len(self.exact_costs) + 1))
        return [rows[order[start:end]] for start, end in pairwise(ends.tolist())]

    @cached_property
    def plain(self) -> PlainPurse:
        """The plain way, for what floats cannot tell."""
        return PlainPurse(self.groups, self.exact_costs, self.exact_utilities, self.before)

    def run(self, start: Fraction) -> list[int]:
        """Which projects are funded, in order, with this start for every voter."""
        if not self.safe:
            return self.plain.run(start)
        try:
            trace = self._trace(start)
        except Doubt:
            return self.plain.run(start)
        if len(self.traces) > 1:
            del self.traces[next(iter(self.traces))]
        self.traces[start] = trace
        return list(trace.order)

    def explain(self, start: Fraction, order: Sequence[int]) -> list[Bought]:
        """The exact payments for projects funded in this order."""
        trace = self.traces.get(start)
        if trace is None or trace.order != list(order):
            return self.plain.explain(start, order)
        trace.upto(len(order))
        paying = [
            int(self.whole[poor].sum() + self.whole[full].sum())
            for poor, full in zip(trace.poor, trace.full, strict=True)
        ]
        return [Bought(*told) for told in zip(order, trace.payments, paying, strict=True)]

    def _trace(self, start: Fraction) -> Trace:
        left = np.full(len(self.counts), float(start))
        trace = Trace(self, start)
        queue = [(0.0, project) for project in range(len(self.costs)) if len(self.members[project])]
        heapq.heapify(queue)
        while queue:
            # Refresh prices until the cheapest is fresh and everything near it, too.
            near: list[tuple[float, float, int]] = []
            best = float("inf")
            while queue and queue[0][0] <= best * (1 + 2 * NEAR):
                _, project = heapq.heappop(queue)
                payment = self._payment(project, left, trace)
                if payment is not None:
                    price = payment / self.utilities[project]
                    near.append((price, payment, project))
                    best = min(best, price)
            if not near:
                break
            close = [one for one in near if one[0] <= best * (1 + NEAR)]
            chosen = min(close) if len(close) == 1 else self._decide(close, left, trace)
            for one in near:
                if one is not chosen:
                    heapq.heappush(queue, (one[0], one[2]))
            _, payment, project = chosen
            poor, full = self._split(project, payment, left)
            trace.add(project, poor, full)
            left[poor] = 0.0
            left[full] -= payment
        return trace

    def _payment(self, project: int, left: Array, trace: Trace) -> float | None:
        """About what a supporter pays at most; None where they have too little together."""
        member, weights, cost = self.members[project], self.weights[project], self.costs[project]
        have = left[member]
        total = float(have @ weights)
        if total < cost * (1 + NEAR):
            if total < cost * (1 - NEAR):
                return None
            alive = member[have > 0]
            if trace.have(alive, len(trace.order)) < self.exact_costs[project]:
                return None
        people = self.people[project]
        payment = cost / people
        while True:
            poor = have < payment
            if not poor.any():
                return payment
            rest = people - float(weights[poor].sum())
            if rest <= 0:
                return float(have.max())
            onward = (cost - float(have[poor] @ weights[poor])) / rest
            if onward <= payment * (1 + 1e-15):
                return payment
            payment = onward

    def _split(self, project: int, payment: float, left: Array) -> tuple[Array, Array]:
        """Supporters who give all they have, and those who pay in full."""
        member = self.members[project]
        have = left[member]
        alive = have > 0
        if bool((np.abs(have - payment)[alive] <= NEAR * payment).any()):
            # Exactly the payment, or a little more or less? Only where all have the same is it plain.
            rich = have[alive]
            if float(rich.max() - rich.min()) > 0:
                raise Doubt
        poor = alive & (have < payment * (1 - NEAR))
        return member[poor], member[alive & ~poor]

    def _decide(
        self, close: list[tuple[float, float, int]], left: Array, trace: Trace
    ) -> tuple[float, float, int]:
        """The cheapest of these, exactly, ties in their order."""
        told = []
        for one in close:
            _, payment, project = one
            poor, full = self._split(project, payment, left)
            need = self.exact_costs[project] - trace.have(poor, len(trace.order))
            exact = need / int(self.whole[full].sum()) / self.exact_utilities[project]
            told.append((exact, self.before(project), one))
        return min(told, key=lambda each: each[:2])[2]
