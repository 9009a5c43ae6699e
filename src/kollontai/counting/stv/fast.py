# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers as numpy arrays: they only sort and count papers, in whole numbers below 2^63.

Values, votes, quotas and everything that is rounded stay Python integers in the engine, so that there is
nothing to overflow and both tables give the same count bit by bit. A number of papers is a sum of weights;
reading refuses files whose weights sum to 2^62 or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np

from ..ballots import Paper, Ranks
from .piles import Bundle, Sorted

Array = np.ndarray[Any, np.dtype[Any]]
HOPEFUL, ELECTED, OUT = 0, 1, 2


class FastPapers(Sequence[Paper]):
    """Papers as a table of candidates, one row a line of the file, -1 after the last preference."""

    def __init__(self, ranks: Array, weights: Array, size: int, total: int) -> None:
        self.ranks = ranks
        """(lines, longest + 1); the last column is -1."""
        self.weights = weights
        self.size = size
        self.total = total
        """All ballots read, also those without a preference."""

    @classmethod
    def of(cls, papers: Sequence[Paper], size: int, total: int) -> FastPapers:
        """Arrays from plain papers without equal ranks."""
        lengths = np.array([len(ranks) for ranks, _ in papers], dtype=np.int64)
        longest = int(lengths.max(initial=0))
        table = np.full((len(papers), longest + 1), -1, dtype=np.int16)
        flat = np.array([rank for ranks, _ in papers for rank in ranks], dtype=np.int16)
        rows = np.repeat(np.arange(len(papers)), lengths)
        starts = np.cumsum(lengths) - lengths
        table[rows, np.arange(len(flat)) - np.repeat(starts, lengths)] = flat
        return cls(table, np.array([times for _, times in papers], dtype=np.int64), size, total)

    def __len__(self) -> int:
        return len(self.weights)

    @overload
    def __getitem__(self, at: int) -> Paper: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Paper]: ...

    def __getitem__(self, at: int | slice) -> Paper | Sequence[Paper]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return tuple(c for c in self.ranks[at].tolist() if c >= 0), int(self.weights[at])

    def __iter__(self) -> Iterator[Paper]:
        for row, times in zip(self.ranks.tolist(), self.weights.tolist(), strict=True):
            yield tuple(row[: row.index(-1)]), times

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((len(self), self.total))

    def valid(self, gone: frozenset[int]) -> tuple[int, int]:
        """How many ballots name somebody who stands, and how many do not."""
        if gone:
            stays = np.ones(self.size + 1, dtype=bool)
            stays[[*gone, self.size]] = False
            names = stays[self.ranks].any(axis=1)
        else:
            names = self.ranks[:, 0] >= 0
        valid = int(self.weights[names].sum())
        return valid, self.total - valid

    def ranked(self) -> set[int]:
        """Candidates named on at least one ballot."""
        return set(np.unique(self.ranks).tolist()) - {-1}

    def table(self) -> FastTable:
        """A table for the engine."""
        return FastTable(self)

    def groups(self, status: Sequence[int]) -> dict[tuple[int | tuple[int, ...], ...], int]:
        """Meek: papers by the elected candidates they pass and the hopeful one they reach."""
        if not len(self.weights):
            return {}
        state = np.array([*status, OUT], dtype=np.int8)
        most = sum(one == ELECTED for one in status) + 1
        if (self.size + 1) ** most >= 2**62:
            return self._slowly(status)
        keys = np.zeros(len(self.weights), dtype=np.int64)
        going = np.arange(len(self.weights))
        for column in range(self.ranks.shape[1] - 1):
            here = self.ranks[going, column]
            now = state[here]
            counted = now != OUT
            chosen = going[counted]
            keys[chosen] = keys[chosen] * (self.size + 1) + here[counted] + 1
            going = going[(now != HOPEFUL) & (here >= 0)]
            if not len(going):
                break
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        counts = np.add.reduceat(self.weights[order], starts)
        together: dict[tuple[int | tuple[int, ...], ...], int] = {}
        for key, times in zip(ordered[starts].tolist(), counts.tolist(), strict=True):
            path: list[int] = []
            while key:
                key, candidate = divmod(key, self.size + 1)
                path.append(candidate - 1)
            together[tuple(reversed(path))] = times
        return together

    def _slowly(self, status: Sequence[int]) -> dict[tuple[int | tuple[int, ...], ...], int]:
        together: dict[tuple[int | tuple[int, ...], ...], int] = {}
        for ranks, times in self:
            path: list[int] = []
            for rank in ranks:
                assert isinstance(rank, int)
                if status[rank] != OUT:
                    path.append(rank)
                    if status[rank] == HOPEFUL:
                        break
            together[tuple(path)] = together.get(tuple(path), 0) + times
        return together


class FastTable:
    """Sorts papers in arrays; what it says is what `PlainTable` says."""

    def __init__(self, papers: FastPapers) -> None:
        self.width = papers.ranks.shape[1]
        self.flat = papers.ranks.reshape(-1)
        self.weights = papers.weights
        self.at = np.zeros(len(papers.weights), dtype=np.int64)
        self.whole = papers

    def first(self, hopeful: Sequence[bool]) -> Sorted:
        """Sort every paper to its first candidate."""
        return self.sort(np.arange(len(self.weights)), hopeful)

    def sort(self, bundle: Bundle, hopeful: Sequence[bool]) -> Sorted:
        """Sort these papers to their next candidate still in play."""
        if not len(bundle):
            return []
        stops = np.array([*hopeful, True], dtype=bool)
        at = bundle * self.width + self.at[bundle]
        here = self.flat[at]
        moving = np.flatnonzero(~stops[here])
        while len(moving):
            at[moving] += 1
            now = self.flat[at[moving]]
            here[moving] = now
            moving = moving[~stops[now]]
        self.at[bundle] = at - bundle * self.width
        order = np.argsort(here, kind="stable")
        sorted_here, papers = here[order], bundle[order]
        starts = np.flatnonzero(np.concatenate(([True], sorted_here[1:] != sorted_here[:-1])))
        counts = np.add.reduceat(self.weights[papers], starts).tolist()
        ends = [*starts[1:].tolist(), len(papers)]
        return [
            (candidate, papers[start:end], count)
            for candidate, start, end, count in zip(
                sorted_here[starts].tolist(), starts.tolist(), ends, counts, strict=True
            )
        ]

    def join(self, bundles: Sequence[Bundle]) -> Bundle:
        """Put bundles together."""
        if len(bundles) == 1:
            return bundles[0]
        return np.concatenate(bundles) if bundles else np.zeros(0, dtype=np.int64)

    def papers(self, bundle: Bundle) -> list[tuple[Ranks, int]]:
        """The papers of a bundle, whole."""
        return [self.whole[int(paper)] for paper in bundle]


CHUNK = 1 << 20
"""Bytes swept at once: what fits the cache is swept faster."""


def read_lines(body: str, many: int) -> FastPapers | None:
    """Ballot lines of a BLT file in one sweep; None where anything is not a plain number in its place."""
    if many > 999 or not body.isascii() or "\r" in body:
        return None
    raw = np.frombuffer(body.encode("ascii"), dtype=np.uint8)
    parts: list[tuple[Array, Array, Array]] = []
    start = 0
    while start < len(raw):
        end = len(raw) if start + CHUNK >= len(raw) else body.rfind("\n", start, start + CHUNK) + 1
        if end <= start:
            return None
        part = _sweep(raw[start:end], many)
        if part is None:
            return None
        parts.append(part)
        start = end
    if not parts:
        return None
    width = max(int(sizes.max()) for _, sizes, _ in parts) + 1
    lines = sum(len(sizes) for _, sizes, _ in parts)
    table = np.full((lines, width), -1, dtype=np.int8 if many < 127 else np.int16)
    at = 0
    for _, sizes, marks in parts:
        rows = table[at : at + len(sizes)]
        rows[np.arange(width, dtype=np.int16)[None, :] < sizes[:, None]] = marks
        if not _once_each(rows, many):
            return None
        at += len(sizes)
    weights = np.concatenate([weights for weights, _, _ in parts])
    return FastPapers(table, weights, many, int(weights.sum()))


def _sweep(raw: Array, many: int) -> tuple[Array, Array, Array] | None:
    """Weights, numbers of preferences, and preferences of some whole lines."""
    gap = raw < 48
    between = raw[gap]
    if not bool(((between == 32) | (between == 10)).all()) or int(raw.max()) > 57:
        return None  # something else than digits, spaces and line feeds
    ends = np.flatnonzero(gap)
    if not len(ends) or int(ends[-1]) != len(raw) - 1:
        return None
    length = np.diff(ends, prepend=-1) - 1
    longest = int(length.max())
    if int(length.min()) < 1 or longest > 9:
        return None  # two gaps together, or a number nobody casts
    values = (raw[ends - 1] - 48).astype(np.int32)
    worth = 1
    for place in range(1, longest):
        worth *= 10
        longer = np.flatnonzero(length > place)
        values[longer] += (raw[ends[longer] - 1 - place].astype(np.int32) - 48) * worth
    feeds = np.flatnonzero(raw[ends] == 10)
    stop = np.flatnonzero(values == 0)
    if len(stop) != len(feeds) or bool((stop != feeds).any()) or bool((length[stop] != 1).any()):
        return None  # each line ends with its only 0
    head = np.concatenate((np.zeros(1, dtype=np.int64), stop[:-1] + 1))
    sizes = stop - head - 1
    if int(sizes.min()) < 0:
        return None
    weights = values[head].astype(np.int64)
    inside = np.ones(len(values), dtype=bool)
    inside[head] = False
    inside[stop] = False
    marks = values[inside]
    if len(marks) and int(marks.max()) > many:
        return None
    return weights, sizes, (marks - 1).astype(np.int8 if many < 127 else np.int16)


def _once_each(table: Array, many: int) -> bool:
    """Whether no ballot names a candidate twice."""
    if many < 63:
        seen = np.zeros(len(table), dtype=np.int64)
        bits = np.array([*(1 << c for c in range(many)), 0], dtype=np.int64)
        for column in range(table.shape[1] - 1):
            bit = bits[table[:, column]]
            if bool((seen & bit).any()):
                return False
            seen |= bit
        return True
    ordered = np.sort(table, axis=1)
    return not bool(((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any())
