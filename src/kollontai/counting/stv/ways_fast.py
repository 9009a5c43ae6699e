# SPDX-License-Identifier: AGPL-3.0-or-later
"""The votes of many ways at once, in 64-bit whole numbers that cannot overflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .ways import Ways


class Flow:
    """The ways of one stage as arrays, level by level."""

    def __init__(self, ways: Ways) -> None:
        lengths = np.array(ways.lengths, dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        self.before = place[np.array(ways.before, dtype=np.int64)[order]]
        self.passed = np.array(ways.passed, dtype=np.int64)[order]
        self.counts = np.array(ways.counts, dtype=np.int64)[order]
        self.levels = np.searchsorted(lengths[order], np.arange(1, int(lengths.max()) + 2)).tolist()
        ends = np.array(ways.ends, dtype=np.int64).reshape(-1, 3)
        self.reached, self.by, self.many = ends[:, 0], place[ends[:, 1]], ends[:, 2]
        self.papers = ways.counts[0]

    def fits(self, one: int) -> bool:
        """Whether no number can pass 2^63: weight × factor ≤ one², and all votes together ≤ papers × one."""
        return one * one + one < 1 << 63 and self.papers * one < 1 << 63

    def share(self, one: int, keep: Sequence[int]) -> list[int]:
        """What `Ways.share` gives where a candidate keeps weight × factor, rounded up."""
        factors = np.array(keep, dtype=np.int64)
        weights: np.ndarray[Any, np.dtype[np.int64]] = np.full(len(self.before), one, dtype=np.int64)
        votes = np.zeros(len(keep), dtype=np.int64)
        for start, end in zip(self.levels, self.levels[1:], strict=False):
            arriving = weights[self.before[start:end]]
            passed = self.passed[start:end]
            stays = -(-(arriving * factors[passed]) // one)
            np.add.at(votes, passed, stays * self.counts[start:end])
            weights[start:end] = arriving - stays
        np.add.at(votes, self.reached, weights[self.by] * self.many)
        told: list[int] = votes.tolist()
        return told
