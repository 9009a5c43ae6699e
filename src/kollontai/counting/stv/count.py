# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting ranked ballots: prepare the papers, pick the engine, hand back every stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ..ballots import Ballots, Ranks
from ..errors import WrongBallots
from ..lots import draw
from ..pays import Way
from .constraints import Constraint, Limits
from .gregory import Gregory
from .meek import Meek
from .piles import PlainTable, Table
from .presets import DEFAULT, named
from .quotient import Quotient
from .result import Count
from .rule import Rule
from .ties import Ties
from .whole import Whole

if TYPE_CHECKING:
    from .fast import FastPapers


def count(
    ballots: Ballots,
    rule: Rule | str = DEFAULT,
    *,
    seats: int | None = None,
    seed: str | None = None,
    tie_order: Sequence[int] | None = None,
    withdrawn: Iterable[int] = (),
    constraints: Iterable[Constraint] = (),
    kept: Iterable[int] = (),
    reopen: int | None = None,
    leave_out_unranked: bool = False,
    fast: Way = None,
) -> Count:
    """Count ranked ballots under a rule.

    `seed` draws the published lot for ties (over the candidates' numbers, from 1); `tie_order` gives the
    order itself; without either, a tie the rule cannot break stops the count with `TieNeedsDecision`.
    `kept` are members who keep their seats (countback). `reopen` is Re-open nominations: if it wins a place,
    or is still in when the rest would be filled by default, the count stops, those elected up to then are
    seated, and nominations open again for the others. With `leave_out_unranked` an option that no ballot
    ranks takes no part. `fast` chooses how papers are sorted: False in plain Python, True in arrays (numpy),
    "compiled" by machine code (numba), None by what pays and is installed; the count is the same bit by bit.
    """
    if isinstance(rule, str):
        rule = named(rule)
    seats = ballots.seats if seats is None else seats
    if seats < 1:
        raise WrongBallots("At least one seat is filled.")
    if rule.one_seat and seats != 1:
        raise WrongBallots(f"The rule {rule.name} fills one place, not {seats}.")
    size = len(ballots.candidates)
    gone = ballots.withdrawn | frozenset(withdrawn)
    standing = [c for c in range(size) if c not in gone]
    if reopen is not None and reopen not in standing:
        raise WrongBallots("Re-open nominations is not among the options of this ballot.")
    arrays = _arrays(ballots, rule, fast)
    papers: list[tuple[Ranks, int]] = []
    table: Table | None = None
    if arrays is None:
        papers, equal, valid, blank = prepare(ballots, rule, gone)
        if not equal and rule.family != "whole":
            table = PlainTable(papers)
    else:
        table = arrays.table(fast)
        stays = [candidate not in gone for candidate in range(size)]
        valid = sum(number for candidate, _, number in table.first(stays) if candidate >= 0)
        blank = arrays.total - valid
    left_out: tuple[int, ...] = ()
    if leave_out_unranked:
        if table is None:
            ranked = {c for ranks, _ in papers for r in ranks for c in ((r,) if isinstance(r, int) else r)}
        else:
            ranked = table.ranked()
        left_out = tuple(c for c in standing if c not in ranked)
        standing = [c for c in standing if c in ranked]
        reopen = None if reopen in left_out else reopen
    order: Sequence[int] | None = tie_order
    if order is None and seed is not None:
        order = [int(number) - 1 for number in draw(seed, [str(c + 1) for c in range(size)])]
    if order is None and ballots.tie_order:
        order = ballots.tie_order
    if order is not None and sorted(order) != list(range(size)):
        raise WrongBallots("The order for ties must name every candidate once.")
    drawn = pseudo_random(len(standing), seats, valid, standing) if rule.pseudo_random else None
    ties = Ties(rule.ties, ballots.candidates, order, drawn)
    kept = frozenset(kept)
    if not kept <= set(standing):
        raise WrongBallots("Somebody who keeps their seat is not among the candidates.")
    limits = Limits(ballots.candidates, constraints, kept, seats)
    engine: Gregory | Meek | Quotient | Whole
    if rule.family == "gregory":
        assert table is not None
        engine = Gregory(
            rule, table, size=size, seats=seats, standing=standing, ties=ties, limits=limits, reopen=reopen
        )
    elif rule.family == "meek":
        engine = Meek(
            rule,
            papers if table is None else table,
            valid=valid,
            size=size,
            seats=seats,
            standing=standing,
            ties=ties,
            limits=limits,
            reopen=reopen,
        )
    elif rule.family == "quotient":
        engine = Quotient(
            rule,
            lambda: PlainTable(papers) if arrays is None else arrays.table(fast),
            size=size,
            seats=seats,
            standing=standing,
            ties=ties,
            limits=limits,
            reopen=reopen,
        )
    else:
        engine = Whole(
            rule, papers, size=size, seats=seats, standing=standing, ties=ties, limits=limits, reopen=reopen
        )
    done = engine.run()
    return Count(
        rule=rule,
        title=ballots.title,
        candidates=ballots.candidates,
        seats=seats,
        valid=valid,
        blank=blank,
        quota=done.quota,
        stages=tuple(done.stages),
        elected=tuple(done.elected),
        by_default=tuple(done.by_default),
        by_lot=ties.by_lot,
        withdrawn=tuple(sorted(gone)),
        reopened=done.reopened,
        reopen=reopen,
        left_out=left_out,
        parcels=tuple(done.parcels),
    )


LARGE = 20_000
"""From so many lines on making arrays of plain papers pays."""


def _arrays(ballots: Ballots, rule: Rule, fast: Way) -> FastPapers | None:
    """The papers as arrays, where they can be had, pay and fit the rule."""
    if fast is False or rule.full or rule.ordered or rule.family == "whole":
        return None
    if not (fast or len(ballots.papers) > LARGE or hasattr(ballots.papers, "marks")):
        return None
    try:
        from .fast import FastPapers as Arrays
    except ImportError:
        if fast:
            raise
        return None
    if isinstance(ballots.papers, Arrays):
        return ballots.papers
    if ballots.has_equal_ranks:
        return None
    return Arrays.of(ballots.papers, len(ballots.candidates), ballots.total, fast)


def prepare(
    ballots: Ballots, rule: Rule, gone: frozenset[int]
) -> tuple[list[tuple[Ranks, int]], bool, int, int]:
    """Papers that name somebody who stands, equal ones together.

    Also whether any has equal ranks, how many ballots count, and how many do not.
    """
    equal = ballots.has_equal_ranks
    if equal and not rule.equal_ranks:
        raise WrongBallots(f"The rule {rule.name} does not count equal ranks, but a ballot has some.")
    if not gone and not rule.full and not rule.ordered:
        together = dict(ballots.papers)
        if len(together) < len(ballots.papers):
            together = ballots.merged()
        valid = sum(together.values())
        blank = together.pop((), 0)
        return list(together.items()), equal, valid - blank, blank
    standing = len(ballots.candidates) - len(gone)
    kept: dict[Ranks, int] = {}
    ordered: list[tuple[Ranks, int]] = []
    valid = blank = 0
    for ranks, times in ballots.papers:
        if gone:
            ranks = without(ranks, gone)
        if not ranks or (rule.full and len(ranks) < standing):
            blank += times
            continue
        valid += times
        if rule.ordered:
            ordered += [(ranks, 1)] * times
        else:
            kept[ranks] = kept.get(ranks, 0) + times
    return (ordered if rule.ordered else list(kept.items())), equal, valid, blank


def without(ranks: Ranks, gone: frozenset[int]) -> Ranks:
    """A ranking without those who withdrew."""
    kept: list[int | tuple[int, ...]] = []
    for rank in ranks:
        if isinstance(rank, int):
            if rank not in gone:
                kept.append(rank)
        else:
            left = tuple(c for c in rank if c not in gone)
            if left:
                kept.append(left if len(left) > 1 else left[0])
    return tuple(kept)


def pseudo_random(
    many: int, seats: int, votes: int, standing: Sequence[int]
) -> Callable[[int], Sequence[int]]:
    """The order of the New Zealand schedule (clauses 40-48): three small generators, reversed every stage."""
    x, y, z = many + 5, seats, (votes + 10000 * (votes % 10)) % 30323

    def number() -> int:
        nonlocal x, y, z
        x, y, z = 171 * x % 30269, 172 * y % 30307, 170 * z % 30323
        return 10000 - (10000 * x // 30269 + 10000 * y // 30307 + 10000 * z // 30323) % 10000

    for _ in range(4):
        number()
    drawn: dict[int, int] = {}
    for candidate in standing:
        value = number()
        while value in drawn.values():
            value = number()
        drawn[candidate] = value
    order = sorted(drawn, key=lambda c: drawn[c])
    return lambda stage: order if stage % 2 else order[::-1]
