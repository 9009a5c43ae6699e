# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments as lines: what they change, how they are carried along, where they conflict. Plain Python.

A text is its lines, split at line ends; nothing in it is parsed. A change puts new lines in the place of a
run of lines. When the text gets a new version a change moves with its lines if they are still there; else it
is *overtaken* and stays on the version it was moved to. The rules stand in docs/decisions/0014; the auditor
keeps the same rules in code of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

Lines = Sequence[str]
GONE = -1


def lines_of(text: str) -> list[str]:
    """The lines of a text; the empty text is one empty line."""
    return text.split("\n")


def text_of(lines: Iterable[str]) -> str:
    """The text that has these lines."""
    return "\n".join(lines)


# --- The difference of two texts ---------------------------------------------------------------------


def carried_lines(old: Lines, new: Lines) -> list[int]:
    """Where each old line stands in the new text, counted from 1; `GONE` for one that does not stay.

    The list begins with 0 for the beginning and ends with len(new) + 1 for the end of the text, which always
    stay. What is equal at the beginning stays, then what is equal at the end; between them, of the lines that
    are there once in both, the longest run in rising order; and between two of those the same again.
    """
    stays = [GONE] * (len(old) + 2)
    stays[0], stays[-1] = 0, len(new) + 1
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        begin, end, new_begin, new_end = waiting.pop()
        while begin < end and new_begin < new_end and old[begin] == new[new_begin]:
            stays[begin + 1] = new_begin + 1
            begin, new_begin = begin + 1, new_begin + 1
        while begin < end and new_begin < new_end and old[end - 1] == new[new_end - 1]:
            stays[end] = new_end
            end, new_end = end - 1, new_end - 1
        marks = _marks(old, new, begin, end, new_begin, new_end)
        for mark, new_mark in marks:
            stays[mark + 1] = new_mark + 1
        if marks:
            bounds = [(begin - 1, new_begin - 1), *marks, (end, new_end)]
            waiting += [
                (left + 1, right, new_left + 1, new_right)
                for (left, new_left), (right, new_right) in pairwise(bounds)
            ]
    return stays


def _marks(
    old: Lines, new: Lines, begin: int, end: int, new_begin: int, new_end: int
) -> list[tuple[int, int]]:
    """Of the lines that are there once in both parts, the longest rising run, as pairs of places."""
    if begin == end or new_begin == new_end:
        return []
    once, new_once = Counter(old[begin:end]), Counter(new[new_begin:new_end])
    places = {line: at for at, line in enumerate(new[new_begin:new_end], new_begin) if new_once[line] == 1}
    pairs = [
        (at, places[line])
        for at, line in enumerate(old[begin:end], begin)
        if once[line] == 1 and line in places
    ]
    tops: list[int] = []  # the new place on top of each pile
    on_top: list[int] = []  # and which pair that is
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(on_top[pile - 1] if pile else GONE)
        tops[pile : pile + 1] = [place]
        on_top[pile : pile + 1] = [number]
    run: list[tuple[int, int]] = []
    number = on_top[-1] if on_top else GONE
    while number != GONE:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


# --- One change --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Lines `first` to `last`, counted from 1; `last = first - 1` is the place before line `first`."""

    first: int
    last: int

    @property
    def is_place(self) -> bool:
        """Whether it holds no line and is only a place between two."""
        return self.last < self.first

    def fits(self, lines: Lines) -> bool:
        """Whether there are such lines, or such a place, in a text."""
        return 1 <= self.first <= self.last + 1 <= len(lines) + 1

    def carried(self, stays: Sequence[int]) -> Run | None:
        """Where it is in the next version: with its lines, if all stay and stay together.

        A place is carried by the two lines around it, where the beginning and the end of the text count as
        such. Lines of a text that was erased are nowhere.
        """
        first, last = (self.last, self.first) if self.is_place else (self.first, self.last)
        there = stays[first : last + 1]
        if (
            len(there) <= last - first
            or GONE in there
            or any(right != left + 1 for left, right in pairwise(there))
        ):
            return None
        return Run(there[-1], there[0]) if self.is_place else Run(there[0], there[-1])


@dataclass(frozen=True)
class Change:
    """New lines in the place of a run of lines."""

    run: Run
    lines: tuple[str, ...]

    @property
    def after(self) -> Run:
        """Where its new lines are once it is made."""
        return Run(self.run.first, self.run.first + len(self.lines) - 1)

    def conflicts(self, other: Change) -> bool:
        """Whether both touch one line, one goes into the midst of the other, or both insert at one place."""
        one, two = self.run, other.run
        if one.is_place and two.is_place:
            return one.first == two.first
        if one.is_place or two.is_place:
            place, run = (one, two) if one.is_place else (two, one)
            return run.first < place.first <= run.last
        return one.first <= two.last and two.first <= one.last


def applied(lines: Lines, *changes: Change) -> list[str]:
    """The text with these changes, none of which conflict."""
    made = list(lines)
    for change in sorted(changes, key=lambda one: (one.run.first, one.run.last), reverse=True):
        made[change.run.first - 1 : change.run.last] = change.lines
    return made


# --- A text through its versions ---------------------------------------------------------------------


class Versions:
    """A text through its versions, numbered from 1; each difference is worked out once."""

    def __init__(self, texts: Iterable[Lines]) -> None:
        """Take the lines of every version, the first one first."""
        self._texts = [list(lines) for lines in texts]
        self._stays: dict[int, list[int]] = {}

    @property
    def newest(self) -> int:
        """The number of the last version."""
        return len(self._texts)

    def lines(self, version: int) -> list[str]:
        """The lines of a version."""
        return self._texts[version - 1]

    def carried(self, run: Run, version: int, to: int) -> Run | None:
        """Where a run of a version is in a later one; None where it is not carried so far."""
        found: Run | None = run
        for number in range(version, to):
            if found is None:
                return None
            if number not in self._stays:
                self._stays[number] = carried_lines(self.lines(number), self.lines(number + 1))
            found = found.carried(self._stays[number])
        return found


@dataclass(frozen=True)
class Motion:
    """An amendment as it was moved: to which version of its text, and what became of it.

    `texts` are its own new lines through its versions. `accepted`: the version of the text it speaks of that
    its acceptance made; 0 while it is not accepted.
    """

    id: str
    number: int
    version: int
    run: Run
    texts: Versions
    parent: str = ""
    withdrawn: bool = False
    accepted: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """Its new lines as they stand."""
        return tuple(self.texts.lines(self.texts.newest))


@dataclass(frozen=True)
class Standing:
    """Where an amendment stands: on which version of the draft, making which change.

    `done`: it was accepted and stands in the text. `undone`: it was accepted, and revised away since.
    """

    motion: Motion
    version: int
    change: Change
    overtaken: bool
    done: bool = False
    undone: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it may come to the vote: neither withdrawn nor part of the text already."""
        return not self.done and not self.motion.withdrawn


@dataclass(frozen=True)
class Settled:
    """Where an amendment stands on the text it speaks of: the draft, or its parent's new lines."""

    version: int
    run: Run
    overtaken: bool
    done: bool = False
    undone: bool = False


def settle(motion: Motion, texts: Versions) -> Settled:
    """Where an amendment stands on the text it speaks of."""
    if motion.accepted:
        before = motion.accepted - 1
        run = texts.carried(motion.run, motion.version, before)
        if run is None:
            return Settled(motion.version, motion.run, overtaken=True, undone=True)
        stands = texts.carried(Change(run, motion.lines).after, motion.accepted, texts.newest)
        return Settled(before, run, overtaken=stands is None, done=stands is not None, undone=stands is None)
    run = texts.carried(motion.run, motion.version, texts.newest)
    if run is None:
        return Settled(motion.version, motion.run, overtaken=True)
    return Settled(texts.newest, run, overtaken=False)


def stand(motion: Motion, draft: Versions, parent: Motion | None = None) -> Standing:
    """Where an amendment stands on the draft; `parent` is the one that it would amend.

    A child makes its parent as it changes it. Once the parent is in the draft, the child speaks of the lines
    that came into the draft with it.
    """
    if parent is None:
        settled = settle(motion, draft)
        change = Change(settled.run, motion.lines)
        return Standing(motion, settled.version, change, settled.overtaken, settled.done, settled.undone)
    within = settle(motion, parent.texts)
    made = Change(within.run, motion.lines)
    if parent.accepted and not within.overtaken and not within.done:
        before = draft.carried(parent.run, parent.version, parent.accepted - 1)
        if before is not None:
            moved = Run(before.first - 1 + within.run.first, before.first - 1 + within.run.last)
            run = draft.carried(moved, parent.accepted, draft.newest)
            at = parent.accepted if run is None else draft.newest
            return Standing(motion, at, Change(run or moved, motion.lines), overtaken=run is None)
    above = settle(parent, draft)
    lines = tuple(applied(parent.texts.lines(within.version), made))
    overtaken = above.overtaken or within.overtaken or bool(parent.accepted)
    return Standing(
        motion, above.version, Change(above.run, lines), overtaken, within.done, within.undone,
    )  # fmt: skip


def stand_all(motions: Sequence[Motion], draft: Versions) -> list[Standing]:
    """Where every amendment of a draft stands, in the order of their numbers."""
    by_id = {motion.id: motion for motion in motions}
    return [
        stand(motion, draft, by_id[motion.parent] if motion.parent else None)
        for motion in sorted(motions, key=lambda one: one.number)
    ]


def conflicts(standings: Sequence[Standing]) -> dict[str, list[int]]:
    """The numbers of the amendments that each one conflicts with, among those that go on together.

    A child speaks for its parent as well, so that the two are no conflict; two children of one parent are.
    """
    live = [one for one in standings if one.goes_on and not one.overtaken]
    found: dict[str, list[int]] = {one.motion.id: [] for one in standings}
    for place, one in enumerate(live):
        for other in live[place + 1 :]:
            kin = one.motion.id == other.motion.parent or other.motion.id == one.motion.parent
            if not kin and one.change.conflicts(other.change):
                found[one.motion.id].append(other.motion.number)
                found[other.motion.id].append(one.motion.number)
    return {motion: sorted(numbers) for motion, numbers in found.items()}


# --- What comes to the vote --------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """An option that qualifies: a draft, or an alternative that amendments make of one.

    `effects` is what it would change, spelt so that equal effects are spelt alike. `numbers` is empty for
    the draft itself.
    """

    draft: str
    version: int
    text: str
    effects: str
    supporters: int
    first: bool = False
    motions: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A draft when the vote opens, with its amendments.

    `qualifies`: whether the draft itself comes to the vote. `backed`: the supporters of each amendment who do
    not lead. `combined`: the amendments that their movers want as one.
    """

    draft: str
    texts: Versions
    effects: str
    first: bool
    supporters: int
    qualifies: bool
    motions: tuple[Motion, ...] = ()
    backed: dict[str, int] = field(default_factory=dict)
    combined: tuple[tuple[str, ...], ...] = ()


def options(
    candidates: Sequence[Candidate],
    *,
    needed: int,
    most: int,
    besides: Callable[[str, str], int] = lambda _text, _effects: 0,
) -> list[Offered]:
    """What stands on the paper, in its order: each draft that qualifies, followed by its alternatives.

    An alternative needs as many supporters as an issue, and `besides` says how many where its text and
    effects are a question that was decided. Of what is equal to the letter and in its effects one stays, with
    the better support. Of more than `most` the best supported stay: first the first draft, among
    equals the one that stands earlier.
    """
    offered: list[Offered] = []
    for one in candidates:
        if one.qualifies:
            offered.append(
                Offered(
                    one.draft, one.texts.newest, text_of(one.texts.lines(one.texts.newest)), one.effects,
                    one.supporters, one.first,
                )
            )  # fmt: skip
        offered += [
            made for made in _alternatives(one, needed=needed)
            if made.supporters >= besides(made.text, made.effects)
        ]  # fmt: skip
    offered = _once_each(offered)
    if len(offered) > most:
        ranked = sorted(
            range(len(offered)), key=lambda at: (not offered[at].first, -offered[at].supporters, at)
        )
        offered = [offered[at] for at in sorted(ranked[:most])]
    return offered


def _alternatives(candidate: Candidate, *, needed: int) -> list[Offered]:
    backed = candidate.backed
    standing = {
        one.motion.id: one for one in stand_all(candidate.motions, candidate.texts)
        if one.goes_on
    }  # fmt: skip
    sets: list[list[Standing]] = []
    for names in candidate.combined:
        parts = [standing[name] for name in names if name in standing]
        whole = len(parts) == len(names) and not any(part.overtaken for part in parts)
        if whole and min(backed[name] for name in names) >= needed and not clash(parts):
            sets.append(sorted(parts, key=lambda part: part.motion.number))
            for name in names:
                del standing[name]
    sets += [[one] for name, one in standing.items() if backed[name] >= needed]
    made = []
    for parts in sorted(sets, key=lambda parts: parts[0].motion.number):
        version = parts[0].version
        lines = applied(candidate.texts.lines(version), *(part.change for part in parts))
        in_order = sorted(parts, key=lambda part: (part.change.run.first, part.change.run.last))
        made.append(
            Offered(
                candidate.draft, version, text_of(lines), candidate.effects,
                min(backed[part.motion.id] for part in parts),
                motions=tuple(part.motion.id for part in in_order),
                numbers=tuple(part.motion.number for part in in_order),
            )
        )  # fmt: skip
    return made


def clash(parts: Sequence[Standing]) -> bool:
    """Whether any two of these conflict, so that they cannot be one."""
    return any(
        one.change.conflicts(other.change) for place, one in enumerate(parts) for other in parts[place + 1 :]
    )


def _once_each(offered: Sequence[Offered]) -> list[Offered]:
    """Leave out each alternative that is equal to another option; its support counts there if better."""
    kept: dict[tuple[str, str], int] = {}
    support = [one.supporters for one in offered]
    stays = set()
    in_turn = sorted(range(len(offered)), key=lambda at: (bool(offered[at].motions), at))  # drafts first
    for at in in_turn:
        one = offered[at]
        same = kept.setdefault((one.text, one.effects), at)
        support[same] = max(support[same], one.supporters)
        if same == at or not one.motions:
            stays.add(at)
    return [replace(offered[at], supporters=support[at]) for at in sorted(stays)]
