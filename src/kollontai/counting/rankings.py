# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rankings, and the matrix of how many prefer one option to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import pays
from .ballots import Ballots
from .errors import WrongBallots
from .pays import Way

Ranking = tuple[tuple[str, ...], ...]
"""Ranks from first to last; equal ranks share a tuple; options not named are jointly last."""

Matrix = tuple[tuple[int, ...], ...]
"""matrix[a][b] = ballots that rank a above b."""


def places(ranking: Ranking, index: dict[str, int]) -> list[int]:
    """The place of every option on one ballot; the unranked share the last place."""
    last = len(ranking)
    place = [last] * len(index)
    seen: set[str] = set()
    for at, rank in enumerate(ranking):
        for option in rank:
            if option not in index:
                raise WrongBallots(f"A ballot ranks {option!r}, which is not an option of this vote.")
            if option in seen:
                raise WrongBallots(f"A ballot ranks {option!r} twice.")
            seen.add(option)
            place[index[option]] = at
    return place


def numbered(options: Sequence[str]) -> dict[str, int]:
    """Options by name; each name stands once."""
    index = {option: at for at, option in enumerate(options)}
    if len(index) != len(options):
        raise WrongBallots("Two options have the same name.")
    return index


def merge(ballots: Iterable[tuple[Ranking, int]]) -> dict[Ranking, int]:
    """Equal rankings once each, with how many cast them."""
    merged: dict[Ranking, int] = {}
    for ranking, times in ballots:
        if isinstance(times, bool) or not isinstance(times, int) or times < 0:
            raise WrongBallots(f"A ranking is cast a whole number of times, not {times!r}.")
        merged[ranking] = merged.get(ranking, 0) + times
    return merged


Votes = Iterable[tuple[Ranking, int]] | Ballots
"""Rankings by name and how many cast each, or the ballots of a file."""


def tally(votes: Votes, options: Sequence[str], fast: Way = None) -> tuple[int, Matrix]:
    """How many ballots there are, and how many of them prefer each option to each other.

    Options that a ballot does not rank share its last place. `fast` as in `stv.count`; the figures are the
    same every way. Raises WrongBallots.
    """
    index = numbered(options)
    if isinstance(votes, Ballots):
        if tuple(options) != votes.candidates or votes.withdrawn:
            raise WrongBallots("The options of a vote by pairs are all candidates of the file, in its order.")
        return _of_ballots(votes, fast)
    merged = merge(votes)
    return sum(merged.values()), pairwise(merged, index, fast)


MANY = 1_000
"""So many different rankings from which arrays pay."""


def pairwise(merged: dict[Ranking, int], index: dict[str, int], fast: Way = None) -> Matrix:
    """Count for every pair how many ballots rank the first above the second."""
    size = len(index)
    if fast is not False and (fast or len(merged) > MANY) and sum(merged.values()) < 1 << 62:
        try:
            from . import rankings_fast
        except ImportError:
            if fast:
                raise
        else:
            return rankings_fast.of_places([places(one, index) for one in merged], [*merged.values()], size)
    matrix = [[0] * size for _ in range(size)]
    for ranking, times in merged.items():
        place = places(ranking, index)
        for one in range(size):
            row, here = matrix[one], place[one]
            for other in range(size):
                if here < place[other]:
                    row[other] += times
    return tuple(tuple(row) for row in matrix)


def _of_ballots(ballots: Ballots, fast: Way) -> tuple[int, Matrix]:
    size = len(ballots.candidates)
    if fast is not False and (fast or len(ballots.papers) > MANY) and not ballots.has_equal_ranks:
        try:
            from . import rankings_fast
            from .stv.fast import FastPapers
        except ImportError:
            if fast:
                raise
        else:
            papers = ballots.papers
            arrays = papers if isinstance(papers, FastPapers) else FastPapers.of(papers, size, ballots.total)
            if arrays is not None:
                return arrays.total, rankings_fast.of_papers(arrays, pays.machine(fast))
    matrix = [[0] * size for _ in range(size)]
    for ranks, times in ballots.papers:
        below = set(range(size))
        for rank in ranks:
            here = (rank,) if isinstance(rank, int) else rank
            below.difference_update(here)
            for one in here:
                row = matrix[one]
                for other in below:
                    row[other] += times
    return ballots.total, tuple(tuple(row) for row in matrix)
