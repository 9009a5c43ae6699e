# SPDX-License-Identifier: AGPL-3.0-or-later
"""An issue is read from a file; what cannot be used is named by its line, and nothing is guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kollontai.chapters.deliberation import amending, fromfile
from kollontai.chapters.deliberation.amending import Change, Run
from kollontai.chapters.deliberation.importing import (
    MOST_AMENDMENTS,
    MOST_BYTES,
    MOST_DRAFTS,
    AmendmentRead,
    read_amendments,
    read_issue,
)
from kollontai.web.pages.amendments import wanted

WHOLE = """---
title: A kettle
unit: Ferry Crews
big: yes
---

The old one leaks.

# Draft: Buy one
We buy a kettle.
It costs 30 at most.
\\# Not a heading

# Draft B: Mend it
## 1. How
We mend it.

# Amendment 1: draft A, replace line 2
Moved by: Zoë Ångström
It costs 25 at most.

## Reasons
Cheaper.

# Amendment 2: insert after line 2
Shop first.
# Amendment 3: draft B, delete lines 1 to 2
"""


def test_the_example_of_the_manual_has_no_problem() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
    example = re.search(r"```markdown\n(.*?)```", manual, re.DOTALL)
    assert example is not None
    found = read_issue(example[1].encode())
    assert (found.problems, found.whole) == ((), True)
    assert [(one.number, one.operation, one.first, one.last) for one in found.amendments] == [
        (1, "replace", 2, 2), (2, "insert", 3, 2), (3, "delete", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_whole_issue_is_read_in_either_encoding(encoding: str, told: str, ends: str) -> None:
    found = read_issue(WHOLE.replace("\n", ends).encode(encoding))
    assert (found.title, found.unit, found.big, found.why) == (
        "A kettle", "Ferry Crews", True, "The old one leaks.",
    )  # fmt: skip
    assert [(one.letter, one.title, one.text) for one in found.drafts] == [
        ("A", "Buy one", "We buy a kettle.\nIt costs 30 at most.\n# Not a heading"),
        ("B", "Mend it", "## 1. How\nWe mend it."),
    ]
    assert found.amendments == (
        AmendmentRead(18, 1, "A", "replace", 2, 2, "It costs 25 at most.", "Zoë Ångström", "Cheaper."),
        AmendmentRead(25, 2, "A", "insert", 3, 2, "Shop first.", "", ""),
        AmendmentRead(27, 3, "B", "delete", 1, 2, "", "", ""),
    )
    assert (found.problems, found.encoding) == ((), told)


def test_headings_do_where_there_is_no_front_matter() -> None:
    found = read_issue(b"# Issue: A kettle\nIt leaks.\n# Draft: Buy one\nYes.\n")
    assert (found.title, found.why, found.whole) == ("A kettle", "It leaks.", True)
    found = read_issue(b"# Issue: A kettle\n# Why\nIt leaks.\n# Draft: Buy one\nYes.\n")
    assert (found.why, found.problems) == ("It leaks.", ())


GOOD = "# Issue: A\n# Why\nB.\n# Draft: C\nOne.\nTwo.\n"


@pytest.mark.parametrize(
    ("more", "line", "reason"),
    [
        ("# Draught: D\nX.\n", 7, "This heading is none of"),
        ("# Draft C: D\nX.\n", 7, "This draft is the file's draft B, not C."),
        ("# Draft: D\n\n", 7, "This draft is empty."),
        ("# Draft:\nX.\n", 7, "This draft has no title."),
        ("# Draft: D\nX\x07\n", 7, "This draft holds signs that nobody can read."),
        ("# Draft: D\n" + "x" * 2_001, 7, "one of more than 2,000 signs"),
        ("# Why\nAgain.\n", 7, "The issue has its reasons already."),
        ("# Issue: Another\n", 7, "The issue has its title already."),
        ("# Amendment 1\nX.\n", 7, "An amendment is headed like"),
        ("# Amendment 1: replace line two\nX.\n", 7, "An amendment is headed like"),
        ("# Amendment 1: replace line 3\nX.\n", 7, "Lines 3 to 3 are not in draft A, which has 2 lines."),
        ("# Amendment 1: replace lines 2 to 1\nX.\n", 7, "Lines 2 to 1 are not in draft A"),
        ("# Amendment 1: insert before line 4\nX.\n", 7, "nothing can come before line 4"),
        ("# Amendment 1: insert before line 0\nX.\n", 7, "nothing can come before line 0"),
        ("# Amendment 1: draft B, delete line 1\n", 7, "There is no draft B"),
        ("# Amendment 1: delete line 1\nX.\n", 7, "A deletion has no new text."),
        ("# Amendment 1: replace line 1\n\n", 7, "The new text is missing."),
        ("# Amendment 1: delete line 1\n# Amendment 1: delete line 2\n", 8, "stands on line 7 already"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_line(more: str, line: int, reason: str) -> None:
    found = read_issue((GOOD + more).encode())
    assert found.whole
    assert [(problem.line, reason in problem.reason) for problem in found.problems] == [(line, True)], (
        found.problems
    )


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 0, "The file is empty."),
        (b"x" * (MOST_BYTES + 1), 0, "larger than 2 MB"),
        (b"\xff\xfe#\0 ", 0, "UTF-16"),
        (b"PK\x03\x04", 0, "spreadsheet or an archive"),
        (b"a\nb\0c", 2, "NUL byte"),
        (b"a\n\x81", 2, "neither UTF-8 nor Windows-1252"),
        (b"---\ntitle: A\n", 1, "no second --- ends them"),
        (b"---\ncolour: red\n---\n", 2, "title, unit and big, and nothing else"),
        (b"---\nbig: maybe\n---\n", 2, "yes or no"),
        (b"Just words.", 0, "There is no draft in the file."),
    ],
)
def test_no_issue_is_made_of_what_is_none(data: bytes, line: int, reason: str) -> None:
    found = read_issue(data)
    assert not found.whole
    assert any(problem.line == line and reason in problem.reason for problem in found.problems), (
        found.problems
    )


def test_a_file_holds_so_many_and_no_more() -> None:
    many = GOOD + "".join(f"# Draft: D{n}\nX.\n" for n in range(MOST_DRAFTS))
    assert len(read_issue(many.encode()).drafts) == MOST_DRAFTS
    many = GOOD + "".join(f"# Amendment {n}: delete line 1\n" for n in range(1, MOST_AMENDMENTS + 2))
    found = read_issue(many.encode())
    assert (len(found.amendments), len(found.problems)) == (MOST_AMENDMENTS, 1)


# --- CSV ---


def test_a_table_is_read_to_the_letter() -> None:
    table = 'No;From line;To line;Action;New text;Moved by;Why\n1;1;2;Replace;"  Two\nlines ";Jo;So\n2;3;;insert;X;;\n3;2;;DELETE;;;\n'
    found = read_amendments(table.encode("cp1252"), {"C": 2})
    assert found.problems == ()
    assert found.amendments == (
        AmendmentRead(2, 1, "C", "replace", 1, 2, "  Two\nlines ", "Jo", "So"),
        AmendmentRead(4, 2, "C", "insert", 3, 2, "X", "", ""),
        AmendmentRead(5, 3, "C", "delete", 2, 2, "", "", ""),
    )


HEAD = "number,draft,first line,last line,operation,text,mover,reasons\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,A,1,1,replace,T,,", "The number is no whole number"),
        ("1,A,,1,replace,T,,", "The first line is no whole number"),
        ("1,A,1,-1,replace,T,,", "The last line is no whole number"),
        ("1,A,1,1,change,T,,", "none of replace, insert, delete"),
        ("1,A1,1,1,replace,T,,", "named by its letter"),
        ("1,Q,1,1,replace,T,,", "There is no draft Q"),
        ("1,A,9,9,replace,T,,", "not in draft A"),
        ("1,A,1,1,replace,,,", "The new text is missing."),
        ("1,A,1,1,delete,T,,", "A deletion has no new text."),
        ("1,A,1,1,replace,T,,,more", "There are 9 cells where the headings name 8."),
        ('1,A,1,1,replace,"T,,', "quotes on line 2 do not close"),
        ("1,A,1,1,replace,T,,a\x07", "What its reasons say holds signs"),
    ],
)
def test_a_bad_row_is_named(row: str, reason: str) -> None:
    found = read_amendments((HEAD + row + "\n").encode(), {"A": 2, "B": 3})
    assert found.amendments == ()
    assert [(one.line, reason in one.reason) for one in found.problems] == [(2, True)], found.problems


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("first,operation\n", 'none of them is called "number"'),
        ("number,first,operation,from\n", "Two columns are headed as first"),
        (HEAD, "only headings"),
    ],
)
def test_a_table_without_its_columns_is_named(text: str, reason: str) -> None:
    assert reason in read_amendments(text.encode(), {"A": 2}).problems[0].reason


# --- Into the form ---


@pytest.mark.parametrize(
    ("operation", "first", "last", "text"),
    [
        ("replace", 1, 1, "Z"), ("replace", 2, 3, "Y\nZ"), ("delete", 2, 2, ""), ("delete", 1, 3, ""),
        ("insert", 1, 0, "Z"), ("insert", 3, 2, "Y\nZ"), ("insert", 4, 3, "Z"),
    ],
)  # fmt: skip
def test_the_filled_in_form_moves_what_the_file_says(
    operation: str, first: int, last: int, text: str
) -> None:
    lines = ("one", "two", "three")
    item = {"operation": operation, "first": first, "last": last, "text": text, "reasons": "", "version": 1}
    typed = fromfile.as_typed(item, lines)
    made = wanted(lines, typed["first"], typed["last"], typed["text"])
    assert made is not None
    assert (made.operation, made.first, made.last, made.text) == (operation, first, last, text)
    new = tuple(amending.lines_of(text)) if operation != "delete" else ()
    assert Change(Run(made.first, made.last), new) == Change(Run(first, last), new)
