# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between two versions of a text: line by line, word by word within a line, and in one sentence.

Lines are held against each other by the same difference by which amendments are carried along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kollontai.chapters.deliberation.amending import GONE, carried_lines

AROUND = 1
"""How many unchanged lines are shown before and after what changed."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words of a line. `sign`: "+" added, "-" removed, "" unchanged."""

    sign: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of a comparison. `sign`: "+" added, "-" removed, "~" words changed in it, "" unchanged.

    `number` is its own in the newer text, or in the older one where it was removed. `skipped`: unchanged
    lines before it are not shown.
    """

    sign: str
    text: str
    number: int
    pieces: tuple[Piece, ...] = ()
    skipped: bool = False


@dataclass(frozen=True)
class Side:
    """A line of one of the two texts, beside that of the other."""

    number: int
    sign: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Difference:
    """Two versions in one list, and side by side."""

    sentence: str
    lines: list[Line]

    @property
    def sides(self) -> list[tuple[Side | None, Side | None]]:
        """Older and newer lines beside each other."""
        rows: list[tuple[Side | None, Side | None]] = []
        gone: list[Side] = []
        come: list[Side] = []
        shift = 0
        for line in [*self.lines, Line("", "", 0)]:
            if line.sign == "-":
                gone.append(Side(line.number, "-", (Piece("-", line.text),)))
                shift -= 1
            elif line.sign == "+":
                come.append(Side(line.number, "+", (Piece("+", line.text),)))
                shift += 1
            else:
                rows += zip_longest(gone, come)
                gone, come = [], []
                if line.number:
                    rows.append(_beside(line, shift))
        return rows


def _beside(line: Line, shift: int) -> tuple[Side, Side]:
    pieces = line.pieces or (Piece("", line.text),)
    older = tuple(piece for piece in pieces if piece.sign != "+")
    newer = tuple(piece for piece in pieces if piece.sign != "-")
    changed = line.sign == "~"
    return (
        Side(line.number - shift, "-" if changed else "", older),
        Side(line.number, "+" if changed else "", newer),
    )


def compare(before: str, after: str) -> Difference:
    """Hold two versions against each other; only what changed is shown, with a line around it."""
    lines = list(_lines(before.split("\n"), after.split("\n"), 1))
    added = sum(line.sign in "+~" for line in lines if line.sign)
    removed = sum(line.sign in "-~" for line in lines if line.sign)
    if not added and not removed:
        return Difference(_("Nothing changed in the words."), lines)
    signed = [at for at, line in enumerate(lines) if line.sign]
    if signed[-1] - signed[0] == len(signed) - 1:  # one place alone
        return Difference(_of_one_place(before.split("\n"), after.split("\n")), _near_changes(lines))
    parts = []
    if removed:
        parts.append(ngettext("%(n)s line removed", "%(n)s lines removed", removed) % {"n": removed})
    if added:
        parts.append(ngettext("%(n)s line added", "%(n)s lines added", added) % {"n": added})
    return Difference(", ".join(parts) + ".", _near_changes(lines))


def _of_one_place(old: list[str], new: list[str]) -> str:
    """Two texts that differ in one place, in one sentence."""
    first = next(
        (at for at, (mine, theirs) in enumerate(zip(old, new, strict=False)) if mine != theirs),
        min(len(old), len(new)),
    )
    same = 0
    while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
        same += 1
    return sentence_of(old, first + 1, len(old) - same, new[first : len(new) - same])


def of_change(
    text: Sequence[str], first: int, last: int, new: Sequence[str], *, newer: bool = True
) -> Difference:
    """One change of lines `first` to `last` (counted from 1) of a text, with a line around it."""
    begin, end = max(0, first - 1 - AROUND), min(len(text), last + AROUND)
    lines = [Line("", text[at], at + 1) for at in range(begin, first - 1)]
    lines += _lines(text[first - 1 : last], new, first)
    shift = len(new) - (last - first + 1)
    lines += [Line("", text[at], at + 1 + shift) for at in range(last, end)]
    return Difference(sentence_of(text, first, last, new), lines)


def sentence_of(text: Sequence[str], first: int, last: int, new: Sequence[str]) -> str:
    """A change in one sentence."""
    many = last - first + 1
    if many == 0:
        where = _("after the last line") if first > len(text) else _("before line %(n)s") % {"n": first}
        said = ngettext("A line is inserted %(where)s.", "%(n)s lines are inserted %(where)s.", len(new))
        return said % {"n": len(new), "where": where}
    lines = (
        _("line %(n)s") % {"n": first}
        if many == 1
        else _("lines %(first)s to %(last)s") % {"first": first, "last": last}
    )
    if not new:
        return _("It deletes %(lines)s.") % {"lines": lines}
    if many == len(new) == 1:
        swap = _one_swap(_pieces(text[first - 1], new[0]))
        if swap is not None:
            return _swap_in_words(lines, *swap)
    return ngettext(
        "It replaces %(lines)s by a new line.", "It replaces %(lines)s by %(n)s new lines.", len(new)
    ) % {"lines": lines, "n": len(new)}


def _swap_in_words(lines: str, gone: str, come: str) -> str:
    if gone and come:
        return _("In %(lines)s, “%(gone)s” is replaced by “%(come)s”.") % {
            "lines": lines, "gone": gone, "come": come,
        }  # fmt: skip
    if gone:
        return _("In %(lines)s, “%(gone)s” goes.") % {"lines": lines, "gone": gone}
    return _("In %(lines)s, “%(come)s” is added.") % {"lines": lines, "come": come}


def _one_swap(pieces: Sequence[Piece]) -> tuple[str, str] | None:
    """The one place in a line where words changed, as what goes and what comes; None if there are several."""
    changed = [at for at, piece in enumerate(pieces) if piece.sign]
    if not changed or len(pieces) == len(changed):
        return None
    run = pieces[changed[0] : changed[-1] + 1]
    if any(not piece.sign for piece in run):
        return None
    gone = "".join(piece.text for piece in run if piece.sign == "-").strip()
    come = "".join(piece.text for piece in run if piece.sign == "+").strip()
    return gone, come


# --- Lines and words ---------------------------------------------------------------------------------


def _lines(old: Sequence[str], new: Sequence[str], first: int) -> Iterable[Line]:
    """Every line of both, in one order; `first` is the number of the first."""
    stays = carried_lines(old, new)
    at = here = 0  # lines of old and new that are told
    for number in range(1, len(old) + 2):
        place = stays[number]
        if place == GONE:
            continue
        yield from _changed(old[at : number - 1], new[here : place - 1], first + at, first + here)
        if number <= len(old):
            yield Line("", old[number - 1], first + place - 1)
        at, here = number, place


def _changed(gone: Sequence[str], come: Sequence[str], number: int, new_number: int) -> Iterable[Line]:
    """Lines that go and lines that come in their place; a pair that is much alike is one line."""
    removed: list[Line] = []
    added: list[Line] = []
    for at in range(max(len(gone), len(come))):
        before = gone[at] if at < len(gone) else None
        after = come[at] if at < len(come) else None
        if before is not None and after is not None:
            pieces = _pieces(before, after)
            if _alike(pieces):
                yield from removed
                yield from added
                removed, added = [], []
                yield Line("~", after, new_number + at, pieces)
                continue
        if before is not None:
            removed.append(Line("-", before, number + at))
        if after is not None:
            added.append(Line("+", after, new_number + at))
    yield from removed
    yield from added


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    """A line word by word; neighbouring changes are told together, what goes before what comes."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    stays = _common(old, new)
    pieces: list[Piece] = []
    at = here = 0
    for mine, theirs in [*stays, (len(old), len(new))]:
        gone, come = "".join(old[at:mine]), "".join(new[here:theirs])
        pieces += [Piece(sign, text) for sign, text in (("-", gone), ("+", come)) if text]
        if mine < len(old):
            if pieces and not pieces[-1].sign:
                pieces[-1] = Piece("", pieces[-1].text + old[mine])
            else:
                pieces.append(Piece("", old[mine]))
        at, here = mine + 1, theirs + 1
    return tuple(_smoothed(pieces))


def _common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Words that stay, as pairs of places."""
    stays = carried_lines(old, new)
    return [(at - 1, stays[at] - 1) for at in range(1, len(old) + 1) if stays[at] != GONE]


def _smoothed(pieces: Sequence[Piece]) -> list[Piece]:
    """A lone space between two changes belongs to both of them, so that a phrase reads as one."""
    out: list[Piece] = []
    gone = come = ""
    for at, piece in enumerate(pieces):
        nearby = at + 1 < len(pieces) and pieces[at + 1].sign and (gone or come)
        if piece.sign == "-":
            gone += piece.text
        elif piece.sign == "+":
            come += piece.text
        elif piece.text.isspace() and nearby:
            gone, come = gone + piece.text, come + piece.text
        else:
            out += [Piece(sign, text) for sign, text in (("-", gone), ("+", come)) if text]
            gone = come = ""
            out.append(piece)
    return [*out, *(Piece(sign, text) for sign, text in (("-", gone), ("+", come)) if text)]


def _alike(pieces: Sequence[Piece]) -> bool:
    same = sum(len(piece.text.strip()) for piece in pieces if not piece.sign)
    changed = sum(len(piece.text.strip()) for piece in pieces if piece.sign)
    return 2 * same >= changed


def _near_changes(lines: Sequence[Line]) -> list[Line]:
    """What changed, with a line around it."""
    near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line.sign:
            for by in range(max(0, at - AROUND), min(len(lines), at + AROUND + 1)):
                near[by] = True
    shown: list[Line] = []
    for at, line in enumerate(lines):
        if near[at]:
            skips = bool(shown) and not near[at - 1]
            shown.append(Line(line.sign, line.text, line.number, line.pieces, skipped=skips))
    return shown
