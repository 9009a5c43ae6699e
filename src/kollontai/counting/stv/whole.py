# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting whole papers, as in Cambridge, Massachusetts: every nth paper of a surplus moves on.

The order of the papers decides which ones move, so they are never merged.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ballots import Ranks
from ..errors import WrongBallots
from .constraints import Limits
from .gregory import ELECTED, HOPEFUL, OUT, Outcome
from .result import Stage
from .rule import Rule
from .ties import Ties


class Whole:
    """One count of ordered papers by the Cincinnati method."""

    def __init__(
        self,
        rule: Rule,
        papers: Sequence[tuple[Ranks, int]],
        *,
        size: int,
        seats: int,
        standing: Sequence[int],
        ties: Ties,
        limits: Limits,
        reopen: int | None,
    ) -> None:
        if limits.matter:
            raise WrongBallots(f"The rule {rule.name} knows no limits per category.")
        self.rule, self.seats, self.ties, self.reopen = rule, seats, ties, reopen
        self.ranks = [ranks for ranks, _ in papers]
        self.status = [OUT] * size
        for candidate in standing:
            self.status[candidate] = HOPEFUL
        self.held: list[list[int]] = [[] for _ in range(size)]
        """For every candidate their papers, in the order in which they came."""
        self.silent = 0
        self.quota = len(self.ranks) // (seats + 1) + 1
        self.elected: list[int] = []
        self.fresh: list[int] = []
        self.by_default: list[int] = []
        self.reopened = 0
        self.stages: list[Stage] = []

    def hopeful(self) -> list[int]:
        """Candidates neither elected nor excluded."""
        return [c for c, status in enumerate(self.status) if status == HOPEFUL]

    def onward(self, paper: int) -> int:
        """The next candidate still in play on a paper, or -1."""
        for rank in self.ranks[paper]:
            assert isinstance(rank, int)
            if self.status[rank] == HOPEFUL:
                return rank
        return -1

    def give(self, paper: int, candidate: int) -> None:
        """Credit a paper; with the quota a candidate is elected and receives no more."""
        self.held[candidate].append(paper)
        if len(self.held[candidate]) >= self.quota and len(self.elected) < self.seats:
            self.status[candidate] = ELECTED
            self.elected.append(candidate)
            self.fresh.append(candidate)

    def record(
        self, action: str | None, who: tuple[int, ...], before: list[int], notes: tuple[str, ...]
    ) -> None:
        """Write down a stage."""
        tallies = [len(papers) for papers in self.held]
        self.ties.remember(tallies)
        moved = tuple((c, tallies[c] - before[c]) for c in range(len(tallies)) if tallies[c] > before[c])
        self.stages.append(
            Stage(
                action=action,
                candidates=who,
                tallies=tuple(tallies),
                non_transferable=self.silent,
                lost=0,
                quota=self.quota,
                moved=moved if action else (),
                from_votes=sum(before[c] - tallies[c] for c in who),
                elected=tuple(self.fresh),
                notes=(*notes, *self.ties.heard()),
            )
        )
        self.fresh = []

    def surplus(self, candidate: int) -> None:
        """Every nth paper of a surplus moves on, counted through the pile until the quota is left."""
        before = [len(papers) for papers in self.held]
        pile = self.held[candidate]
        extra = len(pile) - self.quota
        step = (2 * len(pile) + extra) // (2 * extra)
        chosen: list[int] = []
        for start in range(step - 1, 2 * step - 1):
            for at in range(start % step if start >= step else start, len(pile), step):
                if len(chosen) == extra:
                    break
                towards = self.onward(pile[at])
                if towards >= 0:
                    chosen.append(at)
                    self.give(pile[at], towards)
        taken = set(chosen)
        # Papers that say no more stay with the candidate; what is still above the quota is silent.
        self.held[candidate] = [paper for at, paper in enumerate(pile) if at not in taken]
        left = len(self.held[candidate]) - self.quota
        if left > 0:
            del self.held[candidate][-left:]
            self.silent += left
        self.record("surplus", (candidate,), before, (f"Every paper number {step} moves on.",))

    def exclude(self, group: list[int]) -> None:
        """Exclude candidates and move all their papers."""
        before = [len(papers) for papers in self.held]
        for candidate in group:
            self.status[candidate] = OUT
        for candidate in group:
            pile, self.held[candidate] = self.held[candidate], []
            for paper in pile:
                towards = self.onward(paper)
                if towards < 0:
                    self.silent += 1
                else:
                    self.give(paper, towards)
        self.record("exclude", tuple(sorted(group)), before, ())

    def finish(self) -> bool:
        """Whether the count is over."""
        hopeful, places = self.hopeful(), self.seats - len(self.elected)
        reopen = self.reopen
        if reopen is not None and (
            self.status[reopen] == ELECTED or (0 < len(hopeful) <= places and reopen in hopeful)
        ):
            self.elected = [c for c in self.elected if c != reopen]
            self.reopened = self.seats - len(self.elected)
            return True
        if places <= 0:
            return True
        if len(hopeful) <= places:
            for candidate in sorted(hopeful, key=lambda c: (-len(self.held[c]), c)):
                self.status[candidate] = ELECTED
                self.elected.append(candidate)
                self.by_default.append(candidate)
            return True
        return False

    def run(self) -> Outcome:
        """Count."""
        for paper in range(len(self.ranks)):
            self.held[self.onward(paper)].append(paper)
        reached = [c for c in self.hopeful() if len(self.held[c]) >= self.quota]
        for candidate in sorted(reached, key=lambda c: (-len(self.held[c]), c)):
            self.status[candidate] = ELECTED
            self.elected.append(candidate)
            self.fresh.append(candidate)
        self.record(None, (), [0] * len(self.held), ())
        waiting = [c for c in reached if len(self.held[c]) > self.quota]
        first = True
        while not self.finish():
            if waiting:
                most = max(len(self.held[c]) for c in waiting)
                chosen = self.ties.decide([c for c in waiting if len(self.held[c]) == most], "surplus")
                waiting.remove(chosen)
                self.surplus(chosen)
                continue
            hopeful = self.hopeful()
            few = [c for c in hopeful if len(self.held[c]) < self.rule.minimum]
            if first and few and len(hopeful) - len(few) >= self.seats - len(self.elected):
                first = False
                self.exclude(few)
                continue
            first = False
            least = min(len(self.held[c]) for c in hopeful)
            self.exclude([self.ties.decide([c for c in hopeful if len(self.held[c]) == least], "exclude")])
        return Outcome(self.quota, self.stages, self.elected, self.by_default, self.reopened, [])
