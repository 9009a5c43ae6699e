# SPDX-License-Identifier: AGPL-3.0-or-later
"""Committees from approval ballots: approval voting, satisfaction approval, proportional approval in
sequence, Phragmén in sequence, equal shares with completions.

Martin Lackner and Piotr Skowron, Multi-Winner Voting with Approval Preferences (2023): rule 1 (AV), rule 2
(SAV), rule 5 (seq-PAV), rule 9 (seq-Phragmén), rule 11 (equal shares). All tied committees can be asked for;
one alone is chosen by a published order.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import gcd, lcm

from .errors import WrongBallots
from .pays import arrays

Approval = tuple[frozenset[int], int]
"""Who is approved, by number from 0, and by how many."""

BYTES = 256
"""Candidates whose numbers fit into a byte."""

RULES: dict[str, str] = {
    "av": "Approval voting: who is approved by most",
    "sav": "Satisfaction approval voting: each ballot is shared equally among those it approves",
    "seqpav": "Proportional approval voting in sequence (Thiele 1895)",
    "seqphragmen": "Phragmén's method in sequence (1894)",
    "equal-shares": "Method of Equal Shares; then Phragmén's method with what voters have left",
    "equal-shares-with-av-completion": "Method of Equal Shares; then who is approved by most",
    "equal-shares-without-completion": "Method of Equal Shares; the committee may stay smaller",
}


@dataclass(frozen=True, slots=True)
class CommitteeResult:
    """A committee, or all that tie, and how each place was filled."""

    rule: str
    candidates: tuple[str, ...]
    size: int
    committees: tuple[tuple[int, ...], ...]
    """All tied ones in order; the first is the one the published order chooses."""
    chosen: tuple[int, ...]
    steps: tuple[str, ...]
    approvals: tuple[int, ...]
    """By how many ballots each candidate is approved."""
    ballots: int

    def sentences(self) -> tuple[str, ...]:
        """The choice in sentences."""
        names = ", ".join(self.candidates[c] for c in self.chosen)
        ending = f"The committee is {names}." if names else "Nobody is chosen."
        many = len(self.committees)
        other = (f"{many} committees tie; the published order chooses one.",) if many > 1 else ()
        return (f"{self.ballots} ballots were counted.", *self.steps, *other, ending)

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values; candidates are numbered from 1."""
        return {
            "kind": "committee",
            "rule": self.rule,
            "candidates": list(self.candidates),
            "size": self.size,
            "committees": [[c + 1 for c in committee] for committee in self.committees],
            "chosen": [c + 1 for c in self.chosen],
            "names": [self.candidates[c] for c in self.chosen],
            "ballots": self.ballots,
            "approvals": list(self.approvals),
            "steps": list(self.steps),
        }


def committee(
    ballots: Iterable[tuple[Iterable[int], int]],
    candidates: Sequence[str],
    size: int,
    rule: str = "seqphragmen",
    *,
    all_tied: bool = False,
    tie_break: Sequence[int] | None = None,
) -> CommitteeResult:
    """Choose a committee. Ties go by `tie_break`, a published order of numbers from 0 (else as listed)."""
    if rule not in RULES:
        raise WrongBallots(f"There is no rule {rule!r}; known are {', '.join(RULES)}.")
    many = len(candidates)
    if not 1 <= size <= many:
        raise WrongBallots(f"{size} places cannot be filled by {many} candidates.")
    order = list(tie_break) if tie_break is not None else list(range(many))
    if sorted(order) != list(range(many)):
        raise WrongBallots("The order for ties must name every candidate once.")
    place = {candidate: at for at, candidate in enumerate(order)}
    steps: list[str] = []
    if rule in ("av", "sav"):
        alike = _alike(ballots, by_length=rule == "sav")
        total = sum(times * len(papers) for (times, _), papers in alike.items())
        found, approvals = _by_total(alike, many, size, place, all_tied, steps, candidates)
    else:
        cast = [(a if type(a) is frozenset else frozenset(a), times) for a, times in ballots]
        total = sum(times for _, times in cast)
        papers = _merged(cast, many)
        found, approvals = _in_sequence(papers, many, size, rule, place, all_tied, steps, candidates)
    first = found[0]
    tied = tuple(sorted({tuple(sorted(one)) for one in found}))
    return CommitteeResult(
        rule, tuple(candidates), size, tied, tuple(first), tuple(steps), tuple(approvals), total
    )


def _check(approved: Iterable[int], many: int) -> None:
    if not frozenset(range(many)).issuperset(approved):
        raise WrongBallots("A ballot approves somebody who does not stand.")


def _merged(cast: Iterable[Approval], many: int) -> list[Approval]:
    """Equal ballots once each; blank ones say nothing."""
    merged: dict[frozenset[int], int] = {}
    for chosen, times in cast:
        merged[chosen] = merged.get(chosen, 0) + times
    _check(chain.from_iterable(merged), many)
    return [(chosen, times) for chosen, times in merged.items() if chosen and times]


def _alike(
    ballots: Iterable[tuple[Iterable[int], int]], *, by_length: bool
) -> defaultdict[tuple[int, int], list[frozenset[int]]]:
    """Ballots by what each gives to those it approves: its number, in so many parts. Nothing is merged."""
    alike: defaultdict[tuple[int, int], list[frozenset[int]]] = defaultdict(list)
    cast = list(ballots)
    papers = [a if type(a) is frozenset else frozenset(a) for a, _ in cast]
    weights = {times for _, times in cast}
    if not by_length and len(weights) == 1:
        alike[weights.pop(), 1] = papers  # one person, one ballot: nothing to sort
        return alike
    for paper, (_, times) in zip(papers, cast, strict=True):
        alike[times, (len(paper) or 1) if by_length else 1].append(paper)
    return alike


def _numbers(ballots: Sequence[frozenset[int]], many: int) -> Mapping[int, int]:
    """On how many of these ballots each stands; who stands on none may be missing."""
    named = chain.from_iterable(ballots)
    if many <= BYTES and arrays(len(ballots), None):
        from .committees_fast import numbers

        with suppress(ValueError, TypeError):  # somebody who does not stand: below it is said
            return numbers(bytes(named))
        named = chain.from_iterable(ballots)
    return Counter(named)


def _by_total(
    alike: Mapping[tuple[int, int], Sequence[frozenset[int]]],
    many: int,
    size: int,
    place: dict[int, int],
    all_tied: bool,
    steps: list[str],
    names: Sequence[str],
) -> tuple[list[list[int]], list[int]]:
    units = lcm(*{parts for _, parts in alike})
    sums, approvals = [0] * many, [0] * many
    for (times, parts), ballots in alike.items():
        numbers = _numbers(ballots, many)
        _check(numbers, many)
        for candidate, number in numbers.items():
            sums[candidate] += times * (units // parts) * number
            approvals[candidate] += times * number
    totals = [Fraction(one, units) for one in sums]
    ranked = sorted(range(many), key=lambda c: (-sums[c], place[c]))
    steps += [f"{names[c]} has {totals[c]}." for c in ranked]
    chosen = ranked[:size]
    bar = sums[ranked[size - 1]]
    sure = [c for c in ranked if sums[c] > bar]
    open_ones = [c for c in ranked if sums[c] == bar]
    if len(sure) + len(open_ones) > size:
        tied = ", ".join(names[c] for c in open_ones)
        steps.append(f"{tied} are tied for {size - len(sure)} of the places; the published order decides.")
    if not all_tied:
        return [chosen], approvals
    rest = itertools.combinations(open_ones, size - len(sure))
    return [chosen, *([*sure, *others] for others in rest)], approvals


class _State:
    """A partly filled committee: who is in, and what each group of voters has.

    What a voter has is a whole number of 1/`units`: the load they carry, or the money they have left. By
    proportional approval it is how many of theirs are in. `sums` keeps for each candidate what the rule asks
    next, so that only what changed is worked out again.
    """

    __slots__ = ("chosen", "phase", "sums", "units", "voters")

    def __init__(
        self,
        chosen: tuple[int, ...],
        voters: tuple[int, ...],
        units: int,
        phase: str,
        sums: Sequence[int | Fraction] = (),
    ) -> None:
        self.chosen, self.voters, self.units, self.phase, self.sums = chosen, voters, units, phase, sums

    @property
    def key(self) -> tuple[frozenset[int], tuple[int, ...], int, str]:
        """Two ways to the same state need not both be followed."""
        common = gcd(self.units, *self.voters)
        return (
            frozenset(self.chosen),
            tuple(v // common for v in self.voters),
            self.units // common,
            self.phase,
        )


def _in_sequence(
    papers: Sequence[Approval],
    many: int,
    size: int,
    rule: str,
    place: dict[int, int],
    all_tied: bool,
    steps: list[str],
    names: Sequence[str],
) -> tuple[list[list[int]], list[int]]:
    engine = _Sequence(papers, many, size, rule)
    states = [engine.start()]
    done: list[list[int]] = []
    single = True
    while states:
        state = states.pop(0)
        if len(state.chosen) == size:
            done.append(list(state.chosen))
            single = False
            continue
        found = engine.next(state)
        if not found:
            done.append(list(state.chosen))
            single = False
            continue
        found.sort(key=lambda one: place[one.chosen[-1]])
        if single:
            steps.append(engine.said(state, found[0], names, len(found)))
        if not all_tied:
            states = [found[0]]
            continue
        known = {one.key for one in states}
        # The way of the published order is followed first, to its end.
        states = [found[0], *states, *(one for one in found[1:] if one.key not in known)]
        seen: set[object] = set()
        states = [one for one in states if not (one.key in seen or seen.add(one.key))]  # type: ignore[func-returns-value]
    return done, engine.support


class _Sequence:
    """The rules that fill one place after the other."""

    def __init__(self, papers: Sequence[Approval], many: int, size: int, rule: str) -> None:
        self.papers, self.many, self.size, self.rule = papers, many, size, rule
        self.behind: list[list[int]] = [[] for _ in range(many)]
        for at, (approved, _) in enumerate(papers):
            for candidate in approved:
                self.behind[candidate].append(at)
        self.times = [times for _, times in papers]
        self.support = [sum(self.times[v] for v in self.behind[c]) for c in range(many)]

    def start(self) -> _State:
        """Nobody is in yet."""
        if self.rule == "seqpav":
            return _State((), (0,) * len(self.papers), lcm(*range(1, self.size + 2)), "pav")
        if self.rule == "seqphragmen":
            return _State((), (0,) * len(self.papers), 1, "phragmen")
        share = Fraction(self.size, sum(self.times) or 1)
        return _State((), (share.numerator,) * len(self.papers), share.denominator, "shares")

    def next(self, state: _State) -> list[_State]:
        """All states that tie for the next place."""
        if state.phase == "pav":
            return self._pav(state)
        if state.phase == "phragmen":
            return self._phragmen(state)
        if state.phase == "shares":
            found = self._shares(state)
            if found:
                return found
            if self.rule == "equal-shares-without-completion":
                return []
            if self.rule == "equal-shares-with-av-completion":
                return self._av(_State(state.chosen, (), 1, "av"))
            # What a voter has left lowers their load, as if it had been given to them earlier.
            loads = tuple(-left for left in state.voters)
            return self._phragmen(_State(state.chosen, loads, state.units, "phragmen"))
        return self._av(state)

    def open(self, state: _State) -> list[int]:
        """Candidates not yet in."""
        return [c for c in range(self.many) if c not in state.chosen]

    def spread(self, sums: list[int | Fraction], changes: dict[int, list[int]]) -> None:
        """Add to the sums of everybody these voters approve: changes[more] = voters who give so much more."""
        for more, voters in changes.items():
            alike = Counter(chain.from_iterable(self.papers[v][0] for v in voters if self.times[v] == 1))
            for candidate, number in alike.items():
                sums[candidate] += more * number
            for voter in voters:
                if (times := self.times[voter]) != 1:
                    for candidate in self.papers[voter][0]:
                        sums[candidate] += more * times

    def _pav(self, state: _State) -> list[_State]:
        # Voters of whom k are in add 1/(k+1) to the worth of each other candidate; in whole units.
        sums: Sequence[int | Fraction] = state.sums or [state.units * each for each in self.support]
        able = self.open(state)
        best = max(sums[c] for c in able)
        after = []
        for candidate in (c for c in able if sums[c] == best):
            new = list(state.voters)
            changes: dict[int, list[int]] = {}
            for voter in self.behind[candidate]:
                k = new[voter] = new[voter] + 1
                changes.setdefault(state.units // (k + 1) - state.units // k, []).append(voter)
            onward = list(sums)
            self.spread(onward, changes)
            after.append(_State((*state.chosen, candidate), tuple(new), state.units, "pav", onward))
        return after

    def _phragmen(self, state: _State) -> list[_State]:
        loads, units = state.voters, state.units
        carried: list[int | Fraction] = list(state.sums)
        if not carried:
            carried = [0] * self.many
            changes: dict[int, list[int]] = {}
            for voter, load in enumerate(loads):
                changes.setdefault(load, []).append(voter)
            self.spread(carried, changes)
        new_load = {
            c: Fraction(int(units + carried[c]), units * self.support[c])
            for c in self.open(state)
            if self.support[c]
        }
        if not new_load:
            return [_State((*state.chosen, c), loads, units, "phragmen", carried) for c in self.open(state)]
        best = min(new_load.values())
        finer = lcm(units, best.denominator)
        scale = finer // units
        each = best.numerator * (finer // best.denominator)
        after = []
        for candidate in (c for c in new_load if new_load[c] == best):
            new = [load * scale for load in loads]
            changes = {}
            for voter in self.behind[candidate]:
                changes.setdefault(each - new[voter], []).append(voter)
                new[voter] = each
            onward = [load * scale for load in carried]
            self.spread(onward, changes)
            after.append(_State((*state.chosen, candidate), tuple(new), finer, "phragmen", onward))
        return after

    def _price(self, candidate: int, left: Sequence[int], units: int) -> Fraction | None:
        """What a supporter pays at most, if together they can pay 1."""
        people: dict[int, int] = {}
        for voter in self.behind[candidate]:
            amount = left[voter]
            people[amount] = people.get(amount, 0) + self.times[voter]
        if sum(amount * number for amount, number in people.items()) < units:
            return None
        need, paying = units, self.support[candidate]
        for amount in sorted(people):
            if amount * paying >= need:
                break
            need -= amount * people[amount]
            paying -= people[amount]
        return Fraction(need, units * paying)

    def _shares(self, state: _State) -> list[_State]:
        left, units = state.voters, state.units
        # Prices only rise, so an old one is a lower bound: who was dearer before than the best is now, waits.
        prices: list[int | Fraction] = list(state.sums or [0] * self.many)
        best: Fraction | None = None
        ties: list[int] = []
        for candidate in sorted(self.open(state), key=lambda c: prices[c]):
            if prices[candidate] < 0:
                continue  # could not be paid for
            if best is not None and prices[candidate] > best:
                break
            price = self._price(candidate, left, units)
            prices[candidate] = -1 if price is None else price
            if price is not None:
                if best is None or price < best:
                    best, ties = price, []
                if price == best:
                    ties.append(candidate)
        if best is None:
            return []
        finer = lcm(units, best.denominator)
        scale = finer // units
        each = best.numerator * (finer // best.denominator)
        after = []
        for candidate in sorted(ties):
            new = [amount * scale for amount in left]
            for voter in self.behind[candidate]:
                new[voter] = max(new[voter] - each, 0)
            after.append(_State((*state.chosen, candidate), tuple(new), finer, "shares", prices))
        return after

    def _av(self, state: _State) -> list[_State]:
        able = self.open(state)
        best = max(self.support[c] for c in able)
        return [_State((*state.chosen, c), (), 1, "av") for c in able if self.support[c] == best]

    def said(self, before: _State, after: _State, names: Sequence[str], tied: int) -> str:
        """How a place was filled."""
        who = names[after.chosen[-1]]
        words = {
            "pav": "adds most to the satisfaction of voters",
            "phragmen": "lays the smallest load on voters",
            "shares": "is paid for at the lowest price",
            "av": "is approved by most of those left",
        }
        tie = f" ({tied} were tied; the published order decides)" if tied > 1 else ""
        return f"Place {len(before.chosen) + 1}: {who} {words[after.phase]}{tie}."
