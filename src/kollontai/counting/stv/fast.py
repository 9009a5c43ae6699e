# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers as numpy arrays: they only sort and count papers, in whole numbers below 2^62.

Values, votes, quotas and everything that is rounded stay Python integers in the engine, so that there is
nothing to overflow and all tables give the same count bit by bit. A number of papers is a sum of weights;
where all weights together reach `MOST`, or there are more lines than a 32-bit number tells apart, no arrays
are made and the plain table counts.

`compiled.py` holds the same loops as machine code; `pays.py` says when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, overload

import numpy as np

from .. import pays
from ..ballots import Paper, Ranks
from ..pays import Way
from .piles import Bundle, Sorted

Array = np.ndarray[Any, np.dtype[Any]]
MOST = 1 << 62
"""All weights together stay below this, so no sum of some of them passes a signed 64-bit number."""
LINES = 1 << 31
"""There are fewer lines than this, so 32 bits number them."""


class FastPapers(Sequence[Paper]):
    """Papers one after the other in one array of candidates, -1 after the last preference of each."""

    def __init__(self, marks: Array, starts: Array, weights: Array, size: int, way: Way = None) -> None:
        self.marks = marks
        """int16: candidates, and -1 wherever a paper ends (and in places that belong to no paper)."""
        self.starts = starts
        """int64: where in `marks` each paper begins."""
        self.weights = weights
        """int64: how many ballots each paper stands for."""
        self.size = size
        self.way = way
        self.total = int(weights.sum())
        """All ballots read, also those without a preference."""

    @classmethod
    def of(cls, papers: Sequence[Paper], size: int, total: int, way: Way = None) -> FastPapers | None:
        """Arrays from plain papers without equal ranks; None where they would not fit."""
        if total >= MOST or len(papers) >= LINES or size >= 1 << 15:
            return None
        lengths = np.array([len(ranks) + 1 for ranks, _ in papers], dtype=np.int64)
        marks = np.array([c for ranks, _ in papers for c in (*ranks, -1)], dtype=np.int16)
        weights = np.array([times for _, times in papers], dtype=np.int64)
        return cls(marks, np.cumsum(lengths) - lengths, weights, size, way)

    def __len__(self) -> int:
        return len(self.weights)

    @overload
    def __getitem__(self, at: int) -> Paper: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Paper]: ...

    def __getitem__(self, at: int | slice) -> Paper | Sequence[Paper]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        start = end = int(self.starts[at])
        while self.marks[end] >= 0:
            end += 1
        return tuple(self.marks[start:end].tolist()), int(self.weights[at])

    def __iter__(self) -> Iterator[Paper]:
        marks = self.marks.tolist()
        for start, times in zip(self.starts.tolist(), self.weights.tolist(), strict=True):
            yield tuple(marks[start : marks.index(-1, start)]), times

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((len(self), self.total))

    def table(self, way: Way = None) -> FastTable:
        """A table for the engine."""
        machine = pays.machine(way if way is not None else self.way)
        return FastTable(self) if machine is None else CompiledTable(self, machine)


class FastTable:
    """Sorts papers in arrays; what it says is what `PlainTable` says."""

    def __init__(self, papers: FastPapers) -> None:
        self.marks = papers.marks
        self.weights = papers.weights
        self.at = papers.starts.copy()
        """Where in `marks` each paper lies now."""
        self.whole = papers
        self.sorted: Sorted | None = None

    def first(self, hopeful: Sequence[bool]) -> Sorted:
        """Sort every paper to its first candidate. Asked again before anything moved, it is told again."""
        if self.sorted is None:
            self.sorted = self.sort(self.everything(), hopeful)
        return self.sorted

    def everything(self) -> Bundle:
        """All papers."""
        return np.arange(len(self.weights))

    def sort(self, bundle: Bundle, hopeful: Sequence[bool]) -> Sorted:
        """Sort these papers to their next candidate still in play."""
        if not len(bundle):
            return []
        # Most bundles are small: methods of arrays cost half of what the functions of numpy do.
        goes_on = np.array([*hopeful, True], dtype=bool)
        np.logical_not(goes_on, out=goes_on)
        marks = self.marks
        at = self.at.take(bundle)
        here = marks.take(at)
        (moving,) = goes_on.take(here, mode="wrap").nonzero()
        while moving.size:
            at[moving] += 1
            now = marks.take(at.take(moving))
            here[moving] = now
            moving = moving[goes_on.take(now, mode="wrap")]
        self.at[bundle] = at
        order = here.argsort(kind="stable")
        sorted_here, papers = here.take(order), bundle.take(order)
        new = np.empty(len(papers), dtype=bool)
        new[0] = True
        np.not_equal(sorted_here[1:], sorted_here[:-1], out=new[1:])
        (starts,) = new.nonzero()
        counts = np.add.reduceat(self.weights.take(papers), starts).tolist()
        ends = [*starts[1:].tolist(), len(papers)]
        return [
            (candidate, papers[start:end], count)
            for candidate, start, end, count in zip(
                sorted_here.take(starts).tolist(), starts.tolist(), ends, counts, strict=True
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

    def ranked(self) -> set[int]:
        """Candidates named on at least one ballot."""
        return set(np.flatnonzero(np.bincount(self.marks + 1, minlength=1)[1:]).tolist())


class CompiledTable(FastTable):
    """The same, sorted by machine code."""

    def __init__(self, papers: FastPapers, machine: ModuleType) -> None:
        super().__init__(papers)
        self.machine = machine

    def everything(self) -> Bundle:
        """All papers."""
        return np.arange(len(self.weights), dtype=np.int32)

    def sort(self, bundle: Bundle, hopeful: Sequence[bool]) -> Sorted:
        """Sort these papers to their next candidate still in play."""
        if not len(bundle):
            return []
        stops = np.array([True, *hopeful], dtype=bool)
        sorted_papers, ends, counts = self.machine.sort(bundle, self.at, self.marks, self.weights, stops)
        piles: Sorted = []
        start = 0
        for candidate, (end, count) in enumerate(zip(ends.tolist(), counts.tolist(), strict=True), -1):
            if end > start:
                piles.append((candidate, sorted_papers[start:end], count))
            start = end
        return piles

    def join(self, bundles: Sequence[Bundle]) -> Bundle:
        """Put bundles together."""
        return super().join(bundles) if bundles else np.zeros(0, dtype=np.int32)


CHUNK = 1 << 18
"""Bytes swept at once: what fits the cache is swept faster."""


def read_lines(body: str, many: int, fast: Way = None) -> FastPapers | None:
    """Ballot lines of a BLT file in one sweep; None where anything is not a plain number in its place."""
    if many > 999 or not body.isascii() or "\r" in body:
        return None
    raw = np.frombuffer(body.encode("ascii"), dtype=np.uint8)
    machine = pays.machine(fast)
    if machine is not None:
        read = machine.read(raw, many, np.count_nonzero(raw == 10))
        if read is None:
            return None
        marks, starts, weights = read
        return FastPapers(marks, starts, weights, many, fast)
    parts: list[tuple[Array, Array, Array]] = []
    start = read_so_far = 0
    while start < len(raw):
        end = len(raw) if start + CHUNK >= len(raw) else body.rfind("\n", start, start + CHUNK) + 1
        if end <= start:
            return None
        part = _sweep(raw[start:end], many)
        if part is None:
            return None
        marks, starts, weights = part
        parts.append((marks, starts + read_so_far, weights))
        read_so_far += len(marks)
        start = end
    if not parts:
        return None
    marks, starts, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return FastPapers(marks, starts, weights, many, fast)


def _sweep(raw: Array, many: int) -> tuple[Array, Array, Array] | None:
    """Marks, starts and weights of some whole lines."""
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
    values = raw[ends - 1].astype(np.int32) - 48
    worth = 1
    for place in range(1, longest):
        worth *= 10
        longer = np.flatnonzero(length > place)
        values[longer] += (raw[ends[longer] - 1 - place].astype(np.int32) - 48) * worth
    feeds = np.flatnonzero(between == 10)
    stop = np.flatnonzero(values == 0)
    if len(stop) != len(feeds) or bool((stop != feeds).any()) or bool((length[stop] != 1).any()):
        return None  # each line ends with its only 0
    head = np.concatenate((np.zeros(1, dtype=np.int64), stop[:-1] + 1))
    if bool((stop == head).any()):
        return None
    weights = values[head].astype(np.int64)
    values[head] = 0
    if int(values.max()) > many:
        return None
    marks = (values - 1).astype(np.int16)
    return (marks, head + 1, weights) if _once_each(marks, head, many) else None


def _once_each(marks: Array, head: Array, many: int) -> bool:
    """Whether no ballot names a candidate twice.

    A ballot of at most `many` marks is a sum of powers of two below many × 2^50 < 2^63; the sum is what the
    bits give together just where no power comes twice.
    """
    if int(np.diff(head, append=len(marks)).max()) > many + 2:
        return False
    for start in range(0, many, 50):
        bits = np.zeros(many + 1, dtype=np.int64)
        some = min(50, many - start)
        bits[start : start + some] = 1 << np.arange(some, dtype=np.int64)
        bit = bits[marks]
        if bool((np.add.reduceat(bit, head) != np.bitwise_or.reduceat(bit, head)).any()):
            return False
    return True
