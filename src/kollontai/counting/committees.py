# SPDX-License-Identifier: AGPL-3.0-or-later
"""Committees from approval ballots: approval voting, satisfaction approval, proportional approval in
sequence, Phragmén in sequence, equal shares with completions.

Martin Lackner and Piotr Skowron, Multi-Winner Voting with Approval Preferences (2023): rule 1 (AV), rule 2
(SAV), rule 5 (seq-PAV), rule 9 (seq-Phragmén), rule 11 (equal shares). All tied committees can be asked for;
one alone is chosen by a published order.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .errors import WrongBallots

Approval = tuple[frozenset[int], int]
"""Who is approved, by number from 0, and by how many."""

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

    def sentences(self) -> tuple[str, ...]:
        """The choice in sentences."""
        names = ", ".join(self.candidates[c] for c in self.chosen)
        return (*self.steps, f"The committee is {names}.")

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values; candidates are numbered from 1."""
        return {
            "kind": "committee",
            "rule": self.rule,
            "candidates": list(self.candidates),
            "size": self.size,
            "committees": [[c + 1 for c in committee] for committee in self.committees],
            "chosen": [c + 1 for c in self.chosen],
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
    merged: dict[frozenset[int], int] = {}
    for approved, times in ballots:
        chosen = frozenset(approved)
        if any(not 0 <= c < many for c in chosen):
            raise WrongBallots("A ballot approves somebody who does not stand.")
        merged[chosen] = merged.get(chosen, 0) + times
    papers = [(chosen, times) for chosen, times in merged.items() if chosen and times]
    order = list(tie_break) if tie_break is not None else list(range(many))
    if sorted(order) != list(range(many)):
        raise WrongBallots("The order for ties must name every candidate once.")
    place = {candidate: at for at, candidate in enumerate(order)}
    steps: list[str] = []
    if rule in ("av", "sav"):
        found = _by_total(papers, many, size, rule, place, all_tied, steps, candidates)
    else:
        found = _in_sequence(papers, many, size, rule, place, all_tied, steps, candidates)
    first = found[0]
    tied = tuple(sorted({tuple(sorted(one)) for one in found}))
    return CommitteeResult(rule, tuple(candidates), size, tied, tuple(first), tuple(steps))


def _by_total(
    papers: Sequence[Approval],
    many: int,
    size: int,
    rule: str,
    place: dict[int, int],
    all_tied: bool,
    steps: list[str],
    names: Sequence[str],
) -> list[list[int]]:
    totals: list[Fraction] = [Fraction(0)] * many
    for approved, times in papers:
        worth = Fraction(times) if rule == "av" else Fraction(times, len(approved))
        for candidate in approved:
            totals[candidate] += worth
    ranked = sorted(range(many), key=lambda c: (-totals[c], place[c]))
    steps += [f"{names[c]} has {totals[c]}." for c in ranked]
    chosen = ranked[:size]
    if not all_tied:
        return [chosen]
    bar = totals[ranked[size - 1]]
    sure = [c for c in ranked if totals[c] > bar]
    open_ones = [c for c in ranked if totals[c] == bar]
    rest = itertools.combinations(open_ones, size - len(sure))
    return [chosen, *([*sure, *others] for others in rest)]


class _State:
    """A partly filled committee: who is in, and what each group of voters has."""

    __slots__ = ("chosen", "phase", "voters")

    def __init__(self, chosen: tuple[int, ...], voters: tuple[Fraction, ...], phase: str) -> None:
        self.chosen, self.voters, self.phase = chosen, voters, phase

    @property
    def key(self) -> tuple[frozenset[int], tuple[Fraction, ...], str]:
        """Two ways to the same state need not both be followed."""
        return frozenset(self.chosen), self.voters, self.phase


Step = Callable[[_State], tuple[list[tuple[int, Fraction, tuple[Fraction, ...]]], str]]


def _in_sequence(
    papers: Sequence[Approval],
    many: int,
    size: int,
    rule: str,
    place: dict[int, int],
    all_tied: bool,
    steps: list[str],
    names: Sequence[str],
) -> list[list[int]]:
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
    return done


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
            return _State((), tuple(Fraction(1) for _ in self.papers), "pav")
        if self.rule == "seqphragmen":
            return _State((), tuple(Fraction(0) for _ in self.papers), "phragmen")
        voters = sum(self.times)
        share = Fraction(self.size, voters) if voters else Fraction(0)
        return _State((), tuple(share for _ in self.papers), "shares")

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
                return self._av(_State(state.chosen, (), "av"))
            # What a voter has left lowers their load, as if it had been given to them earlier.
            loads = tuple(-left for left in state.voters)
            return self._phragmen(_State(state.chosen, loads, "phragmen"))
        return self._av(state)

    def open(self, state: _State) -> list[int]:
        """Candidates not yet in."""
        return [c for c in range(self.many) if c not in state.chosen]

    def _pav(self, state: _State) -> list[_State]:
        weights = state.voters
        gain = {
            c: sum((weights[v] * self.times[v] for v in self.behind[c]), Fraction(0))
            for c in self.open(state)
        }
        best = max(gain.values())
        after = []
        for candidate in (c for c in gain if gain[c] == best):
            new = list(weights)
            for voter in self.behind[candidate]:
                new[voter] = 1 / (1 / new[voter] + 1)
            after.append(_State((*state.chosen, candidate), tuple(new), "pav"))
        return after

    def _phragmen(self, state: _State) -> list[_State]:
        loads = state.voters
        new_load: dict[int, Fraction] = {}
        for candidate in self.open(state):
            if self.support[candidate]:
                carried = sum((loads[v] * self.times[v] for v in self.behind[candidate]), Fraction(0))
                new_load[candidate] = (1 + carried) / self.support[candidate]
        if not new_load:
            return [_State((*state.chosen, c), loads, "phragmen") for c in self.open(state)]
        best = min(new_load.values())
        after = []
        for candidate in (c for c in new_load if new_load[c] == best):
            new = list(loads)
            for voter in self.behind[candidate]:
                new[voter] = best
            after.append(_State((*state.chosen, candidate), tuple(new), "phragmen"))
        return after

    def _shares(self, state: _State) -> list[_State]:
        left = state.voters
        price: dict[int, Fraction] = {}
        for candidate in self.open(state):
            supporters = self.behind[candidate]
            if sum((left[v] * self.times[v] for v in supporters), Fraction(0)) < 1:
                continue
            need, people = Fraction(1), self.support[candidate]
            for voter in sorted(supporters, key=lambda v: left[v]):
                if left[voter] * people >= need:
                    break
                need -= left[voter] * self.times[voter]
                people -= self.times[voter]
            price[candidate] = need / people
        if not price:
            return []
        best = min(price.values())
        after = []
        for candidate in (c for c in price if price[c] == best):
            new = list(left)
            for voter in self.behind[candidate]:
                new[voter] -= min(new[voter], best)
            after.append(_State((*state.chosen, candidate), tuple(new), "shares"))
        return after

    def _av(self, state: _State) -> list[_State]:
        able = self.open(state)
        best = max(self.support[c] for c in able)
        return [_State((*state.chosen, c), (), "av") for c in able if self.support[c] == best]

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
