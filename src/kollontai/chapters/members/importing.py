# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list of members as other programs write it, and says line by line what cannot be used.

Nothing is changed here: what comes out is looked at by a person first, and then goes into one act,
`invite`. Files come from spreadsheets: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs; headings in
several spellings; quotes, also such as do not close; cells that look like formulas.
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import io
import itertools
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from kollontai.chapters.charter.rules import LONGEST_NAME, is_name
from kollontai.chapters.charter.tables import Unreadable, decode, delimiter_of, heading
from kollontai.chapters.members.emails import is_email, tidy

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 1_000
LONGEST_LINE = 5_000
MOST_CELLS = 100
MOST_LINES_A_ROW = 20

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "member", "member name", "person"),
    "first": ("first", "first name", "given name", "given names", "forename"),
    "last": ("last", "last name", "surname", "family name"),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "mail address", "address"),
    "unit": ("unit", "branch", "section", "house", "workplace", "local", "group"),
}
"""The spellings of each heading, written small, with spaces for hyphens, dots and underscores."""

_COLUMN_OF = {spelling: column for column, spellings in HEADINGS.items() for spelling in spellings}


@dataclass(frozen=True)
class Row:
    """A person who can be invited; by a letter where `email` is empty. `unit`: an id, or empty."""

    line: int
    name: str
    email: str
    unit: str


@dataclass(frozen=True)
class Kind:
    """Something that is wrong with lines of a list: in words, and what whoever keeps the list can do."""

    words: str
    advice: str


KINDS = {
    "file": Kind("The file cannot be read on", "Save it anew as the sentence says, and send it again."),
    "name-missing": Kind("The name is missing", "Write a name in each of these lines, or take them out."),
    "name-unusable": Kind(
        "The name cannot be used",
        "Write it shorter, or type it anew: signs that do not show came along with it.",
    ),
    "email-elsewhere": Kind(
        "The e-mail address stands in another column",
        "Move it. Whoever really has none gets an invitation on paper.",
    ),
    "email-unusable": Kind(
        "The e-mail address cannot be used",
        "Look for a typing mistake, a blank, a date or two addresses in it.",
    ),
    "twice": Kind(
        "The same mailbox stands in the list twice",
        "One member has one vote. Keep one line for each person; two who share a mailbox need two addresses.",
    ),
    "known": Kind("They are known here already", "Nothing need be done: nobody is asked a second time."),
    "unit": Kind("There is no unit of this name here", "Write the unit as it is called here."),
    "cells": Kind(
        "There are more cells than headings",
        "A comma or semicolon within a cell divides it. Put such a cell between quotes.",
    ),
    "quotes": Kind("A quote does not close", "Close it, or take it out. These lines alone were left out."),
    "too-long": Kind("The line is too long", "It holds more than a person; divide it."),
}
"""What can be wrong, in the order in which it is told."""

NOTES = {
    "namesake": Kind(
        "The same name stands on two lines",
        "They may be two people, and both can be asked in. If they are one person, take one line out.",
    ),
    "formula": Kind("The name looks like a formula", "It comes in as it is written. Is it a name?"),
}
"""What should be looked at, though the line can be used."""


@dataclass(frozen=True)
class Problem:
    """A line that cannot be used, and why, in a sentence. Line 0 is the file as a whole.

    `kind`: one of KINDS, or of NOTES where the line can be used. `cells`: the line as it stood.
    """

    line: int
    reason: str
    email: str = ""
    kind: str = "file"
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """All lines with the same thing wrong: in words, what to do, which lines, and the first of them."""

    kind: Kind
    lines: str
    count: int
    first: tuple[Problem, ...]


@dataclass(frozen=True)
class Preview:
    """What a file holds, before anything is done with it. `notes`: about lines that can be used."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    encoding: str
    delimiter: str
    notes: tuple[Problem, ...] = ()
    headings: tuple[str, ...] = ()


def preview(data: bytes, *, known: Collection[str] = (), units: Mapping[str, str] | None = None) -> Preview:
    """Read a list of people.

    `known`: the tidied addresses that are known in the organisation already. `units`: the ids of its
    units by name; names are compared without regard to small and large letters.
    """
    try:
        text, encoding = decode(data, most=MOST_BYTES)
        delimiter = delimiter_of(text)
        begins, headings = next(_lines(text, delimiter), (1, []))
        columns = _columns(begins, headings)
    except Unreadable as error:
        return Preview((), (Problem(error.line, str(error)),), "", "")
    reader = _Reader(columns, known, units or {})
    try:
        for line, cells in itertools.islice(_lines(text, delimiter, reader.quotes), 1, None):
            reader.take(line, cells)
    except Unreadable as error:
        reader.problems.append(Problem(error.line, str(error)))
    if not reader.rows and not reader.problems:
        reader.problems.append(Problem(0, "There is nobody in this file, only headings."))
    return Preview(
        tuple(reader.rows),
        tuple(sorted(reader.problems, key=lambda one: one.line)),
        encoding,
        delimiter,
        tuple(reader.notes),
        tuple(headings),
    )


def grouped(problems: Collection[Problem], *, examples: int = 3) -> list[Group]:
    """Problems or notes by what is wrong, each with its lines as in `3, 7–12, 40`."""
    found = []
    for name, kind in {**KINDS, **NOTES}.items():
        of_it = [one for one in problems if one.kind == name]
        if of_it:
            lines = _ranges([one.line for one in of_it if one.line])
            found.append(Group(kind, lines, len(of_it), tuple(of_it[:examples])))
    return found


def _ranges(lines: list[int]) -> str:
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def escape_cell(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def write_problems(found: Preview) -> str:
    """The lines that could not be used as a table, each with its reason and cells: to mend and send again."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([escape_cell(cell) for cell in ("line", "reason", *found.headings)])
    for one in found.problems:
        cells = [escape_cell(cell[:LONGEST_CELL]) for cell in one.cells[:MOST_CELLS]]
        table.writerow([one.line, escape_cell(one.reason), *cells])
    return out.getvalue()


# --- From bytes to lines -----------------------------------------------------------------------------


def _lines(
    text: str, delimiter: str, broken: Callable[[int, str], None] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, its cells without doubled spaces, with the line it begins on.

    A line whose quotes do not close is told to `broken`, and reading goes on below it; without `broken` it
    is Unreadable.
    """
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(physical):
        if '"' not in physical[at]:
            cells, taken = physical[at].split(delimiter), 1
        else:
            try:
                cells, taken = _quoted(physical, at, delimiter)
            except csv.Error:
                sentence = f"The quotes on line {at + 1} do not close as they should."
                if broken is None:
                    raise Unreadable(sentence, at + 1) from None
                broken(at + 1, physical[at])
                at += 1
                continue
        if any(cell.strip() for cell in cells):
            yield at + 1, [" ".join(cell.split()) for cell in cells]
        at += taken


def _quoted(physical: list[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of a row that begins on a line and may go on for some; and how many lines it took.

    Raises csv.Error where quotes do not close within MOST_LINES_A_ROW, or where closing them would swallow
    other people: a cell over several lines that holds an address.
    """
    some = physical[at : at + MOST_LINES_A_ROW]
    reader = csv.reader((f"{line}\n" for line in some), delimiter=delimiter, strict=True)
    cells = next(reader)
    if any("\n" in cell.strip() and "@" in cell for cell in cells):
        raise csv.Error("this cell holds other lines")
    return cells, reader.line_num


def _columns(line: int, headings: list[str]) -> list[str]:
    """What each column holds, by its heading; empty for columns that are not ours."""
    if not headings:
        raise Unreadable("The file is empty.")
    columns = [_COLUMN_OF.get(heading(one), "") for one in headings]
    used = [column for column in columns if column]
    for column in used:
        if used.count(column) > 1:
            raise Unreadable(f"Two columns are headed as the {_WORDS[column]}; keep one.", line)
    if "email" not in used:
        raise Unreadable('The first line must name the columns; none of them is called "email".', line)
    if "name" not in used and not {"first", "last"} & set(used):
        raise Unreadable(
            'The first line must name the columns; none is called "name", "first name" or "last name".',
            line,
        )
    return columns


_WORDS = {"name": "name", "first": "first name", "last": "last name", "email": "e-mail", "unit": "unit"}


def _folded(text: str) -> str:
    """A name as it is compared: without regard to large letters, accents and doubled blanks."""
    plain = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join("".join(plain).casefold().split())


def mailbox(email: str) -> str:
    """A tidied address as it is compared: without what follows a +, its domain in plain letters."""
    box, _, domain = email.partition("@")
    with contextlib.suppress(UnicodeError):  # no such domain: is_email says so
        domain = domain.encode("idna").decode("ascii")
    return f"{box.partition('+')[0] or box}@{domain}"


# --- From lines to people ----------------------------------------------------------------------------


class _Reader:
    """Takes line after line, and sorts them into people and problems."""

    def __init__(self, columns: list[str], known: Collection[str], units: Mapping[str, str]) -> None:
        self.columns = columns
        self.known = frozenset(mailbox(tidy(address)) for address in known)
        self.units = {_folded(name): unit for name, unit in units.items()}
        self.called = {_folded(name): name for name in units}
        self.seen: dict[str, int] = {}
        self.by_letter: dict[tuple[str, str], int] = {}
        self.names: dict[str, int] = {}
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def quotes(self, line: int, text: str) -> None:
        """A line whose quotes do not close."""
        self._not_too_many(line)
        reason = f"The quotes on line {line} do not close as they should."
        self.problems.append(Problem(line, reason, "", "quotes", (text[:LONGEST_CELL],)))

    def take(self, line: int, cells: list[str]) -> None:
        """Read one line."""
        self._not_too_many(line)
        person = {
            column: cell
            for column, cell in itertools.zip_longest(self.columns, cells, fillvalue="")
            if column
        }
        email = tidy(person["email"])
        against = self._reason_against(person, cells, email)
        if against:
            kind, reason = against
            self.problems.append(Problem(line, reason, email[:LONGEST_CELL], kind, tuple(cells)))
            return
        name, unit = _name(person), person.get("unit", "")
        if email:
            self.seen[mailbox(email)] = line
        else:
            self.by_letter[_folded(name), _folded(unit)] = line
        self._note(line, name, email, tuple(cells))
        self.rows.append(Row(line, name, email, self.units[_folded(unit)] if unit else ""))

    def _not_too_many(self, line: int) -> None:
        if len(self.rows) + len(self.problems) >= MOST_ROWS:
            raise Unreadable(
                f"The file has more than {MOST_ROWS:,} rows; from line {line} on nothing was read.", line
            )

    def _note(self, line: int, name: str, email: str, cells: tuple[str, ...]) -> None:
        before = self.names.setdefault(_folded(name), line)
        if before != line:
            said = f"{name} stands on line {before} too, with another address."
            self.notes.append(Problem(line, said, email, "namesake", cells))
        if escape_cell(name) != name:
            self.notes.append(Problem(line, f"{name} looks like a formula.", email, "formula", cells))

    def _reason_against(self, person: dict[str, str], cells: list[str], email: str) -> tuple[str, str] | None:
        if sum(map(len, cells)) > LONGEST_LINE:
            return "too-long", f"This line is longer than {LONGEST_LINE:,} characters."
        if len(cells) > len(self.columns) and any(cells[len(self.columns) :]):
            return "cells", f"There are {len(cells)} cells where the headings name {len(self.columns)}."
        name, unit = _name(person), person.get("unit", "")
        if not name:
            return "name-missing", "The name is missing."
        if not is_name(name):
            said = f"The name is longer than {LONGEST_NAME} characters, or holds signs that do not show."
            return "name-unusable", said
        if not email and "@" in "".join(cells):
            return "email-elsewhere", "The e-mail address stands in another column."
        if email and not is_email(email):
            return "email-unusable", "The e-mail address cannot be used as it is written."
        if not email and (_folded(name), _folded(unit)) in self.by_letter:
            before = self.by_letter[_folded(name), _folded(unit)]
            return "twice", f"The same name without an address stands on line {before} already."
        if email and mailbox(email) in self.seen:
            return "twice", f"The same e-mail address stands on line {self.seen[mailbox(email)]} already."
        if email and mailbox(email) in self.known:
            said = "This e-mail address is known here already, so nobody is invited a second time."
            return "known", said
        if unit and _folded(unit) not in self.units:
            return "unit", f"There is no unit “{unit[:LONGEST_NAME]}” here.{self._near(unit)}"
        return None

    def _near(self, unit: str) -> str:
        if len(unit) > LONGEST_NAME:
            return ""
        near = difflib.get_close_matches(_folded(unit), self.called, n=1, cutoff=0.75)
        return f" Is it “{self.called[near[0]]}”?" if near else ""


def _name(person: dict[str, str]) -> str:
    if person.get("name"):
        return unicodedata.normalize("NFC", person["name"])
    joined = " ".join(part for part in (person.get("first"), person.get("last")) if part)
    return unicodedata.normalize("NFC", joined)
