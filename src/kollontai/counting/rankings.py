# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rankings, and the matrix of how many prefer one option to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .errors import WrongBallots

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


def pairwise(merged: dict[Ranking, int], index: dict[str, int]) -> Matrix:
    """Count for every pair how many ballots rank the first above the second."""
    size = len(index)
    matrix = [[0] * size for _ in range(size)]
    for ranking, times in merged.items():
        place = places(ranking, index)
        for one in range(size):
            row, here = matrix[one], place[one]
            for other in range(size):
                if here < place[other]:
                    row[other] += times
    return tuple(tuple(row) for row in matrix)
