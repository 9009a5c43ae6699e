# SPDX-License-Identifier: AGPL-3.0-or-later
"""BLT, the file format of most counting programs (Hill, Wichmann, Woodall; ERS).

`candidates seats`, then `-n` for each candidate who withdrew, then one line per ballot: its weight, the
candidates in order (`=` between equal ones), and 0; a single 0; the names; the title. Options in brackets
are read where we know them (`[tie 3 1 2]`, `[nick a b c]`, `[droop …]`); others are refused. `#` starts a
comment outside quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from .. import pays
from ..ballots import Ballots, Paper, Rank
from ..errors import WrongFile
from ..pays import Way
from .limits import check, plain


@dataclass(slots=True)
class Token:
    """A word of the file and where it stands."""

    text: str
    line: int
    column: int
    quoted: bool = False


def words(text: str) -> Iterator[Token]:
    """Split a BLT file into words; quoted names are one word."""
    for number, line in enumerate(text.split("\n"), 1):
        at, size = 0, len(line)
        while at < size:
            char = line[at]
            if char.isspace() or char == "\ufeff":
                at += 1
            elif char == "#":
                break
            elif char == '"':
                end = line.find('"', at + 1)
                if end < 0:
                    raise WrongFile(number, at + 1, "a closing quotation mark", line[at : at + 20])
                yield Token(line[at + 1 : end], number, at + 1, quoted=True)
                at = end + 1
            elif char in "[]=":
                yield Token(char, number, at + 1)
                at += 1
            else:
                end = at
                while end < size and not line[end].isspace() and line[end] not in '[]="#':
                    end += 1
                yield Token(line[at:end], number, at + 1)
                at = end


class Reader:
    """Reads words one after the other, and says what was expected where."""

    def __init__(self, text: str) -> None:
        self.words = words(text)
        self.ahead: Token | None = None
        lines = text.split("\n")
        self.end = Token("", len(lines), len(lines[-1]) + 1)
        self.nicks: dict[str, int] = {}

    def peek(self) -> Token | None:
        """The next word, if any."""
        if self.ahead is None:
            self.ahead = next(self.words, None)
        return self.ahead

    def take(self, expected: str) -> Token:
        """The next word, which must be there."""
        word = self.peek()
        if word is None:
            raise WrongFile(self.end.line, self.end.column, expected, "the end of the file")
        self.ahead = None
        return word

    def whole(self, expected: str) -> tuple[int, Token]:
        """A whole number."""
        word = self.take(expected)
        if word.quoted or not re.fullmatch(r"-?[0-9]+", word.text):
            raise WrongFile(word.line, word.column, expected, word.text)
        return int(word.text), word

    def candidate(self, many: int) -> tuple[int, Token]:
        """A candidate by number or nickname; 0 ends a ballot and comes back as -1."""
        expected = f"a candidate from 1 to {many}, or 0 to end the ballot"
        word = self.take(expected)
        if word.text in self.nicks:
            return self.nicks[word.text], word
        if word.quoted or not (word.text.isascii() and word.text.isdigit()) or int(word.text) > many:
            raise WrongFile(word.line, word.column, expected, word.text)
        return int(word.text) - 1, word


def read(text: str, *, fast: Way = None) -> Ballots:
    """Read a BLT file; whatever does not fit is refused with its line and column.

    A file of plain lines is read in one sweep; the careful reader takes over wherever that does not fit.
    `fast` says how to sweep: False in plain Python, True in arrays (numpy), "compiled" by machine code
    (numba), None by what pays and is installed. Raises WrongFile.
    """
    plain(text)
    swept = sweep(text, fast)
    return careful(text) if swept is None else swept


def careful(text: str) -> Ballots:
    """Read word by word, and know where every word stands."""
    check(text)
    reader = Reader(text)
    many, word = reader.whole("the number of candidates")
    if many < 1:
        raise WrongFile(word.line, word.column, "at least one candidate", word.text)
    seats, word = reader.whole("the number of seats")
    if seats < 1:
        raise WrongFile(word.line, word.column, "at least one seat", word.text)
    tie_order = _options(reader, many)
    withdrawn = set()
    while (ahead := reader.peek()) is not None and ahead.text.startswith("-"):
        gone, word = reader.whole("a withdrawn candidate")
        if not -many <= gone <= -1:
            raise WrongFile(word.line, word.column, f"a withdrawn candidate from -1 to -{many}", word.text)
        withdrawn.add(-gone - 1)
    papers = tuple(_papers(reader, many))
    names = []
    for number in range(many):
        word = reader.take(f"the name of candidate {number + 1} in quotation marks")
        if not word.quoted:
            expected = f"the name of candidate {number + 1} in quotation marks"
            raise WrongFile(word.line, word.column, expected, word.text)
        names.append(word.text)
    title = ""
    if (ahead := reader.peek()) is not None:
        word = reader.take("the title")
        if not word.quoted:
            raise WrongFile(word.line, word.column, "the title in quotation marks", word.text)
        title = word.text
    while (ahead := reader.peek()) is not None:
        # Some programs add a source and a comment, both quoted, after the title.
        if not ahead.quoted:
            raise WrongFile(ahead.line, ahead.column, "the end of the file", ahead.text)
        reader.ahead = None
    return Ballots(tuple(names), seats, papers, title, frozenset(withdrawn), tuple(tie_order))


def sweep(text: str, fast: Way = None) -> Ballots | None:
    """Read a file whose ballots are lines of numbers; None where anything looks different."""
    head, found, rest = text.partition("\n")
    first = head.split()
    end = rest.find("\n0\n")
    if (
        not found
        or len(first) != 2
        or end < 0
        or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in first)
    ):
        return None
    many, seats = int(first[0]), int(first[1])
    tail = _tail(rest[end + 3 :], many)
    if many < 1 or seats < 1 or tail is None:
        return None
    body = rest[: end + 1]
    papers: Sequence[Paper] | None = None
    if pays.arrays(len(body), fast):
        try:
            from ..stv.fast import read_lines
        except ImportError:
            if fast:
                raise
        else:
            papers = read_lines(body, many, fast)
            if papers is None:
                return None
    if papers is None:
        papers = _lines(body, many)
    return None if papers is None else Ballots(tail[0], seats, papers, tail[1])


def _lines(body: str, many: int) -> tuple[Paper, ...] | None:
    """Ballots of plain numbers, each ending with 0."""
    if not body.isascii():
        return None
    marks = body.split()
    inside: list[int] = list(map({str(n): n - 1 for n in range(many + 1)}.get, marks))  # type: ignore[arg-type]
    papers: list[Paper] = []
    start, size, find = 0, len(marks), inside.index
    try:
        while start < size:
            end = find(-1, start + 1)
            ranks = tuple(inside[start + 1 : end])
            seen = set(ranks)
            if len(seen) < len(ranks) or None in seen or not marks[start].isdigit():
                return None
            papers.append((ranks, int(marks[start])))
            start = end + 1
    except ValueError:
        return None  # no 0 at the end
    return None if 0 in map(itemgetter(1), papers) else tuple(papers)


def _tail(text: str, many: int) -> tuple[tuple[str, ...], str] | None:
    """Names and title, each on a line of its own in quotation marks."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) not in (many, many + 1):
        return None
    names = []
    for line in lines:
        if len(line) < 2 or line[0] != '"' or line[-1] != '"' or '"' in line[1:-1]:
            return None
        names.append(line[1:-1])
    return tuple(names[:many]), names[many] if len(names) > many else ""


def _options(reader: Reader, many: int) -> list[int]:
    tie_order: list[int] = []
    while (ahead := reader.peek()) is not None and ahead.text == "[" and not ahead.quoted:
        reader.take("[")
        name = reader.take("an option")
        values: list[Token] = []
        while (word := reader.take("a closing bracket")).text != "]":
            values.append(word)
        if name.text == "nick":
            if len(values) != many:
                raise WrongFile(name.line, name.column, f"{many} nicknames", str(len(values)))
            reader.nicks = {word.text: at for at, word in enumerate(values)}
        elif name.text == "tie":
            for word in values:
                if not word.text.isdigit() or not 1 <= int(word.text) <= many:
                    raise WrongFile(word.line, word.column, f"a candidate from 1 to {many}", word.text)
                tie_order.append(int(word.text) - 1)
            if sorted(tie_order) != list(range(many)):
                raise WrongFile(name.line, name.column, "every candidate once in the order for ties")
        elif name.text != "droop":
            raise WrongFile(name.line, name.column, "[nick …], [tie …] or [droop …]", name.text)
    return tie_order


def _papers(reader: Reader, many: int) -> Iterator[Paper]:
    while True:
        times, word = reader.whole("the weight of a ballot, or 0 after the last ballot")
        if times == 0:
            return
        if times < 0:
            raise WrongFile(word.line, word.column, "a weight above 0", word.text)
        ranks: list[Rank] = []
        seen: set[int] = set()
        equal = False
        while True:
            ahead = reader.peek()
            if ahead is not None and ahead.text == "=" and not ahead.quoted:
                reader.take("=")
                if not ranks:
                    raise WrongFile(ahead.line, ahead.column, "a candidate before =", "=")
                equal = True
                continue
            candidate, word = reader.candidate(many)
            if candidate < 0:
                if equal:
                    raise WrongFile(word.line, word.column, "a candidate after =", word.text)
                break
            if candidate in seen:
                raise WrongFile(word.line, word.column, "each candidate once on a ballot", word.text)
            seen.add(candidate)
            if equal:
                last = ranks[-1]
                ranks[-1] = (*((last,) if isinstance(last, int) else last), candidate)
                equal = False
            else:
                ranks.append(candidate)
        yield tuple(ranks), times


def write(ballots: Ballots) -> str:
    """The same ballots as a BLT file."""
    lines = [f"{len(ballots.candidates)} {ballots.seats}"]
    if ballots.tie_order:
        lines.append(f"[tie {' '.join(str(c + 1) for c in ballots.tie_order)}]")
    lines += [f"-{candidate + 1}" for candidate in sorted(ballots.withdrawn)]
    for ranks, times in ballots.papers:
        order = [str(r + 1) if isinstance(r, int) else "=".join(str(c + 1) for c in r) for r in ranks]
        lines.append(" ".join([str(times), *order, "0"]))
    lines.append("0")
    lines += [quoted(name) for name in [*ballots.candidates, ballots.title]]
    return "\n".join(lines) + "\n"


def quoted(name: str) -> str:
    """A name as the format can carry it: it knows no way to write a quotation mark or a line's end."""
    return '"' + " ".join(name.replace('"', "'").split()) + '"'


def names_of(candidates: Sequence[str], numbers: Sequence[int]) -> str:
    """Several candidates in one line of words."""
    listed = [candidates[number] for number in numbers]
    if len(listed) < 2:
        return "".join(listed)
    return ", ".join(listed[:-1]) + " and " + listed[-1]
