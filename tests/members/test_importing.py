# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists of members as spreadsheets write them, and everything that can be wrong with them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.chapters.members.importing import (
    MOST_BYTES,
    MOST_ROWS,
    escape_cell,
    grouped,
    preview,
    write_problems,
)

UNITS = {"Ferry Crews": "u1", "Kiln Lane": "u2"}


def people(text: str | bytes, **kwargs):
    data = text if isinstance(text, bytes) else text.encode()
    return preview(data, units=UNITS, **kwargs)


def rows(found):
    return [(row.line, row.name, row.email, row.unit) for row in found.rows]


def reasons(found):
    return [(problem.line, problem.reason) for problem in found.problems]


@pytest.mark.parametrize(
    ("heading", "line", "name"),
    [
        ("name,email", "Ada Marsh,ada@example.org", "Ada Marsh"),
        ("Full Name;E-Mail", "Ada Marsh;ada@example.org", "Ada Marsh"),
        ("E-mail address\tMember", "ada@example.org\tAda Marsh", "Ada Marsh"),
        ("first_name,last-name,mail", "Ada,Marsh,ada@example.org", "Ada Marsh"),
        ("Surname;First name;EMAIL", "Marsh;Ada;ada@example.org", "Ada Marsh"),
        ('"name","e.mail"', '"Marsh, Ada","ada@example.org"', "Marsh, Ada"),
        ('"name, please; really";email;name', ";ada@example.org;Ada Marsh", "Ada Marsh"),
        ("name,email,shoe size", "Ada Marsh,ada@example.org,39", "Ada Marsh"),
        ("name,email", "  Ada   Marsh ,  ADA@Example.ORG  ", "Ada Marsh"),
    ],
)
def test_headings_and_dividers_in_their_spellings(heading, line, name):
    found = people(f"{heading}\n{line}\n")
    assert rows(found) == [(2, name, "ada@example.org", "")]
    assert not found.problems


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_ends_of_lines(encoding, told, ends):
    text = ends.join(["name;email", "Zoë Müßig;zoe@example.org", "François;f@example.org", ""])
    found = people(text.encode(encoding))
    assert [row.name for row in found.rows] == ["Zoë Müßig", "François"]
    assert (found.encoding, found.delimiter) == (told, ";")


def test_units_are_known_by_name_without_regard_to_large_letters():
    found = people("name,email,Branch\nAda,ada@example.org,FERRY  crews\nBen,ben@example.org,\n")
    assert rows(found) == [(2, "Ada", "ada@example.org", "u1"), (3, "Ben", "ben@example.org", "")]


def test_who_has_no_address_is_invited_by_letter_each_name_once():
    found = people("name,email,unit\nAda,,\nBen\nADA,,\nAda,,Ferry Crews\n")
    assert [(row.line, row.name, row.email) for row in found.rows] == [
        (2, "Ada", ""),
        (3, "Ben", ""),
        (5, "Ada", ""),
    ]
    assert reasons(found) == [(4, "The same name without an address stands on line 2 already.")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",ada@example.org,", "The name is missing."),
        ("Ada,,Ferry Crews,ada@example.org", "There are 4 cells where the headings name 3."),
        ("Ada,,ada@example.org", "The e-mail address stands in another column."),
        ("Ada,ada at example,", "The e-mail address cannot be used as it is written."),
        ("Ada,ada@example,", "The e-mail address cannot be used as it is written."),
        ("Ada,ada@exa mple.org,", "The e-mail address cannot be used as it is written."),
        ("Ada,ben@example.org,", "The same e-mail address stands on line 2 already."),
        ("Ada,BEN@example.org,", "The same e-mail address stands on line 2 already."),
        (
            "Ada,old@example.org,",
            "This e-mail address is known here already, so nobody is invited a second time.",
        ),
        ("Ada,ada@example.org,Nowhere", "There is no unit “Nowhere” here."),
        ("Ada,ada@example.org,Ferry Crews,more", "There are 4 cells where the headings name 3."),
        (
            f"{'A' * 121},ada@example.org,",
            "The name is longer than 120 characters, or holds signs that do not show.",
        ),
        (
            "A\x08da,ada@example.org,",
            "The name is longer than 120 characters, or holds signs that do not show.",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number_and_reason(line, reason):
    found = people(
        f"name,email,unit\nBen,ben@example.org,\n\n{line}\nCleo,cleo@example.org,\n",
        known={"Old@example.org "},
    )
    assert [row.name for row in found.rows] == ["Ben", "Cleo"]
    assert reasons(found) == [(4, reason)]


def test_a_cell_over_two_lines_does_not_shift_the_numbers_of_the_next():
    found = people('name,email\n"Ada\nMarsh",ada@example.org\n,ben@example.org\n')
    assert rows(found) == [(2, "Ada Marsh", "ada@example.org", "")]
    assert reasons(found) == [(4, "The name is missing.")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b" \r\n \n", "The file is empty."),
        (b"\xef\xbb\xbf,,,\n", "The file is empty."),
        (b"name,email\n", "There is nobody in this file, only headings."),
        (b"Ada,ada@example.org\n", 'The first line must name the columns; none of them is called "email".'),
        (
            b"email\nada@example.org\n",
            'The first line must name the columns; none is called "name", "first name" or "last name".',
        ),
        (b"name,email,mail\nA,a@b.org,a@b.org\n", "Two columns are headed as the e-mail; keep one."),
        (b"PK\x03\x04rest", "This is a spreadsheet or an archive; save the sheet as CSV and send that."),
        (
            b"\xff\xfename,emails",
            "The file begins as UTF-16 and does not go on so; save it again in UTF-8.",
        ),
        (b"\xff\xfen\0a\0\0\0", "Line 1 holds a NUL byte: this is not a text file."),
        (b"name,email\nA,a@b.org\nB\0,b@b.org\n", "Line 3 holds a NUL byte: this is not a text file."),
        (b"name,email\nA\x81,a@b.org\n", "Line 2 holds a sign that is neither UTF-8 nor Windows-1252."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 5 MB; split it into smaller ones."),
    ],
)
def test_a_file_that_cannot_be_used_at_all(data, reason):
    found = preview(data)
    assert not found.rows
    assert [problem.reason for problem in found.problems] == [reason]


@pytest.mark.parametrize(
    "broken",
    [
        '"Ben,ben@example.org',
        'Ben,"ben@example.org',
        '"Ben"x,ben@example.org',
        '"Ben,ben@example.org\n\nDai,dai@example.org\n"x',
    ],
)
def test_quotes_that_do_not_close_leave_out_their_line_and_no_other(broken):
    found = people(f"name,email\nAda,ada@example.org\n{broken}\nCleo,cleo@example.org\n")
    assert {row.name for row in found.rows} >= {"Ada", "Cleo"}
    assert "Ben" not in {row.name for row in found.rows}
    assert reasons(found)[0] == (3, "The quotes on line 3 do not close as they should.")


def test_no_quote_swallows_other_people():
    lines = [f"P{number},p{number}@example.org" for number in range(40)]
    lines[3] = '"P3,p3@example.org'
    lines[6] = 'P6",p6@example.org'
    found = people("\n".join(["name,email", *lines]))
    assert len(found.rows) == 38 or len(found.rows) == 39
    assert {row.name for row in found.rows} >= {"P2", "P4", "P5", "P7", "P39"}


def test_one_person_under_several_spellings_of_a_mailbox_is_one():
    found = people(
        "name,email\nZoë,zoe@bücher.example\nZoe,Zoe@xn--bcher-kva.example\nZ,zoe+club@BÜCHER.example\n"
        "Old,old+2@example.org\n",
        known={"old@example.org"},
    )
    assert [row.line for row in found.rows] == [2]
    assert [problem.kind for problem in found.problems] == ["twice", "twice", "known"]


def test_namesakes_and_formulas_come_in_and_are_pointed_at():
    found = people("name,email\nJosé Ågren,j1@example.org\nJose AGREN,j2@example.org\n=1+1,j3@example.org\n")
    assert len(found.rows) == 3
    assert [(note.line, note.kind) for note in found.notes] == [(3, "namesake"), (4, "formula")]


@pytest.mark.parametrize(
    ("unit", "said"),
    [("Fery Crews", " Is it “Ferry Crews”?"), ("kiln-lane", " Is it “Kiln Lane”?"), ("Somewhere", "")],
)
def test_a_misspelt_unit_is_not_guessed_but_named(unit, said):
    found = people(f"name,email,unit\nAda,ada@example.org,{unit}\nBen,ben@example.org,Fërry  crews\n")
    assert [row.unit for row in found.rows] == ["u1"]
    assert reasons(found) == [(2, f"There is no unit “{unit}” here.{said}")]


def test_what_is_wrong_is_told_by_kind_with_its_lines():
    lines = (
        ["name,email"] + [f",p{number}@example.org" for number in range(5)] + ["Ada,no address", ",x@y.org"]
    )
    groups = grouped(people("\n".join(lines)).problems, examples=2)
    assert [(one.kind.words, one.lines, one.count, len(one.first)) for one in groups] == [
        ("The name is missing", "2–6, 8", 6, 2),
        ("The e-mail address cannot be used", "7", 1, 1),
    ]
    assert all(one.kind.advice.endswith(("?", ".")) for one in groups)


def test_what_was_left_out_can_be_mended_and_sent_again():
    found = people("Member;Mail;Branch\nAda;ada@exa mple.org;Kiln Lane\nBen;ben@example.org;\n")
    table = write_problems(found).replace("exa mple", "example")
    again = people(table)
    assert rows(again) == [(2, "Ada", "ada@example.org", "u2")]


def test_five_thousand_rows_and_not_one_more():
    lines = [f"P{number},p{number}@example.org" for number in range(MOST_ROWS + 1)]
    found = people("\n".join(["name,email", *lines[:-1]]))
    assert (len(found.rows), found.problems) == (MOST_ROWS, ())
    found = people("\n".join(["name,email", *lines]))
    assert len(found.rows) == MOST_ROWS
    assert reasons(found) == [
        (5002, "The file has more than 5,000 rows; from line 5002 on nothing was read.")
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_looks_like_a_formula_is_no_formula_on_the_way_out(start):
    assert escape_cell(f"{start}1+1") == f"'{start}1+1"
    assert escape_cell("Ada") == "Ada"


def test_a_name_like_a_formula_comes_in_and_goes_out_escaped():
    found = people('name,email\n"=HYPERLINK(""x"")",=1@example.org\n@sum,not an address\n')
    assert rows(found)[0][1] == '=HYPERLINK("x")'
    assert write_problems(found) == (
        "line,reason,name,email\r\n"
        "3,The e-mail address cannot be used as it is written.,'@sum,not an address\r\n"
    )


@given(st.binary(max_size=300))
def test_no_file_breaks_the_preview(data):
    found = preview(data, known=("a@b.org",), units=UNITS)
    assert found.rows or found.problems
    assert all(problem.reason.endswith(".") for problem in found.problems)


@given(st.text(max_size=200), st.sampled_from(",;\t"))
def test_no_text_breaks_the_preview(text, delimiter):
    head = delimiter.join(("name", "email", "unit"))
    found = preview(f"{head}\n{text}".encode(errors="replace"), units=UNITS)
    assert found.rows or found.problems
    addresses = [row.email for row in found.rows if row.email]  # some have none
    assert len(set(addresses)) == len(addresses)


def test_reading_a_list_needs_no_database():
    code = (
        "import sys, kollontai.chapters.members.importing as i; assert 'django' not in sys.modules, 'django'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
