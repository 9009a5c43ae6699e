# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list of members as other programs write it, and says line by line what cannot be used.

Nothing is changed here: what comes out is looked at by a person first, and then goes into one act,
`invite`. Files come from spreadsheets: UTF-8 with or without a mark at the start, or Windows-1252;
commas, semicolons or tabs; headings in several spellings; quotes; cells that look like formulas.
"""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kollontai.chapters.charter.rules import LONGEST_NAME, is_name
from kollontai.chapters.charter.tables import Unreadable, decode, delimiter_of, heading, rows
from kollontai.chapters.members.emails import is_email, tidy

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 1_000

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
class Problem:
    """A line that cannot be used, and why, in a sentence. Line 0 is the file as a whole."""

    line: int
    reason: str
    email: str = ""


@dataclass(frozen=True)
class Preview:
    """What a file holds, before anything is done with it."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    encoding: str
    delimiter: str


def preview(data: bytes, *, known: Collection[str] = (), units: Mapping[str, str] | None = None) -> Preview:
    """Read a list of people.

    `known`: the tidied addresses that are known in the organisation already. `units`: the ids of its
    units by name; names are compared without regard to small and large letters.
    """
    try:
        text, encoding = decode(data, most=MOST_BYTES)
        delimiter = delimiter_of(text)
        lines = _lines(text, delimiter)
        columns = _columns(lines)
    except Unreadable as error:
        return Preview((), (Problem(error.line, str(error)),), "", "")
    taken = frozenset(tidy(address) for address in known)
    ids = {_folded(name): unit for name, unit in (units or {}).items()}
    reader = _Reader(columns, taken, ids)
    try:
        for line, cells in lines:
            reader.take(line, cells)
    except Unreadable as error:
        reader.problems.append(Problem(error.line, str(error)))
    if not reader.rows and not reader.problems:
        reader.problems.append(Problem(0, "There is nobody in this file, only headings."))
    return Preview(tuple(reader.rows), tuple(reader.problems), encoding, delimiter)


def escape_cell(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def write_problems(problems: Iterable[Problem]) -> str:
    """The lines that could not be used, as a table to mend and send again."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("line", "email", "reason"))
    for problem in problems:
        table.writerow((problem.line, escape_cell(problem.email), escape_cell(problem.reason)))
    return out.getvalue()


# --- From bytes to lines -----------------------------------------------------------------------------


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, its cells without doubled spaces."""
    for begins, cells in rows(text, delimiter):
        yield begins, [" ".join(cell.split()) for cell in cells]


def _columns(lines: Iterator[tuple[int, list[str]]]) -> list[str]:
    """What each column holds, by its heading; empty for columns that are not ours."""
    found = next(lines, None)
    if found is None:
        raise Unreadable("The file is empty.")
    line, headings = found
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
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


# --- From lines to people ----------------------------------------------------------------------------


class _Reader:
    """Takes line after line, and sorts them into people and problems."""

    def __init__(self, columns: list[str], known: frozenset[str], units: Mapping[str, str]) -> None:
        self.columns = columns
        self.known = known
        self.units = units
        self.seen: dict[str, int] = {}
        self.by_letter: dict[tuple[str, str], int] = {}
        self.rows: list[Row] = []
        self.problems: list[Problem] = []

    def take(self, line: int, cells: list[str]) -> None:
        """Read one line."""
        if len(self.rows) + len(self.problems) >= MOST_ROWS:
            raise Unreadable(
                f"The file has more than {MOST_ROWS:,} rows; from line {line} on nothing was read.", line
            )
        person = {
            column: cell
            for column, cell in itertools.zip_longest(self.columns, cells, fillvalue="")
            if column
        }
        email = tidy(person["email"])
        reason = self._reason_against(person, cells, email)
        if reason:
            self.problems.append(Problem(line, reason, email[:LONGEST_CELL]))
            return
        unit = person.get("unit", "")
        if email:
            self.seen[email] = line
        else:
            self.by_letter[_folded(_name(person)), _folded(unit)] = line
        self.rows.append(Row(line, _name(person), email, self.units[_folded(unit)] if unit else ""))

    def _reason_against(self, person: dict[str, str], cells: list[str], email: str) -> str:
        if len(cells) > len(self.columns) and any(cells[len(self.columns) :]):
            return f"There are {len(cells)} cells where the headings name {len(self.columns)}."
        name, unit = _name(person), person.get("unit", "")
        if not name:
            return "The name is missing."
        if not is_name(name):
            return f"The name is longer than {LONGEST_NAME} characters, or holds signs that do not show."
        if not email and "@" in "".join(cells):
            return "The e-mail address stands in another column."
        if email and not is_email(email):
            return "The e-mail address cannot be used as it is written."
        if not email and (_folded(name), _folded(unit)) in self.by_letter:
            line = self.by_letter[_folded(name), _folded(unit)]
            return f"The same name without an address stands on line {line} already."
        if email in self.seen:
            return f"The same e-mail address stands on line {self.seen[email]} already."
        if email in self.known:
            return "This e-mail address is known here already, so nobody is invited a second time."
        if unit and _folded(unit) not in self.units:
            return "There is no unit of this name here."
        return ""


def _name(person: dict[str, str]) -> str:
    if person.get("name"):
        return unicodedata.normalize("NFC", person["name"])
    joined = " ".join(part for part in (person.get("first"), person.get("last")) if part)
    return unicodedata.normalize("NFC", joined)
