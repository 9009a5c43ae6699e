# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every limit on what may be sent, at each of its doors: page, program and command line. The same for all."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Attachment, Contribution, ContributionVersion, Draft
from kollontai.chapters.members.importing import Preview, Problem, write_problems
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refused
from kollontai.counting.outputs import tables
from kollontai.web.marking import as_typed, to_html
from tests.web.hall import LEADER, Hall, form_key

TOO_LONG = {
    "bytes": "ß" * 50 + ("\n" + "ß" * 999) * 50,
    "lines": "x\n" * 2_000 + "x",
    "one line": "x" * 2_001,
}
JUST = {
    "bytes": "x" * 999 + ("\n" + "x" * 999) * 99,
    "lines": "x\n" * 1_999 + "x",
    "one line": "x" * 2_000,
}


class Doors:
    """The page and the program of one member, at one issue."""

    def __init__(self, hall: Hall, name: str = "ada") -> None:
        self.hall, self.browser, self.issue = hall, hall.enter(name), hall.at_talk()
        self.at = f"/tidewater/issues/{self.issue.number}"
        account = account_for(f"{name}@example.org", at=hall.now.time)
        _, self.secret = tokens.make(account, label="x", scopes=["act"], days=9, at=hall.now.time)

    def page(self, path: str, **sent: Any) -> Any:
        """Send the form of a page."""
        key = form_key(self.browser.get(f"{self.at}/{path}").content.decode())
        return self.browser.post(f"{self.at}/{path}", {"form_key": key, **sent})

    def program(self, act: str, **sent: Any) -> Any:
        """Send the same by a program."""
        return self.browser.post(
            f"/api/v1/tidewater/acts/deliberation/{act}", json.dumps(sent),
            content_type="application/json", headers={"Authorization": f"Bearer {self.secret}"},
        )  # fmt: skip


@pytest.fixture
def doors(hall: Hall) -> Doors:
    """ada's doors."""
    return Doors(hall)


@pytest.mark.parametrize("which", TOO_LONG)
def test_a_text_has_its_size_at_every_door(doors: Doors, which: str) -> None:
    before = EntryRow.objects.count()
    long, at = TOO_LONG[which], {"issue_id": doors.issue.pk}
    assert doors.page("speak/", stance="for", text=long).status_code == 422
    assert doors.page("drafts/new/", title="T", text=long).status_code == 422
    for answer in (
        doors.program("speak", **at, stance="for", text=long),
        doors.program("put_draft", **at, title="T", text=long),
    ):
        assert answer.status_code == 409
        assert answer.json()["code"] in {"text-too-long", "lines-too-long"}
    assert EntryRow.objects.count() == before


@pytest.mark.parametrize("which", JUST)
def test_what_just_fits_goes_through_every_door(doors: Doors, which: str) -> None:
    assert doors.page("speak/", stance="for", text=JUST[which]).status_code == 302
    said = doors.program("speak", issue_id=doors.issue.pk, stance="against", text=JUST[which])
    assert said.status_code == 200
    assert [len(str(one.text)) for one in ContributionVersion.objects.all()] == [len(JUST[which])] * 2


def test_a_title_is_one_line_of_two_hundred(doors: Doors) -> None:
    for title in ("x" * 201, "two\nlines"):
        assert doors.program("put_draft", issue_id=doors.issue.pk, title=title, text="y").status_code == 409
    assert doors.page("drafts/new/", title="x" * 201, text="y").status_code == 422
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("name", ["ben", LEADER])
def test_the_flood_limit_is_the_same_for_all(hall: Hall, name: str) -> None:
    issue = hall.at("answer" if name == LEADER else "talk")
    refused = ""
    for number in range(31):
        try:
            speak(hall.world.actor(name), issue_id=issue.pk, stance="for", text=f"Number {number}.")
        except Refused as told:
            refused = told.refusal.code
    assert (Contribution.objects.count(), refused) == (30, "too-many-contributions")


def picture(form: str, size: tuple[int, int] = (20, 10), **more: Any) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, **more)
    return out.getvalue()


def exif() -> Image.Exif:
    """What a telephone writes beside the pixels."""
    found = Image.Exif()
    found[0x010F] = "a maker of telephones"
    return found


REFUSED = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "zip": b"PK\x03\x04" + bytes(100),
    "gif": picture("GIF"),
    "script in a pdf": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
}


@pytest.mark.parametrize("which", REFUSED)
def test_files_that_do_something_come_in_by_no_door(doors: Doors, which: str) -> None:
    file = SimpleUploadedFile("a.jpg", REFUSED[which], content_type="image/jpeg")
    assert doors.page("speak/", stance="for", text="See here.", files=[file]).status_code == 422
    sent = {"name": "a.jpg", "data": base64.b64encode(REFUSED[which]).decode()}
    answer = doors.program("speak", issue_id=doors.issue.pk, stance="for", text="See.", files=[sent])
    assert answer.status_code == 409, answer.content
    assert not Attachment.objects.exists()


def test_nothing_but_pixels_of_a_picture_comes_out(doors: Doors) -> None:
    file = SimpleUploadedFile("a.jpg", picture("JPEG", exif=exif()), content_type="image/jpeg")
    assert doors.page("speak/", stance="for", text="See here.", files=[file]).status_code == 302
    kept = base64.b64decode(str(Attachment.objects.get().file))
    assert b"telephones" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_request_has_its_size(doors: Doors) -> None:
    doors.browser.raise_request_exception = False
    answer = doors.program("speak", issue_id=doors.issue.pk, stance="for", text="x" * 7_000_000)
    assert answer.status_code in (400, 413)
    many = {f"f{number}": "x" for number in range(1_100)}
    assert doors.browser.post(f"{doors.at}/speak/", many).status_code == 400
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(9)]
    assert doors.browser.post(f"{doors.at}/speak/", {"files": files}).status_code == 400
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "where", ["/sign-in/", "/tidewater/archive/bring/", "/api/v1/tidewater/acts/members/apply"]
)
@pytest.mark.parametrize("length", ["22000000000", "9" * 30, "-1"])
def test_nothing_is_read_of_what_would_fill_the_disk(where: str, length: str) -> None:
    kind = "application/json" if "api" in where else "multipart/form-data; boundary=x"
    answer = Client().generic("POST", where, CONTENT_TYPE=kind, CONTENT_LENGTH=length)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "words",
    ["![a](https://evil.example/x.png)", "![a](//evil.example/x)", "![a](data:image/png;base64,AAAA)",
     "![a][b]\n\n[b]: https://evil.example/x.png", "<img src=https://evil.example/x>",
     "<svg onload=alert(1)>", "[x](javascript:alert(1))", "<script>alert(1)</script>"],
)  # fmt: skip
def test_no_picture_and_no_script_from_elsewhere_is_shown(hall: Hall, words: str) -> None:
    shown = str(to_html(words)).lower()
    assert "<img" not in shown
    assert "<script" not in shown
    assert "<svg" not in shown
    assert 'href="javascript' not in shown


@pytest.mark.parametrize(
    "words",
    ["[a]: https://a.example 'The committee may expel.'\n\nWe meet on Sundays.", "[//]: # (The committee may expel.)",
     "[we meet](https://a.example 'The committee may expel.')", "```The committee may expel.\nWe meet.\n```",
     "|a|b|\n|-|-|\n|1|2|The committee may expel.|", "> " * 25 + "The committee may expel.",
     "\n".join("  " * deep + "- a" for deep in range(30)) + "\n" + "  " * 30 + "- The committee may expel."],
)  # fmt: skip
def test_nothing_of_a_text_is_hidden_from_whoever_reads_its_page(words: str) -> None:
    read = re.sub("<[^>]*>", "", str(to_html(words)))
    assert "The committee may expel." in read


@pytest.mark.parametrize(
    "words",
    ["[https://good.example/](https://evil.example/)", "[good.example](https://evil.example/good.example)",
     "[www.good.example](/x)", "[ada@good.example](mailto:eve@evil.example)", "[good.example/pay](//evil.example)",
     "[see **good.exa**mple](https://evil.example)", "[https://good.example](https://good.example@evil.example/)"],
)  # fmt: skip
def test_no_link_says_another_address_than_where_it_leads(words: str) -> None:
    assert "<a " not in str(to_html(words))


@pytest.mark.parametrize(
    "words",
    ["A *b* c_d_ ~~e~~ `f < g` &amp; h\\*", "1. one\n2. two\n\n   > three", "- a\n  - b\n    1) c", "# A\n\nB\n===\n\n---",
     "|a|b|\n|:-|-:|\n|1|2|", "    code", "```\ncode\n```", "<https://a.example/ä?b=c&d=e>", "[Article 12](/tidewater/charter/)",
     "[a.example](https://www.a.example/x)", "[report.pdf](https://a.example/report.pdf)", "[see](https://a.example/%C3%A4)",
     "[ada@a.example](mailto:ada@a.example?subject=x)"],
)  # fmt: skip
def test_what_hides_nothing_is_set_as_markdown(words: str) -> None:
    assert to_html(words) != as_typed(words)


@pytest.mark.parametrize(
    "words", ["|a" * 58 + "|\n" + "|-" * 58 + "|\n" + "|x\n" * 1_900, ("[" * 1_999 + "\n") * 49]
)
def test_no_text_makes_a_page_slow_or_large(words: str) -> None:
    assert len(to_html(words)) < 3 * len(words)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_that_goes_out_is_a_formula(begins: str) -> None:
    problem = Problem(2, "It is so.", cells=(f"{begins}cmd",))
    out = write_problems(Preview((), (problem,), "", "", headings=(f"{begins}name",)))
    cells = [cell for row in csv.reader(io.StringIO(out, newline="")) for cell in row]
    assert f"'{begins}cmd" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    counted = tables.comma_separated([[f"{begins}cmd", "-12.5", "-1/3"]])
    first = " cmd" if begins == "\r" else f"'{begins}cmd"
    assert next(csv.reader(io.StringIO(counted, newline=""))) == [first, "-12.5", "-1/3"]


@pytest.mark.parametrize(
    ("command", "size", "said"),
    [("import-members", 5_000_001, "5 MB"), ("import-issue", 2_000_001, "2 MB"),
     ("import-archive", 50_000_001, "50 MB")],
)  # fmt: skip
def test_a_file_has_its_size_on_the_command_line(
    hall: Hall, tmp_path: Any, command: str, size: int, said: str
) -> None:
    from kollontai.cli import cli

    file = tmp_path / "big"
    with file.open("wb") as out:
        out.truncate(size)
    ran = CliRunner().invoke(cli, [command, "tidewater", str(file)])
    assert said in ran.output
    assert ran.exit_code in (0, 2)
    assert "Traceback" not in ran.output
