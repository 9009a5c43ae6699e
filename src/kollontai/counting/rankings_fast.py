# SPDX-License-Identifier: AGPL-3.0-or-later
"""The matrix of pairs in arrays: sums of weights that are all together below 2^62, so nothing overflows."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .rankings import Matrix
    from .stv.fast import FastPapers

Array = np.ndarray[Any, np.dtype[Any]]


def of_places(places: Sequence[Sequence[int]], times: Sequence[int], size: int) -> Matrix:
    """From the place of every option on every ranking, (rankings, options), and how often each was cast."""
    table = np.array(places, dtype=np.int16).reshape(-1, size).T.copy()
    weights = np.array(times, dtype=np.int64)
    return tuple(
        tuple(int(weights[table[one] < table[other]].sum()) for other in range(size)) for one in range(size)
    )


def of_papers(papers: FastPapers, machine: ModuleType | None) -> Matrix:
    """From papers in arrays; by machine code where there is some."""
    size = papers.size
    if machine is not None:
        both, named = machine.pairs(papers.marks, papers.starts, papers.weights, size)
    else:
        both, named = _pairs(papers)
    # Who is named comes before everybody not named: all ballots naming the one, without those naming both.
    matrix = both + named[:, None] - both - both.T
    np.fill_diagonal(matrix, 0)
    return tuple(tuple(row) for row in matrix.tolist())


def _pairs(papers: FastPapers) -> tuple[Array, Array]:
    """How many ballots name one before the other, (options, options), and how many name an option."""
    size, marks = papers.size, papers.marks
    both = np.zeros(size * size, dtype=np.int64)
    named = np.zeros(size, dtype=np.int64)
    lengths = np.diff(papers.starts, append=len(marks))
    weights = np.repeat(papers.weights, lengths)
    # `starts` begins at the first mark of the first paper; marks before it belong to none.
    shift = len(marks) - len(weights)
    at = np.flatnonzero(marks >= 0)
    np.add.at(named, marks[at], weights[at - shift])
    step = 0
    while True:
        step += 1
        at = at[marks[at + step] >= 0]
        if not len(at):
            return both.reshape(size, size), named
        keys = marks[at].astype(np.int64) * size + marks[at + step]
        np.add.at(both, keys, weights[at - shift])
