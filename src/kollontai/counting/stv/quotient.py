# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quota preferential by quotient: as with party lists, whoever has the highest quotient is next.

D. R. Woodall, "QPQ, a quota-preferential STV-like election rule", Voting matters 17 (2003), section 2. Votes
are not cut into parts. A ballot that helped to elect somebody with quotient q is said to have elected 1/q
candidates; a candidate's quotient is their ballots divided by 1 + what those ballots have elected so far.
When nobody is above the quota, the lowest is excluded and the count starts again among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..errors import WrongBallots
from .constraints import Limits
from .gregory import ELECTED, HOPEFUL, OUT, Outcome
from .piles import Bundle, Table
from .result import Stage
from .rule import Rule
from .ties import Ties


class Quotient:
    """One count by quotients, in exact fractions."""

    def __init__(
        self,
        rule: Rule,
        lay_out: Callable[[], Table],
        *,
        size: int,
        seats: int,
        standing: Sequence[int],
        ties: Ties,
        limits: Limits,
        reopen: int | None,
    ) -> None:
        if limits.matter:
            raise WrongBallots(f"The rule {rule.name} knows no limits per category and no kept seats.")
        self.lay_out, self.seats, self.ties, self.reopen = lay_out, seats, ties, reopen
        self.status = [OUT] * size
        for candidate in standing:
            self.status[candidate] = HOPEFUL
        self.quotients = [Fraction(0)] * size
        self.elected: list[int] = []
        self.by_default: list[int] = []
        self.stages: list[Stage] = []
        self.began = 0
        """The stage at which the count last started again."""
        self.quota = Fraction(0)
        self.start()

    def start(self) -> None:
        """Lay out all ballots again; nobody has elected anybody."""
        for candidate in self.elected:
            self.status[candidate] = HOPEFUL
        self.elected = []
        self.table = self.lay_out()
        self.piles: list[list[tuple[Fraction, Bundle, int]]] = [[] for _ in self.status]
        self.inactive = self.elected_by_inactive = Fraction(0)
        self.began = len(self.stages)
        for candidate, papers, count in self.table.first([one == HOPEFUL for one in self.status]):
            if candidate >= 0:
                self.piles[candidate].append((Fraction(0), papers, count))
        self.work_out()

    def hopeful(self) -> list[int]:
        """Candidates neither elected nor excluded."""
        return [c for c, status in enumerate(self.status) if status == HOPEFUL]

    def work_out(self) -> None:
        """Quotients of everybody hopeful, and the quota (2.3 and 2.4)."""
        active = 0
        for candidate in self.hopeful():
            votes = sum(count for _, _, count in self.piles[candidate])
            already = sum((each * count for each, _, count in self.piles[candidate]), Fraction(0))
            active += votes
            self.quotients[candidate] = votes / (1 + already)
        self.quota = active / (1 + self.seats - self.elected_by_inactive)

    def record(self, action: str | None, who: tuple[int, ...], elected: tuple[int, ...]) -> None:
        """Write down a stage."""
        self.stages.append(
            Stage(
                action=action,
                candidates=who,
                tallies=tuple(self.quotients),
                non_transferable=self.inactive,
                lost=0,
                quota=self.quota,
                from_votes=self.quotients[who[0]] if who else 0,
                elected=elected,
                notes=self.ties.heard(),
            )
        )

    def elect(self, candidate: int) -> None:
        """Their ballots have now elected 1/q candidates each, and go on (2.5a)."""
        self.status[candidate] = ELECTED
        self.elected.append(candidate)
        self.record("elect", (candidate,), (candidate,))
        each = 1 / self.quotients[candidate]
        papers = self.table.join([papers for _, papers, _ in self.piles[candidate]])
        for onward, pile, count in self.table.sort(papers, [one == HOPEFUL for one in self.status]):
            if onward < 0:
                self.inactive += count
                self.elected_by_inactive += each * count
            else:
                self.piles[onward].append((each, pile, count))
        self.work_out()

    def exclude(self, candidate: int) -> None:
        """Nobody is above the quota: the lowest goes, and the count starts again (2.5b)."""
        self.record("exclude", (candidate,), ())
        self.status[candidate] = OUT
        self.quotients[candidate] = Fraction(0)
        if len(self.hopeful()) > self.seats - len(self.elected):
            self.start()

    def run(self) -> Outcome:
        """Count."""
        first = self.quota
        self.record(None, (), ())
        self.began = 0
        while len(self.elected) < self.seats < len(self.elected) + len(self.hopeful()):
            hopeful = self.hopeful()
            highest = max(self.quotients[c] for c in hopeful)
            if highest > self.quota:
                tied = [c for c in hopeful if self.quotients[c] == highest]
                self.elect(self.ties.decide(tied, "elect"))
            else:
                lowest = min(self.quotients[c] for c in hopeful)
                tied = [c for c in hopeful if self.quotients[c] == lowest]
                self.exclude(self.ties.decide(tied, "exclude"))
        # Only who was elected since the last new start is elected.
        self.stages[: self.began] = [replace(stage, elected=()) for stage in self.stages[: self.began]]
        return self._outcome(first)

    def _outcome(self, first: Fraction) -> Outcome:
        left = self.hopeful() if len(self.elected) < self.seats else []
        reopen = self.reopen
        if reopen is not None and (reopen in self.elected or reopen in left):
            if reopen in self.elected:
                self.elected = self.elected[: self.elected.index(reopen)]
            return Outcome(first, self.stages, self.elected, [], self.seats - len(self.elected), [])
        self.by_default = sorted(left, key=lambda c: (-self.quotients[c], c))
        return Outcome(first, self.stages, [*self.elected, *self.by_default], self.by_default, 0, [])
