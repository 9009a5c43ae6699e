# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines of a text through its versions: the auditor's own, written apart from the server's to the same rule.

Places are counted from nought. A span (a, b) holds the lines from a up to b, without b; where a = b it is the
gap before line a. docs/decisions/0014 says the rule in words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

Text = Sequence[str]
Span = tuple[int, int]


def kept(old: Text, new: Text) -> dict[int, int]:
    """Which old lines stay in the new text, and where they stand there."""
    found: dict[int, int] = {}
    parts = [(range(len(old)), range(len(new)))]
    while parts:
        mine, theirs = parts.pop()
        same = 0
        while same < min(len(mine), len(theirs)) and old[mine[same]] == new[theirs[same]]:
            found[mine[same]] = theirs[same]
            same += 1
        mine, theirs = mine[same:], theirs[same:]
        while mine and theirs and old[mine[-1]] == new[theirs[-1]]:
            found[mine[-1]] = theirs[-1]
            mine, theirs = mine[:-1], theirs[:-1]
        rising = _longest(_single(old, new, mine, theirs))
        found.update(rising)
        for number in range(len(rising) + 1 if rising else 0):
            low = rising[number - 1] if number else (mine[0] - 1, theirs[0] - 1)
            high = rising[number] if number < len(rising) else (mine[-1] + 1, theirs[-1] + 1)
            parts.append((range(low[0] + 1, high[0]), range(low[1] + 1, high[1])))
    return found


def _single(old: Text, new: Text, mine: range, theirs: range) -> list[tuple[int, int]]:
    """Lines that stand once in both parts, in the order of the old one."""
    where: dict[str, list[list[int]]] = {}
    for side, (text, part) in enumerate(((old, mine), (new, theirs))):
        for place in part:
            where.setdefault(text[place], [[], []])[side].append(place)
    return sorted((a[0], b[0]) for a, b in where.values() if len(a) == 1 and len(b) == 1)


def _longest(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run that rises on both sides.

    It ends with the last pair that ends a longest one; before each stands the last earlier pair whose own
    longest run is shorter by one.
    """
    lowest: list[int] = []
    length = []
    for _, place in pairs:
        at = bisect_right(lowest, place)
        if at == len(lowest):
            lowest.append(place)
        else:
            lowest[at] = place
        length.append(at + 1)
    run: list[tuple[int, int]] = []
    wanted = len(lowest)
    for pair, reached in zip(reversed(pairs), reversed(length), strict=True):
        if reached == wanted:
            run.append(pair)
            wanted -= 1
    run.reverse()
    return run


class Edit(NamedTuple):
    """New lines for a span of a version (counted from 1) of a text."""

    version: int
    span: Span
    lines: tuple[str, ...]

    def clashes(self, other: Edit) -> bool:
        """Whether both touch a line, one stands within the other, or both fill one gap."""
        (a, b), (c, d) = self.span, other.span
        if a == b and c == d:
            return a == c
        if a == b:
            return c < a < d
        if c == d:
            return a < c < b
        return a < d and c < b


def edited(text: Text, edits: Sequence[Edit]) -> list[str]:
    """A text with edits of which none clash."""
    out: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda one: one.span):
        out += [*text[done : edit.span[0]], *edit.lines]
        done = edit.span[1]
    return [*out, *text[done:]]


class History:
    """A text through its versions."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take every version, the first one first."""
        self.texts = [text.split("\n") for text in texts]
        self._kept: dict[int, dict[int, int]] = {}

    @property
    def last(self) -> int:
        """The number of the last version."""
        return len(self.texts)

    def at(self, version: int) -> list[str]:
        """The lines of a version."""
        return self.texts[version - 1]

    def has(self, version: int, span: Span) -> bool:
        """Whether a version has such a span."""
        return 1 <= version <= self.last and 0 <= span[0] <= span[1] <= len(self.at(version))

    def follow(self, span: Span, version: int, to: int) -> Span | None:
        """Where a span has gone by a later version; None where it did not come along."""
        at: Span | None = span
        for number in range(version, to):
            if at is None:
                return None
            if number not in self._kept:
                self._kept[number] = kept(self.at(number), self.at(number + 1))
            at = self._step(at, number)
        return at

    def _step(self, span: Span, number: int) -> Span | None:
        stays, (a, b) = self._kept[number], span
        if a < b:
            there = stays.get(a)
            if there is None or any(stays.get(a + more) != there + more for more in range(b - a)):
                return None
            return there, there + b - a
        ends = len(self.at(number)), len(self.at(number + 1))
        left = -1 if a == 0 else stays.get(a - 1)
        right = ends[1] if a == ends[0] else stays.get(a)
        return (right, right) if left is not None and right is not None and right == left + 1 else None
