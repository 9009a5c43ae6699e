# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai count` and `kollontai budget` as one calls them."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from kollontai.cli import main
from kollontai.cli.count import budget, count
from kollontai.counting.files import blt, own_json
from kollontai.counting.stv import RULES

DATA = Path(__file__).parents[1] / "data" / "counting"
WARD = str(DATA / "stv-scottish" / "edinburgh_2017_ward1.blt")
CITY = str(DATA / "pb" / "Poland_Swiecie_2023.pb")


def run(command: object, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, arguments)  # type: ignore[arg-type]
    return result.exit_code, result.stdout, result.stderr


def test_a_ward_as_json_has_the_promised_shape() -> None:
    status, out, _ = run(count, WARD, "--json")
    told = json.loads(out)
    assert status == 0
    assert told["rule"] == "scottish-stv"
    assert told["quota"] == "2842"
    assert told["elected"] == [2, 4, 9, 10]
    first = told["stages"][0]
    assert first["tallies"]["1"] == "99.00000"
    assert {"non_transferable", "lost_by_truncation", "action", "candidate"} <= set(first)


def test_a_ward_in_words_ends_with_who_is_elected() -> None:
    status, out, _ = run(count, WARD)
    assert status == 0
    assert "Candidate" in out
    assert "Lost by truncation" in out
    assert "is excluded: fewest votes, " in out
    assert "say no more" in out


def test_rules_are_listed_with_their_sources() -> None:
    status, out, _ = run(count, "--rules")
    assert status == 0
    for name, rule in RULES.items():
        assert name in out
        assert rule.source in out
    assert "scottish-stv (default)" in out


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells = 0
        self.pictures = 0
        self.ids: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "rect", "line", "path"):
            self.open.append(tag)
        self.cells += tag == "td"
        self.pictures += tag == "svg"
        assert not any(name == "src" or (value or "").startswith("http") for name, value in attrs)
        assert tag not in ("script", "link")
        assert not any(name == "style" or name.startswith("on") for name, _ in attrs)
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "path", "line"):
            assert self.open.pop() == tag


def test_a_page_stands_alone_and_is_well_formed(tmp_path: Path) -> None:
    for command, file in ((count, WARD), (budget, CITY)):
        status, _, _ = run(command, file, "--html", str(tmp_path / "page.html"))
        assert status == 0
        page = Page()
        page.feed((tmp_path / "page.html").read_text(encoding="utf-8"))
        assert not page.open
        assert page.pictures == (2 if command is count else 1)
        assert len(set(page.ids)) == len(page.ids)
        assert page.cells > 20


def test_tables_come_as_csv_and_markdown() -> None:
    _, out, _ = run(count, WARD, "--csv", "-")
    rows = list(csv.reader(io.StringIO(out)))
    assert len({len(row) for row in rows}) == 1
    assert rows[4][0].startswith("4 Kevin Lang")
    assert rows[4][-1] == "elected (1)"
    _, out, _ = run(count, WARD, "--markdown", "-")
    assert out.startswith("| Candidate | 1. First preferences |")


def test_a_tie_ends_with_status_one_and_names_the_way_out() -> None:
    file = str(DATA / "stv-rules" / "42.blt")
    status, out, err = run(count, file, "--rule", "wigm")
    assert (status, out) == (1, "")
    assert "Pollux, Helen are tied" in err
    assert "--seed" in err
    assert run(count, file, "--rule", "wigm", "--seed", "7 November")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((WARD, "--rule", "dice"), "There is no rule 'dice'"),
        ((str(DATA / "no-such-file.blt"),), "No such file"),
        ((WARD, "--withdraw", "99"), "There is no candidate 99"),
        ((WARD, "--rule", "irv"), "fills one place"),
    ],
)
def test_what_cannot_be_used_ends_with_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    status, out, err = run(count, *arguments)
    assert status != 0
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_limits_and_seats_can_be_given(tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text('{"gender": {"women": {"candidates": [2, 7, 10], "min": 2}}}')
    status, out, _ = run(count, WARD, "--seats", "3", "--constraints", str(limits), "--json")
    assert status == 0
    assert len(set(json.loads(out)["elected"]) & {2, 7, 10}) >= 2
    limits.write_text('{"gender": {"women": {"members": [2]}}}')
    status, _, err = run(count, WARD, "--constraints", str(limits))
    assert status == 1
    assert "is not candidates, min or max" in err


def test_our_own_ballots_file_goes_there_and_back(tmp_path: Path) -> None:
    ballots = blt.read(Path(WARD).read_text())
    file = tmp_path / "ballots.json"
    file.write_text(own_json.write(ballots, reopen=4))
    assert own_json.read(file.read_text()) == (ballots, 4)
    assert blt.read(blt.write(ballots)) == ballots
    status, out, _ = run(count, str(file), "--json")
    assert status == 0
    assert json.loads(out)["elected"] == [2, 4, 9, 10]


def test_a_budget_as_json_has_the_promised_shape() -> None:
    status, out, _ = run(budget, CITY, "--json")
    told = json.loads(out)
    assert status == 0
    assert told["rule"] == "mes-add1"
    assert told["budget"] == "1070000"
    assert told["selected"][0] == "c12"
    assert len(told["rounds"]) == len(told["selected"]) == 17


def test_budget_rules_are_listed() -> None:
    _, out, _ = run(budget, "--rules")
    assert "greedy-no-skip" in out
    assert "mes-add1u" in out


NAMES = b'0\n"A"\n"B"\n"T"\n'
OWN = b'{"format":"kollontai-ballots","version":1,"title":"x","seats":1,"candidates":["A","B"],"ballots":[[%s,[1]]]}'
NASTY: list[tuple[str, bytes, str]] = [
    ("empty.blt", b"", "Line 1, column 1: expected the number of candidates"),
    ("binary.blt", bytes(range(256)) * 8, "byte 129 is not UTF-8"),
    ("utf16.blt", "2 1\n1 1 0\n".encode("utf-16"), "byte 1 is not UTF-8"),
    (
        "long.blt",
        b"2 1\n1 " + b"1 2 " * 2_500_000 + b"0\n" + NAMES,
        "Line 2, column 7: expected each candidate once",
    ),
    ("negative.blt", b"2 1\n3 1 0\n-5 1 0\n" + NAMES, "Line 3, column 1: expected a weight above 0"),
    (
        "huge.blt",
        b"2 1\n" + b"9" * 5000 + b" 1 0\n" + NAMES,
        "Line 2, column 1: expected a number of at most 1000",
    ),
    ("many.blt", b"99999999 1\n1 1 0\n0\n", "expected the name of candidate 1"),
    ("zero.blt", b"2 1\n1 1\x00 0\n" + NAMES, "Line 2, column 3"),
    ("deep.json", b"[" * 100_000, "expected JSON that is not nested without end"),
    ("huge.json", OWN % (b"9" * 5000), "Line 1, column 100: expected a number of at most 1000"),
    ("nan.json", OWN % b"NaN", "Line 1, column 1"),
    ("half.json", OWN.replace(b'"A"', rb'"\ud800"') % b"1", "expected characters of Unicode"),
    ("empty.csv", b"", "Line 1, column 1: expected a header row"),
    (
        "long.csv",
        b'ballot_id,rank,choice\n1,1,"' + b"x" * 200_000 + b'"\n',
        "Line 2, column 1: expected cells",
    ),
    ("many.soi", b"# NUMBER ALTERNATIVES: 99999999999\n1: 1\n", "expected the names of alternatives"),
    (
        "huge.pb",
        b"META\nkey;value\nbudget;" + b"9" * 5000,
        "Line 3, column 8: expected a number of at most 1000",
    ),
    (
        "power.pb",
        b"META\nkey;value\nbudget;1e9999999\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;5\nVOTES\nvoter_id;vote\n1;1\n",
        "Line 3, column 8",
    ),
]


@pytest.mark.parametrize(("name", "content", "says"), NASTY, ids=[name for name, _, _ in NASTY])
def test_a_file_that_is_none_ends_with_status_two_and_one_sentence(
    name: str,
    content: bytes,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / name).write_bytes(content)
    command = ["budget", "--rule", "mes"] if name.endswith(".pb") else ["count", "--seed", "s"]
    monkeypatch.setattr("sys.argv", ["kollontai", *command, str(tmp_path / name)])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert says in told.err
