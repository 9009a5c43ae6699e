# SPDX-License-Identifier: AGPL-3.0-or-later
"""The loops over papers as machine code (numba). They say what `fast.py` says, bit by bit.

Everything is a 64-bit whole number here. Nothing overflows: a weight has at most nine digits and there are
fewer than 2^31 lines, or all weights together are below 2^62 (`fast.MOST`); places in the array of marks are
below its length. The machine code is kept on disk, so that only the first process has to make it.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def read(raw: Array, many: int, lines: int) -> tuple[Array, Array, Array] | None:
    """Marks, starts and weights of ballot lines; None where anything is not a plain number in its place."""
    if not 0 < lines < 1 << 31:
        return None
    marks = np.empty(len(raw) // 2 + 1, dtype=np.int16)
    starts = np.empty(lines, dtype=np.int64)
    weights = np.empty(lines, dtype=np.int64)
    used = _read(raw, many, marks, starts, weights)
    return None if used < 0 else (marks[:used], starts, weights)


@numba.njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _read(raw: Array, many: int, marks: Array, starts: Array, weights: Array) -> int:
    """How many marks were written; -1 where the careful reader has to look."""
    seen = np.full(many + 1, -1, dtype=np.int64)
    line = used = value = digits = 0
    weighing = True
    for at in range(len(raw)):
        byte = raw[at]
        if 48 <= byte <= 57:
            value = value * 10 + (byte - 48)
            digits += 1
            continue
        if digits == 0 or digits > 9 or (byte != 32 and byte != 10):
            return -1
        if weighing:
            if value == 0 or byte == 10:
                return -1
            weights[line] = value
            starts[line] = used
            weighing = False
        elif value == 0:
            if byte != 10 or digits > 1:
                return -1
            marks[used] = -1
            used += 1
            line += 1
            weighing = True
        else:
            if byte == 10 or value > many or seen[value] == line:
                return -1
            seen[value] = line
            marks[used] = value - 1
            used += 1
        value = digits = 0
    return used if weighing and digits == 0 and line == len(starts) else -1


@numba.njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def sort(bundle: Array, at: Array, marks: Array, weights: Array, stops: Array) -> tuple[Array, Array, Array]:
    """Move papers on to their next candidate in play, and sort them by it; nobody (-1) comes first.

    `stops[c + 1]` says whether a paper stops at candidate c. Gives the sorted papers, where each candidate's
    end, and how many ballots they stand for. Papers of one candidate keep their order.
    """
    here = np.empty(len(bundle), dtype=np.int16)
    ends = np.zeros(len(stops), dtype=np.int64)
    counts = np.zeros(len(stops), dtype=np.int64)
    for number in range(len(bundle)):
        paper = bundle[number]
        place = at[paper]
        candidate = marks[place] + 1
        while not stops[candidate]:
            place += 1
            candidate = marks[place] + 1
        at[paper] = place
        here[number] = candidate
        ends[candidate] += 1
        counts[candidate] += weights[paper]
    places = np.zeros(len(stops), dtype=np.int64)
    for candidate in range(1, len(stops)):
        places[candidate] = ends[candidate - 1]
        ends[candidate] += ends[candidate - 1]
    given = np.empty_like(bundle)
    for number in range(len(bundle)):
        candidate = here[number]
        given[places[candidate]] = bundle[number]
        places[candidate] += 1
    return given, ends, counts


@numba.njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def pairs(marks: Array, starts: Array, weights: Array, size: int) -> tuple[Array, Array]:
    """How many ballots name one option before the other, (options, options), and how many name an option."""
    both = np.zeros((size, size), dtype=np.int64)
    named = np.zeros(size, dtype=np.int64)
    for paper in range(len(starts)):
        weight = weights[paper]
        start = end = starts[paper]
        while marks[end] >= 0:
            one = marks[end]
            named[one] += weight
            for before in range(start, end):
                both[marks[before], one] += weight
            end += 1
    return both, named
