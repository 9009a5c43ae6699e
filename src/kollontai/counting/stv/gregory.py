# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting with papers that move at a value: all Gregory rules, and the alternative vote.

One engine; each statute is a `Rule`. The order of a stage is the same everywhere: who has the quota is
elected; then hopeless candidates, a surplus, or the lowest candidate move on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..ballots import Ranks
from .constraints import Limits
from .numbers import Number, ceiling, cut
from .piles import Bundle, Sorted, Table
from .result import Stage
from .rule import Rule
from .ties import Ties

HOPEFUL, ELECTED, OUT = 0, 1, 2


@dataclass(slots=True)
class Parcel:
    """Papers that came together and are worth the same."""

    value: Number
    batch: int
    papers: Bundle
    count: int


@dataclass(slots=True)
class Outcome:
    """What the engine hands back."""

    quota: Number
    stages: list[Stage]
    elected: list[int]
    by_default: list[int]
    reopened: int
    parcels: list[tuple[int, tuple[tuple[Ranks, int], ...]]]


class Gregory:
    """One count, from the first preferences to the last place."""

    def __init__(
        self,
        rule: Rule,
        table: Table,
        *,
        size: int,
        seats: int,
        standing: Sequence[int],
        ties: Ties,
        limits: Limits,
        reopen: int | None,
    ) -> None:
        self.rule = rule
        self.table = table
        self.seats = seats
        self.ties = ties
        self.limits = limits
        self.reopen = reopen
        self.scale = 1 if rule.places is None else 10**rule.places
        self.value_places = rule.places if rule.value_places is None else rule.value_places
        exact = rule.value_exact or rule.places is None
        self.value_scale: int | None = None if exact else 10 ** (self.value_places or 0)
        self.status = [OUT] * size
        for candidate in standing:
            self.status[candidate] = HOPEFUL
        zero: Number = Fraction(0) if rule.places is None else 0
        self.zero = zero
        self.votes: list[Number] = [zero] * size
        self.piles: list[list[Parcel]] = [[] for _ in range(size)]
        self.pending: list[int] = []
        self.elected: list[int] = []
        self.by_default: list[int] = []
        self.non_transferable: Number = zero
        self.lost: Number = zero
        self.batch = 0
        self.stages: list[Stage] = []
        self.reopened = 0
        self.over = False
        self.won_with: dict[int, Bundle] = {}
        self.valid: Number = zero
        self.quota: Number = zero
        self.ever_transferred = False

    # -- what is so at this moment

    def hopeful(self) -> list[int]:
        """Candidates neither elected nor excluded."""
        return [c for c, status in enumerate(self.status) if status == HOPEFUL]

    def mask(self) -> list[bool]:
        """The same as a mask, for the table."""
        mask = [status == HOPEFUL for status in self.status]
        if self.rule.waiting_receive:
            for candidate in self.pending:
                mask[candidate] = True
        return mask

    @property
    def places(self) -> int:
        """Places not yet filled."""
        return self.seats - len(self.elected)

    def has_quota(self, candidate: int) -> bool:
        """Whether a candidate is elected by their votes."""
        votes = self.votes[candidate]
        if self.rule.quota == "majority":
            return 2 * votes > sum((self.votes[c] for c in self.hopeful()), self.zero)
        if votes > self.quota or (votes == self.quota and not self.rule.above):
            return True
        if self.rule.active_share and self.places > 0:
            return votes * (self.places + 1) >= self.active() and votes > 0
        return False

    def active(self) -> Number:
        """Votes still in play: without those of the elected up to the quota, and the non-transferable."""
        settled = sum((min(self.votes[c], self.quota) for c in self.elected), self.zero)
        return self.valid - settled - self.non_transferable - self.lost

    def set_quota(self, votes: Number) -> None:
        """Work out the quota from these votes."""
        rule, seats, scale = self.rule, self.seats, self.scale
        exact = Fraction(votes) / (seats + 1)
        if rule.quota == "droop":
            # Whole votes, also where votes have decimals.
            whole = rule.papers_scale if rule.places == 0 and rule.papers_scale > 1 else 0
            self.quota = cut(exact) + 1 if whole else (cut(exact / scale) + 1) * scale
        elif rule.quota == "droop-exact":
            self.quota = exact if rule.places is None else cut(exact)
        elif rule.quota == "droop-next":
            self.quota = cut(exact) + 1
        elif rule.quota == "droop-ceiling":
            self.quota = ceiling(exact)
        elif rule.quota == "hare":
            self.quota = cut(Fraction(votes) / (seats * scale)) * scale
        else:
            self.quota = cut(Fraction(votes) / (2 * scale)) * scale + scale

    # -- moving papers

    def credit(self, papers: int, value: Number) -> Number:
        """What so many papers at this value are worth to whoever receives them."""
        if self.value_scale is None:
            worth = papers * Fraction(value) * self.scale
            return worth if self.rule.places is None else cut(worth)
        if self.value_scale == self.scale:
            return papers * value
        return cut(Fraction(papers * value * self.scale, self.value_scale))

    def hand_out(self, piles: Sorted, value: Number, moved: dict[int, Number]) -> Number:
        """Give sorted papers to their new candidates; says how much reached somebody or nobody."""
        given = self.zero
        for candidate, papers, count in piles:
            worth = self.credit(count, value)
            given += worth
            if candidate < 0:
                self.non_transferable += worth
                continue
            self.votes[candidate] += worth
            moved[candidate] = moved.get(candidate, self.zero) + worth
            self.piles[candidate].append(Parcel(value, self.batch, papers, count))
        return given

    def surplus_value(self, value: Number, surplus: Number, divisor: Number | int) -> Number:
        """The value of a paper after a surplus transfer."""
        rule = self.rule
        if self.value_scale is None:
            return Fraction(value) * surplus / divisor
        if rule.cut_product:
            return (cut(value) * cut(surplus) // self.scale) * self.scale // cut(divisor)
        return cut(Fraction(value * surplus, 1) / divisor)

    def transfer_surplus(self, candidate: int, moved: dict[int, Number]) -> tuple[Number, Number | None]:
        """Pass on what a candidate has above the quota; says how much, and at which value."""
        rule = self.rule
        surplus = self.votes[candidate] - self.quota
        mask = self.mask()
        self.batch += 1
        parcels = self.piles[candidate]
        told: Number | None = None
        if rule.surplus == "weighted":
            by_value: dict[Number, list[Bundle]] = {}
            for parcel in parcels:
                by_value.setdefault(parcel.value, []).append(parcel.papers)
            given = self.zero
            for value in sorted(by_value, reverse=True):
                new = self.surplus_value(value, surplus, self.votes[candidate])
                given += self.hand_out(self.table.sort(self.table.join(by_value[value]), mask), new, moved)
                if len(by_value) == 1:
                    told = new
            self.piles[candidate] = []
            self.lost += surplus - given
        else:
            if rule.surplus == "last-parcel":
                last = max(parcel.batch for parcel in parcels)
                chosen = [parcel for parcel in parcels if parcel.batch == last]
                rest = [parcel for parcel in parcels if parcel.batch != last]
            else:
                chosen, rest = parcels, []
            piles = self.table.sort(self.table.join([parcel.papers for parcel in chosen]), mask)
            told = self._one_value(surplus, chosen, piles, moved)
            staying = [Parcel(chosen[0].value, chosen[0].batch, p, n) for c, p, n in piles if c < 0]
            self.piles[candidate] = rest + (staying if rule.divisor == "transferable" else [])
        self.votes[candidate] = self.quota
        self.ever_transferred = True
        return surplus, told

    def _one_value(
        self, surplus: Number, chosen: list[Parcel], piles: Sorted, moved: dict[int, Number]
    ) -> Number | None:
        """Move papers at one common value: surplus ÷ papers, never more than they were received at."""
        rule = self.rule
        going = [pile for pile in piles if pile[0] >= 0 or rule.divisor != "transferable"]
        count = sum(number for _, _, number in going)
        if not count:
            self.non_transferable += surplus
            return None
        received = max(parcel.value for parcel in chosen)
        if self.value_scale is None:
            value: Number = Fraction(surplus) / (count * self.scale)
        else:
            value = cut(Fraction(surplus * self.value_scale) / (count * self.scale))
        capped = rule.surplus == "last-parcel" and self.credit(count, received) <= surplus
        if capped:
            value = received
        given = self.hand_out(going, value, moved)
        if capped:
            # The papers bring less than the surplus: the rest has no paper to go on with.
            self.non_transferable += surplus - given
        else:
            self.lost += surplus - given
        return value

    # -- electing

    def elect(self) -> tuple[int, ...]:
        """Elect whoever has the quota, most votes first, as far as places and limits go."""
        fresh: list[int] = []
        while self.places > 0:
            ready = [c for c in self.hopeful() if self.has_quota(c) and c not in self.limits.doomed]
            if not ready:
                break
            most = max(self.votes[c] for c in ready)
            best = [c for c in ready if self.votes[c] == most]
            if len(best) > self.places or (len(best) > 1 and self.limits.matter):
                chosen = self.ties.decide(best, "elect")
            else:
                chosen = best[0]
            self.seat(chosen)
            fresh.append(chosen)
            if self.limits.filled(self.places):
                break
        return tuple(fresh)

    def seat(self, candidate: int) -> None:
        """One candidate is elected."""
        self.status[candidate] = ELECTED
        self.elected.append(candidate)
        if self.piles[candidate]:
            last = max(parcel.batch for parcel in self.piles[candidate])
            papers = [parcel.papers for parcel in self.piles[candidate] if parcel.batch == last]
            self.won_with[candidate] = self.table.join(papers)
        if self.votes[candidate] > self.quota or (
            self.rule.zero_surplus_stage and self.votes[candidate] == self.quota
        ):
            self.pending.append(candidate)
        self.limits.update(self.elected, self.hopeful(), self.places)

    def finish(self) -> bool:
        """Whether the count is over; the last places are filled where nobody is left to choose from."""
        if self.over:
            return True
        hopeful = self.hopeful()
        if self.reopen is not None and self.status[self.reopen] == ELECTED:
            return self.stop_for_reopening()
        if self.places <= 0:
            self.over = True
            return True
        sure = [c for c in hopeful if c in self.limits.guarded]
        if self.limits.filled(self.places):
            for candidate in sure:
                self.fill(candidate)
            return self._end()
        if len(hopeful) <= self.places and not (self.rule.surpluses_first and self.pending):
            if self.reopen is not None and self.reopen in hopeful:
                return self.stop_for_reopening()
            for candidate in sorted(hopeful, key=lambda c: (-self.votes[c], c)):
                self.fill(candidate)
            self.over = True
            return True
        if self.places == 1 and self.rule.last_two and len(hopeful) == 2 and not self.pending:
            self.fill(self.highest(hopeful))
            return self._end()
        if self.places == 1 and self.rule.lead and not self.limits.matter:
            first = max(hopeful, key=lambda c: self.votes[c])
            rest = sum((self.votes[c] for c in hopeful if c != first), self.zero)
            if self.votes[first] >= rest + self.surpluses():
                self.fill(first)
                return self._end()
        return False

    def _end(self) -> bool:
        """The last place went to somebody; if that was nobody's, nominations open again."""
        if self.reopen is not None and self.status[self.reopen] == ELECTED:
            return self.stop_for_reopening()
        self.over = True
        return True

    def highest(self, among: Sequence[int]) -> int:
        """The candidate with most votes, ties by the rule."""
        most = max(self.votes[c] for c in among)
        return self.ties.decide([c for c in among if self.votes[c] == most], "elect")

    def fill(self, candidate: int) -> None:
        """A last place goes to who is left."""
        self.status[candidate] = ELECTED
        self.elected.append(candidate)
        self.by_default.append(candidate)
        if self.piles[candidate]:
            self.won_with[candidate] = self.table.join([parcel.papers for parcel in self.piles[candidate]])

    def stop_for_reopening(self) -> bool:
        """Re-open nominations takes the rest: those elected before are seated, the others open again."""
        self.elected = [c for c in self.elected if c != self.reopen]
        self.by_default = [c for c in self.by_default if c != self.reopen]
        self.reopened = self.seats - len(self.elected)
        self.over = True
        return True

    def surpluses(self) -> Number:
        """All surpluses not yet passed on."""
        return sum((self.votes[c] - self.quota for c in self.pending), self.zero)

    # -- excluding

    def lowest_group(self) -> list[int]:
        """Who is excluded next: several together where the rule lets it, else the lowest."""
        hopeful = self.hopeful()
        free = [c for c in hopeful if c not in self.limits.guarded]
        ranked = sorted(free, key=lambda c: (self.votes[c], c))
        if self.rule.bulk and not self.limits.matter:
            group = self.bulk(ranked, self.surpluses())
            if group:
                return group
        least = self.votes[ranked[0]]
        if (
            self.rule.bulk_zero
            and least == 0
            and self.ever_transferred
            and not self.limits.matter
            and len(zeros := [c for c in ranked if self.votes[c] == 0]) <= len(hopeful) - self.places
        ):
            return zeros
        return [self.ties.decide([c for c in ranked if self.votes[c] == least], "exclude")]

    def bulk(self, ranked: list[int], surplus: Number) -> list[int]:
        """The largest group of lowest candidates who together cannot reach the one above them."""
        limit = len(ranked) - self.places
        best: list[int] = []
        total = surplus
        for size in range(1, min(limit, len(ranked) - 1) + 1):
            total += self.votes[ranked[size - 1]]
            above = self.votes[ranked[size]]
            if self.votes[ranked[size - 1]] == above:
                continue  # equal votes are not torn apart
            if (total < above or (self.rule.bulk == "<=" and total == above and size > 1)) and (
                not self.rule.bulk_only_if_safe or self._safe(ranked, size, total, surplus)
            ):
                best = ranked[:size]
        return best

    def _safe(self, ranked: list[int], size: int, total: Number, surplus: Number) -> bool:
        """Whether bulk exclusion leaves the order of election as it would be (CfER 10059 k 3)."""
        if len(self.elected) == self.seats - 1 or len(ranked) - size == self.places:
            return True
        room = self.quota - max(self.votes[c] for c in ranked)
        if total < room:
            return True
        return surplus == 0 and total - max(self.votes[c] for c in ranked[:size]) < room

    def deferred(self) -> bool:
        """Whether the surpluses are too small to change who is excluded next."""
        rule = self.rule
        if not rule.defer:
            return False
        surplus = self.surpluses()
        ranked = sorted(self.hopeful(), key=lambda c: (self.votes[c], c))

        def small(gap: Number) -> bool:
            return surplus < gap or (rule.defer == "<=" and surplus == gap)

        if len(ranked) > 1 and small(self.votes[ranked[1]] - self.votes[ranked[0]]):
            return True
        total = self.zero
        for size in range(1, len(ranked) - self.places + 1):
            if size >= len(ranked):
                break
            total += self.votes[ranked[size - 1]]
            if size >= 2 and small(self.votes[ranked[size]] - total):
                return True
        return False

    def exclude(self, group: list[int], notes: tuple[str, ...]) -> None:
        """Exclude these candidates and sort their papers on."""
        rule = self.rule
        gone = tuple(sorted(group))
        for candidate in group:
            self.status[candidate] = OUT
        self.limits.update(self.elected, self.hopeful(), self.places)
        by_value: dict[tuple[bool, Number], list[Bundle]] = {}
        for candidate in group:
            for parcel in self.piles[candidate]:
                by_value.setdefault(self._sheaf(parcel), []).append(parcel.papers)
        values = sorted(by_value, reverse=True)
        moved: dict[int, Number] = {}
        held = sum((self.votes[c] for c in group), self.zero)
        if rule.parcels == "together" or len(values) < 2:
            self.batch += 1
            given = self.zero
            for sheaf in values:
                papers = self.table.join(by_value[sheaf])
                given += self.hand_out(self.table.sort(papers, self.mask()), sheaf[1], moved)
            self._emptied(group, held, given)
            self.requota()
            self.record("exclude", gone, moved, held, None, self.elect(), notes)
            return
        left = {c: list(self.piles[c]) for c in group}
        fresh: list[int] = []
        for at, sheaf in enumerate(values):
            last = at == len(values) - 1
            value = sheaf[1]
            self.batch += 1
            papers = self.table.join(by_value[sheaf])
            given = self.hand_out(self.table.sort(papers, self.mask()), value, moved)
            taken = self.zero
            for candidate in group:
                left[candidate] = [parcel for parcel in left[candidate] if self._sheaf(parcel) != sheaf]
                rest = self.credit_of(left[candidate])
                rest = self.votes[candidate] if rest > self.votes[candidate] else rest
                taken += self.votes[candidate] - rest
                self.votes[candidate] = rest
            self.lost += taken - given
            self.requota()
            elected = self.elect()
            fresh += elected
            if rule.parcel_stages or last:
                self.record("exclude", gone, moved, taken if rule.parcel_stages else held, value, (), notes)
                self.stages[-1] = replace(
                    self.stages[-1], elected=tuple(elected if rule.parcel_stages else fresh)
                )
                moved, notes = {}, ()
            else:
                self.ties.remember(self.votes)
            if self.enough():
                if not last and not rule.parcel_stages:
                    self.record("exclude", gone, moved, held, value, tuple(fresh), notes)
                break
        for candidate in group:
            self.piles[candidate] = left[candidate]

    def _sheaf(self, parcel: Parcel) -> tuple[bool, Number]:
        """Papers of the excluded that move together: of one value; perhaps first preferences apart."""
        return self.rule.first_apart and parcel.batch == 0, parcel.value

    def enough(self) -> bool:
        """Whether nothing that still could move changes who is elected."""
        if self.reopen is not None and self.status[self.reopen] == ELECTED:
            return True
        return self.places <= 0 or self.limits.filled(self.places) or len(self.hopeful()) <= self.places

    def credit_of(self, parcels: list[Parcel]) -> Number:
        """What is left with an excluded candidate between two batches."""
        by_value: dict[Number, int] = {}
        for parcel in parcels:
            by_value[parcel.value] = by_value.get(parcel.value, 0) + parcel.count
        return sum((self.credit(count, value) for value, count in by_value.items()), self.zero)

    def _emptied(self, group: list[int], held: Number, given: Number) -> None:
        self.lost += held - given
        for candidate in group:
            self.votes[candidate] = self.zero
            self.piles[candidate] = []

    def requota(self) -> None:
        """Work the quota out again where the rule does."""
        if self.rule.quota_is == "every-stage" or (
            self.rule.quota_is == "until-elected" and not self.elected
        ):
            self.set_quota(self.valid - self.non_transferable)

    # -- the count

    def record(
        self,
        action: str | None,
        who: tuple[int, ...],
        moved: dict[int, Number],
        held: Number,
        value: Number | None,
        elected: tuple[int, ...],
        notes: tuple[str, ...],
    ) -> None:
        """Write down a stage."""
        self.ties.remember(self.votes)
        self.stages.append(
            Stage(
                action=action,
                candidates=who,
                tallies=tuple(self.votes),
                non_transferable=self.non_transferable,
                lost=self.lost,
                quota=self.quota,
                moved=tuple(sorted(moved.items())),
                from_votes=held,
                value=value,
                elected=elected,
                notes=(*notes, *self.ties.heard()),
            )
        )

    def run(self) -> Outcome:
        """Count."""
        start: Number = self.rule.papers_scale
        if self.value_scale is not None:
            start *= self.value_scale
        elif self.rule.places is None:
            start = Fraction(start)
        for candidate, papers, count in self.table.first(self.mask()):
            if candidate < 0:
                continue
            worth = self.credit(count, start)
            self.votes[candidate] = worth
            self.piles[candidate].append(Parcel(start, 0, papers, count))
            self.valid += worth
        self.set_quota(self.valid)
        first_quota = self.quota
        self.limits.update(self.elected, self.hopeful(), self.places)
        self.record(None, (), {}, self.zero, None, self.elect(), ())
        while not self.finish():
            self.step()
        return Outcome(
            first_quota,
            self.stages,
            self.elected,
            self.by_default,
            self.reopened,
            [
                (c, tuple(self.table.papers(papers)))
                for c, papers in self.won_with.items()
                if c in self.elected
            ]
            if self.rule.surplus == "last-parcel"
            else [],
        )

    def step(self) -> None:
        """One stage."""
        rule = self.rule
        doomed = [c for c in self.hopeful() if c in self.limits.doomed]
        if doomed:
            self.exclude(doomed, tuple(self.limits.why(c) for c in doomed))
            return
        if rule.bulk_first and not self.limits.matter:
            ranked = sorted(self.hopeful(), key=lambda c: (self.votes[c], c))
            group = self.bulk(ranked, self.surpluses())
            if group:
                if (
                    rule.stop_before_transfer
                    and not rule.surpluses_first
                    and len(ranked) - len(group) <= self.places
                ):
                    self._stop_before(group)
                else:
                    self.exclude(group, ())
                return
        if self.pending and rule.surplus == "none":
            self.pending.clear()
        if self.pending and not self.deferred():
            self.pass_on()
            return
        group = self.lowest_group()
        if rule.stop_before_transfer == "always" and len(self.hopeful()) - len(group) <= self.places:
            self._stop_before(group)
            return
        self.exclude(group, self.limits.guard_notes(self.hopeful(), group, self.votes))

    def _stop_before(self, group: list[int]) -> None:
        for candidate in group:
            self.status[candidate] = OUT
        notes = self.ties.heard()
        if notes:
            self.stages[-1] = replace(self.stages[-1], notes=(*self.stages[-1].notes, *notes))

    def pass_on(self) -> None:
        """Transfer the surplus whose turn it is; under some rules, all of them."""
        moved: dict[int, Number] = {}
        if self.rule.order == "all":
            going = sorted(self.pending)
        elif self.rule.order == "election":
            going = [self.pending[0]]
        else:
            most = max(self.votes[c] for c in self.pending)
            going = [self.ties.decide([c for c in self.pending if self.votes[c] == most], "surplus")]
        total: Number = self.zero
        value: Number | None = None
        for candidate in going:
            self.pending.remove(candidate)
            surplus, value = self.transfer_surplus(candidate, moved)
            total += surplus
        self.record("surplus", tuple(going), moved, total, value if len(going) == 1 else None, (), ())
        elected = self.elect()
        notes = (*self.stages[-1].notes, *self.ties.heard())
        self.stages[-1] = replace(self.stages[-1], elected=elected, notes=notes)
