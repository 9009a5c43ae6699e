# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of five thousand rows with everything wrong that lists have: what is found is what was put in."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from kollontai.chapters.members.importing import KINDS, grouped, preview
from kollontai.chapters.members.models import Member
from tests.members import dirty
from tests.web.hall import Hall, built
from tests.web.test_pages import is_well_set

WAYS = [("utf-8", ",", "\n"), ("utf-8-sig", ";", "\r\n"), ("utf-16", "\t", "\r\n"), ("cp1252", ";", "\r")]


@pytest.mark.parametrize(("encoding", "delimiter", "ends"), WAYS)
def test_five_thousand_dirty_rows_are_sorted_to_the_line(encoding: str, delimiter: str, ends: str) -> None:
    made = dirty.dirty(5_000, delimiter=delimiter)
    found = preview(made.data(encoding, ends), known=dirty.KNOWN, units=dirty.UNITS)
    assert {problem.line: problem.kind for problem in found.problems} == made.wrong
    assert len(found.rows) == 5_000 - len(made.wrong)
    assert set(made.wrong.values()) == set(KINDS) - {"file"}
    assert Counter(note.kind for note in found.notes)["formula"] == made.formulas > 50


def test_its_report_is_short_and_says_what_to_do() -> None:
    made = dirty.dirty(5_000, delimiter=",")
    found = preview(made.data("utf-8"), known=dirty.KNOWN, units=dirty.UNITS)
    groups = grouped(found.problems)
    assert [one.count for one in groups] == [
        list(made.wrong.values()).count(kind) for kind in KINDS if kind != "file"
    ]
    assert sum(len(one.first) for one in groups) <= 3 * len(KINDS)
    near = next(one for one in groups if one.kind is KINDS["unit"])
    assert any("Is it “Ferry Crews”?" in one.reason for one in found.problems)
    assert near.kind.advice == "Write the unit as it is called here."


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    """An organisation with its members."""
    return built(now)


def test_a_secretary_sees_it_by_kind_and_takes_the_bad_lines_home(hall: Hall) -> None:
    made, ada = dirty.dirty(600, delimiter=";"), hall.enter("ada")
    members = Member.objects.count()
    assert ada.get("/tidewater/members/invite-list/to-mend.csv").status_code == 404
    upload = SimpleUploadedFile("members.csv", made.data("cp1252"))
    answer = ada.post("/tidewater/members/invite-list/", {"file": upload})
    page = answer.content.decode()
    is_well_set(page)
    for kind in set(made.wrong.values()) - {"unit", "known"}:
        assert KINDS[kind].words in page
        assert KINDS[kind].advice.split(".")[0] in page
    assert len(page) < 150_000
    table = ada.get("/tidewater/members/invite-list/to-mend.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = table.content.decode("utf-8-sig")
    assert text.startswith("line,reason,Member-No,Full Name,E-Mail,Branch,Joined\r\n")
    assert "'=A2&B2" in text
    assert hall.enter("ben").get("/tidewater/members/invite-list/to-mend.csv").status_code == 404
    assert Member.objects.count() == members


def test_the_command_line_says_the_same_and_writes_the_bad_lines(hall: Hall, tmp_path: Any) -> None:
    from kollontai.cli import cli

    made, file, mend = dirty.dirty(600, delimiter=","), tmp_path / "list.csv", tmp_path / "mend.csv"
    file.write_bytes(made.data("utf-16"))
    ran = CliRunner().invoke(cli, ["import-members", "tidewater", str(file), "--to-mend", str(mend)])
    assert ran.exit_code == 0, ran.output
    assert KINDS["name-missing"].advice in ran.output
    assert "lines cannot be used." in ran.output
    assert len(ran.output) < 20_000
    text = mend.read_bytes().decode("utf-8-sig")
    again = preview(text.encode(), known=dirty.KNOWN, units=dirty.UNITS)
    assert len(again.problems) + len(again.rows) >= len(made.wrong)
    assert again.problems[0].line != 1
