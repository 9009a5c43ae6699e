# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meek's and Warren's methods: every elected candidate keeps just the part of each vote that they need.

Brian Meek 1969/70, translated in Voting matters 1 (1994); Hill, Wichmann and Woodall, "Algorithm 123",
The Computer Journal 30 (1987); Warren in Voting matters 4 (1995). Fixed decimals throughout.

Only elected candidates keep less than a whole vote. So papers that pass the same elected candidates in the
same order lie together, sorted by the hopeful one they reach, and the many iterations run over few ways
(`ways.py`). Papers with equal ranks are put together anew at each stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ..ballots import Ranks
from .constraints import Limits
from .gregory import ELECTED, HOPEFUL, OUT, Outcome
from .numbers import Number
from .piles import Table
from .result import Stage
from .rule import Rule
from .ties import Ties
from .ways import Ways

Group = tuple[int | tuple[int, ...], ...]
"""The elected candidates a paper passes, then the hopeful one (or equal ones) it reaches."""


class Meek:
    """One count by keep factors."""

    def __init__(
        self,
        rule: Rule,
        papers: Sequence[tuple[Ranks, int]] | Table,
        *,
        valid: int,
        size: int,
        seats: int,
        standing: Sequence[int],
        ties: Ties,
        limits: Limits,
        reopen: int | None,
    ) -> None:
        assert rule.places is not None
        self.rule = rule
        self.seats = seats
        self.ties = ties
        self.limits = limits
        self.reopen = reopen
        self.one: int = 10 ** (rule.places + rule.guard)
        self.near = 10**rule.guard // 2 if rule.guard else 0
        """Numbers closer than this are equal, where digits are guarded."""
        self.status = [OUT] * size
        for candidate in standing:
            self.status[candidate] = HOPEFUL
        self.keep = [self.one if status == HOPEFUL else 0 for status in self.status]
        self.votes = [0] * size
        self.elected: list[int] = []
        self.by_default: list[int] = []
        self.reopened = 0
        self.over = False
        self.stages: list[Stage] = []
        self.valid = valid * self.one
        self.quota = 0
        self.surplus = 0
        self.together: dict[Group, int] = {}
        self.papers: Sequence[tuple[Ranks, int]] = ()
        self.ways: Ways | None = None
        if isinstance(papers, Sequence):
            self.papers = papers
        else:
            self.ways = Ways(papers, self.status)

    # -- distributing

    def groups(self) -> dict[Group, int]:
        """Papers that now count alike, together."""
        together: dict[Group, int] = {}
        status = self.status
        for ranks, times in self.papers:
            path: list[int | tuple[int, ...]] = []
            for rank in ranks:
                if isinstance(rank, int):
                    state = status[rank]
                    if state == OUT:
                        continue
                    path.append(rank)
                    if state == HOPEFUL:
                        break
                else:
                    equal = tuple(c for c in rank if status[c] != OUT)
                    if equal:
                        path.append(equal if len(equal) > 1 else equal[0])
                        if len(equal) == 1 and status[equal[0]] == HOPEFUL:
                            break
            key = tuple(path)
            together[key] = together.get(key, 0) + times
        return together

    def kept(self, weight: int, factor: int) -> tuple[int, int]:
        """What a candidate keeps of this weight, and what goes on."""
        if self.rule.warren:
            stays = min(factor, weight)
            return stays, weight - stays
        product = weight * factor
        if self.rule.keep == "up":
            stays = -(-product // self.one) if not self.rule.guard else product // self.one
            return stays, weight - stays
        return product // self.one, weight * (self.one - factor) // self.one

    def regroup(self) -> None:
        """After somebody was elected or excluded: papers go to where they count now."""
        if self.ways is None:
            self.together = self.groups()
        else:
            self.ways.follow(self.status)

    def distribute(self) -> None:
        """Share out every paper by the keep factors."""
        if self.ways is not None:
            self.votes = self.ways.share(self.one, self.keep, self.kept, plain=self.simple)
            return
        votes = [0] * len(self.votes)
        for path, times in self.together.items():
            self._share(path, 0, self.one, times, votes)
        self.votes = votes

    @property
    def simple(self) -> bool:
        """Whether a candidate keeps weight × factor, rounded up, of unguarded decimals."""
        return self.rule.keep == "up" and not self.rule.guard and not self.rule.warren

    def _share(self, path: Group, at: int, weight: int, times: int, votes: list[int]) -> None:
        keep = self.keep
        while at < len(path) and weight > 0:
            rank = path[at]
            at += 1
            if isinstance(rank, int):
                stays, weight = self.kept(weight, keep[rank])
                votes[rank] += stays * times
            else:
                part = weight // len(rank)
                for candidate in rank:
                    stays, rest = self.kept(part, keep[candidate])
                    votes[candidate] += stays * times
                    self._share(path, at, rest, times, votes)
                return

    def iterate(self) -> tuple[str, tuple[int, ...]]:
        """Settle the surpluses; ends with somebody elected, with sure losers, or settled."""
        rule = self.rule
        limit = 10 ** (len(str(self.one)) - 1 - rule.omega)
        self.regroup()
        last = self.valid
        while True:
            self.distribute()
            shared = sum(self.votes)
            if rule.guard:
                self.quota = shared // (self.seats + 1)
            else:
                self.quota = shared // (self.seats + 1) + 1
            fresh = self.elect()
            self.surplus = sum(self.votes[c] - self.quota for c in self.elected)
            if not rule.guard:
                self.surplus = max(self.surplus, 0)
            if fresh:
                return "elected", fresh
            if self.surplus < limit or (rule.guard and self.surplus - limit < self.near):
                return "settled", ()
            if self.surplus >= last - (self.near - 1 if self.near else 0):
                return "settled", ()
            if rule.sure_losers != "none" and (losers := self.losers()):
                return "losers", losers
            last = self.surplus
            for candidate in self.elected:
                self.keep[candidate] = self._factor(candidate)

    def _factor(self, candidate: int) -> int:
        product, votes = self.keep[candidate] * self.quota, self.votes[candidate]
        if not votes:
            return self.keep[candidate]
        if self.rule.guard:
            return product // self.one * self.one // votes
        up = -(-product // self.one)
        return -(-(up * self.one) // votes)

    def elect(self) -> tuple[int, ...]:
        """Elect who has the quota."""
        fresh: list[int] = []
        while len(self.elected) < self.seats:
            ready = [
                c
                for c, status in enumerate(self.status)
                if status == HOPEFUL
                and c not in self.limits.doomed
                and (
                    self.votes[c] - self.quota >= self.near
                    if self.rule.guard
                    else self.votes[c] >= self.quota
                )
            ]
            if not ready:
                break
            most = max(self.votes[c] for c in ready)
            best = [c for c in ready if self.votes[c] == most]
            many = len(best) > self.seats - len(self.elected) or (len(best) > 1 and self.limits.matter)
            chosen = self.ties.decide(best, "elect") if many else best[0]
            self.status[chosen] = ELECTED
            self.elected.append(chosen)
            fresh.append(chosen)
            self.limits.update(self.elected, self.hopeful(), self.seats - len(self.elected))
            if self.limits.filled(self.seats - len(self.elected)):
                break
        return tuple(fresh)

    def hopeful(self) -> list[int]:
        """Candidates neither elected nor excluded."""
        return [c for c, status in enumerate(self.status) if status == HOPEFUL]

    def losers(self) -> tuple[int, ...]:
        """Candidates who cannot catch up, whatever happens to the surpluses."""
        ranked = sorted(self.hopeful(), key=lambda c: (self.votes[c], c))
        if self.limits.matter:
            return ()
        room = len(ranked) - (self.seats - len(self.elected))
        if self.rule.sure_losers == "one":
            room = min(room, 1)
        total, best = self.surplus, 0
        for size in range(1, min(room, len(ranked) - 1) + 1):
            total += self.votes[ranked[size - 1]]
            if self.votes[ranked[size]] - total >= max(self.near, 1):
                best = size
        return tuple(sorted(ranked[:best]))

    # -- the count

    def finish(self) -> bool:
        """Whether the count is over."""
        if self.over:
            return True
        hopeful, places = self.hopeful(), self.seats - len(self.elected)
        if self.reopen is not None and self.status[self.reopen] == ELECTED:
            return self._reopen()
        if places <= 0:
            self.over = True
        elif self.limits.filled(places):
            self._fill([c for c in hopeful if c in self.limits.guarded])
        elif len(hopeful) <= places:
            if self.reopen is not None and self.reopen in hopeful:
                return self._reopen()
            self._fill(sorted(hopeful, key=lambda c: (-self.votes[c], c)))
        return self.over

    def _fill(self, candidates: Sequence[int]) -> None:
        for candidate in candidates:
            self.status[candidate] = ELECTED
            self.elected.append(candidate)
            self.by_default.append(candidate)
        self.over = True

    def _reopen(self) -> bool:
        self.elected = [c for c in self.elected if c != self.reopen]
        self.by_default = [c for c in self.by_default if c != self.reopen]
        self.reopened = self.seats - len(self.elected)
        self.over = True
        return True

    def record(
        self, action: str | None, who: tuple[int, ...], elected: tuple[int, ...], notes: tuple[str, ...]
    ) -> None:
        """Write down a stage."""
        self.ties.remember(self.votes)
        before = self.stages[-1].tallies if self.stages else None
        told = [self._told(votes) for votes in self.votes]
        moved = []
        if before is not None:
            moved = [(c, told[c] - before[c]) for c in range(len(told)) if told[c] > before[c]]
        rest = self.valid - sum(self.votes)
        self.stages.append(
            Stage(
                action=action,
                candidates=who,
                tallies=tuple(told),
                non_transferable=self._told(rest),
                lost=0,
                quota=self._told(self.quota),
                moved=tuple(moved),
                from_votes=sum((before[c] for c in who), 0) if before is not None else 0,
                elected=elected,
                notes=(*notes, *self.ties.heard()),
                factors=tuple(self._told(factor) for factor in self.keep),
            )
        )

    def settle(self, elected: tuple[int, ...]) -> None:
        """Write down what the iterations came to, unless they changed nothing."""
        told = tuple(self._told(votes) for votes in self.votes)
        if self.stages and told == self.stages[-1].tallies:
            last = self.stages[-1]
            notes = (*last.notes, *self.ties.heard())
            quota = self._told(self.quota)
            self.stages[-1] = replace(last, elected=(*last.elected, *elected), notes=notes, quota=quota)
        else:
            self.record("iterate", (), elected, ())

    def _told(self, value: int) -> Number:
        """Guard digits are worked with, not shown: rounded to the nearest."""
        guard: int = 10**self.rule.guard
        return (value + guard // 2) // guard

    def run(self) -> Outcome:
        """Count."""
        self.regroup()
        self.distribute()
        exact = Fraction(self.valid, self.seats + 1)
        self.quota = exact.numerator // exact.denominator + (0 if self.rule.guard else 1)
        first_quota = self._told(self.quota)
        self.limits.update([], self.hopeful(), self.seats)
        self.record(None, (), (), ())
        while not self.finish():
            self.step()
        return Outcome(first_quota, self.stages, self.elected, self.by_default, self.reopened, [])

    def step(self) -> None:
        """One stage: settle the surpluses, then elect or exclude."""
        doomed = tuple(c for c in self.hopeful() if c in self.limits.doomed)
        if doomed:
            self._exclude(doomed, tuple(self.limits.why(c) for c in doomed))
            return
        how, who = self.iterate()
        self.settle(who if how == "elected" else ())
        if how == "elected":
            return
        if how == "losers":
            self._exclude(who, ("They cannot catch up any more.",) if len(who) > 1 else ())
            return
        hopeful = [c for c in self.hopeful() if c not in self.limits.guarded]
        if self.rule.bulk_zero and self.elected:
            zeros = tuple(c for c in hopeful if self.votes[c] == 0)
            if zeros and len(zeros) < len(self.hopeful()) - (self.seats - len(self.elected)):
                self._exclude(zeros, ())
                return
        least = min(self.votes[c] for c in hopeful)
        near = [c for c in hopeful if self.votes[c] - least - self.surplus < max(self.near, 1)]
        lowest = self.ties.decide(near, "exclude")
        self._exclude((lowest,), self.limits.guard_notes(self.hopeful(), [lowest], self.votes))

    def _exclude(self, who: tuple[int, ...], notes: tuple[str, ...]) -> None:
        for candidate in who:
            self.status[candidate] = OUT
            self.keep[candidate] = 0
        self.limits.update(self.elected, self.hopeful(), self.seats - len(self.elected))
        self.regroup()
        self.distribute()
        self.record("exclude", who, (), notes)
