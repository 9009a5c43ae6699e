# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai count` and `kollontai budget` as one calls them."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from kollontai.cli import main
from kollontai.cli.count import budget, count
from kollontai.counting.book import METHODS
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
    ("zero.blt", b"2 1\n1 1\x00 0\n" + NAMES, "Line 2, column 4: expected text without control characters"),
    ("name.blt", b'2 1\n1 1 0\n0\n"A"\n"B\x00"\n', "Line 5, column 3: expected text without control"),
    ("name.csv", b"rank1,rank2\nAda,Ben\nAd\x00a,Ben\n", "Line 3, column 3: expected text without control"),
    ("name.json", OWN.replace(b'"A"', rb'"A\u0000"') % b"1", "expected names without control characters"),
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


# --- rules that are no ranked count in stages ---

ROUND = (  # rock, paper and scissors: 4, 3 and 2 ballots, and nobody beats everybody
    '3 1\n4 1 2 3 0\n3 2 3 1 0\n2 3 1 2 0\n0\n"Ada"\n"Ben"\n"Cleo"\n"Round"\n'
)
RATED = "Ada,Ben,Cleo,weight\n5,3,0,2\n0,4,5,1\n4,5,1,3\n"
MARKED = "Ada,Ben,Cleo,Dina\n1,1,0,0\n1,0,1,0\n1,1,0,0\n0,0,0,1\n,,,1\n"
APPROVALS = "profile: [[0,1],[0,2],[0,1],[3],[3]]\nnum_cand: 4\ncommitteesize: 2\n"
CATEGORIES = (
    "# TITLE: Five say yes\n# NUMBER ALTERNATIVES: 4\n# NUMBER VOTERS: 5\n# NUMBER CATEGORIES: 2\n"
    "# CATEGORY NAME 1: Yes\n# CATEGORY NAME 2: No\n"
    + "".join(
        f"# ALTERNATIVE NAME {at}: {name}\n" for at, name in enumerate(["Ada", "Ben", "Cleo", "Dina"], 1)
    )
    + "2: {1,2},{3,4}\n1: {1,3},{2,4}\n2: 4,{1,2,3}\n"
)
TOC = (
    "# DATA TYPE: toc\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 9\n"
    "# ALTERNATIVE NAME 1: Ada\n# ALTERNATIVE NAME 2: Ben\n# ALTERNATIVE NAME 3: Cleo\n"
    "4: 1,2,3\n3: 2,3,1\n2: {1,3},2\n"
)
BY_RULE: list[tuple[str, str, str, tuple[str, ...], list[str]]] = [
    ("schulze", "round.blt", ROUND, (), ["Ada"]),
    ("ranked-pairs", "round.blt", ROUND, (), ["Ada"]),
    ("tideman", "round.blt", ROUND, (), ["Ada"]),
    ("minimax", "round.blt", ROUND, (), ["Ada"]),
    ("schulze", "equal.toc", TOC, (), ["Ada"]),
    ("approval", "marked.csv", MARKED, (), ["Ada"]),
    ("approval", "five.cat", CATEGORIES, (), ["Ada"]),
    ("approval", "five.abc.yaml", APPROVALS, (), ["0"]),
    ("score", "rated.csv", RATED, (), ["Ben"]),
    ("star", "rated.csv", RATED, (), ["Ben"]),
    ("majority-judgment", "rated.csv", RATED, (), ["Ben"]),
    ("majority-judgment", "words.csv", "Ada,Ben\ngood,fair\nfair,poor\n", ("--grades", "poor,fair,good"), ["Ada"]),
    ("av", "five.abc.yaml", APPROVALS, ("--seats", "1"), ["0"]),
    ("sav", "five.abc.yaml", APPROVALS, (), ["3", "0"]),
    ("seq-pav", "five.abc.yaml", APPROVALS, (), ["0", "3"]),
    ("seq-phragmen", "five.cat", CATEGORIES, ("--seats", "2"), ["Ada", "Dina"]),
    ("mes", "marked.csv", MARKED, ("--seats", "2"), ["Ada", "Dina"]),
    ("mes-without-completion", "five.abc.yaml", APPROVALS, (), ["0"]),
]  # fmt: skip


def chosen_in(told: dict[str, object]) -> object:
    return told["names"] if told["kind"] == "committee" else told["winners"]


@pytest.mark.parametrize(
    ("rule", "name", "content", "more", "chosen"), BY_RULE, ids=[f"{one[0]}-{one[1]}" for one in BY_RULE]
)
def test_every_rule_gives_words_json_markdown_csv_and_a_page(
    rule: str, name: str, content: str, more: tuple[str, ...], chosen: list[str], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(content)
    status, out, err = run(count, str(file), "--rule", rule, *more, "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert chosen_in(told) == chosen
    status, words, _ = run(count, str(file), "--rule", rule, *more)
    said, table = words.rsplit("\n\n", 1)
    assert said.startswith(f"{told['ballots']} ballots were counted.\n")
    assert len(said.splitlines()) >= 3  # at least one sentence for what was done
    assert len(table.splitlines()) == 1 + len(told.get("candidates") or told["options"])
    _, out, _ = run(count, str(file), "--rule", rule, *more, "--markdown", "-")
    assert out.startswith("| ")
    _, out, _ = run(count, str(file), "--rule", rule, *more, "--csv", "-")
    assert len({len(row) for row in csv.reader(io.StringIO(out))}) == 1
    assert run(count, str(file), "--rule", rule, *more, "--html", str(tmp_path / "page.html"))[0] == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert not page.open
    assert page.pictures >= 1
    for sentence in said.splitlines():
        assert escape(sentence) in text


def test_paths_of_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "round.blt").write_text(ROUND)
    _, out, _ = run(count, str(tmp_path / "round.blt"), "--rule", "schulze")
    assert "Nobody beats everybody; Ada, Ben, Cleo beat all others." in out
    assert "Ada over Ben over Cleo has strength 6; back, Cleo over Ada has strength 5." in out


def test_a_status_quo_majority_and_quorum_are_asked_of_each_option(tmp_path: Path) -> None:
    file = tmp_path / "round.blt"
    file.write_text(ROUND)
    told = [
        json.loads(run(count, str(file), "--rule", "schulze", "--status-quo", "3", *more, "--json")[1])
        for more in ((), ("--majority", "3/4"), ("--majority", "7/9", "--quorum", "8"))
    ]
    # Ada and Ben beat Cleo by 4 to 5 and 7 to 2.
    assert [[gone["option"] for gone in one["dropped"]] for one in told] == [["Ada"], ["Ada"], ["Ada", "Ben"]]
    assert [one["winner"] for one in told] == ["Ben", "Ben", "Cleo"]
    assert told[2]["dropped"][1]["reason"] == "quorum"


@pytest.mark.parametrize("rule", ["schulze", "ranked-pairs", "minimax", "majority-judgment"])
def test_a_tie_that_nobody_decided_is_told_and_ends_with_status_one(rule: str, tmp_path: Path) -> None:
    file = tmp_path / ("level.csv" if rule == "majority-judgment" else "level.blt")
    file.write_text(
        "Ada,Ben\n3,3\n" if file.suffix == ".csv" else '2 1\n1 1 2 0\n1 2 1 0\n0\n"Ada"\n"Ben"\n"T"\n'
    )
    status, out, err = run(count, str(file), "--rule", rule)
    assert status == 1
    assert "Ada, Ben are tied." in out
    assert "--seed" in err
    if rule != "majority-judgment":
        status, out, _ = run(count, str(file), "--rule", rule, "--seed", "3 May")
        assert status == 0
        assert "the published lot decides for" in out


def test_who_withdrew_takes_no_part_in_pairs_and_equal_names_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "gone.blt"
    file.write_text(ROUND.replace("3 1\n", "3 1\n-1\n", 1).replace("Cleo", "Ben"))
    told = json.loads(run(count, str(file), "--rule", "minimax", "--json")[1])
    assert told["options"] == ["Ben (2)", "Ben (3)"]
    assert told["matrix"] == [[0, 7], [2, 0]]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "says"),
    [
        ("five.abc.yaml", APPROVALS, (), "scottish-stv counts rankings. The file holds approvals; approval, av"),
        ("five.abc.yaml", APPROVALS, ("--rule", "star"), "star counts ratings. The file holds approvals"),
        ("five.cat", CATEGORIES, ("--rule", "av"), "does not say how many are chosen: --seats N does."),
        ("round.blt", ROUND, ("--rule", "av"), "av counts approvals or ratings. The file holds rankings"),
        ("round.blt", ROUND, ("--rule", "star"), "star counts ratings. The file holds rankings"),
        ("round.blt", ROUND, ("--rule", "schulze", "--seats", "2"), "schulze fills one place, not 2."),
        ("round.blt", ROUND, ("--rule", "schulze", "--majority", "2/3"), "--majority means nothing to schulze with"),
        ("round.blt", ROUND, ("--rule", "schulze", "--status-quo", "9"), "There is no candidate 9"),
        ("round.blt", ROUND, ("--rule", "minimax", "--status-quo", "1"), "--status-quo means nothing to minimax"),
        ("round.blt", ROUND, ("--quorum", "3"), "--quorum means nothing to scottish-stv"),
        ("round.blt", ROUND, ("--rule", "pav"), "seq-pav fills one place after the other"),
        ("rated.csv", RATED, ("--rule", "irv"), "irv counts rankings. The file holds ratings"),
        ("rated.csv", RATED, ("--rule", "av"), "Line 2, column 1: expected a score from 0 to 1, but found '5'"),
        ("rated.csv", RATED, ("--rule", "majority-judgment", "--seats", "2"), "fills one place, not 2"),
        ("city.pb", "META\n", (), "is a budget: `kollontai budget"),
        ("bad.csv", "Ada,Ben\ngood,\n", ("--rule", "majority-judgment", "--grades", "bad,fine"), "one of bad, fine"),
        ("bad.csv", "Ada,weight\n1,none\n", ("--rule", "score"), "Line 2, column 2: expected a weight of 1 or more"),
        ("round.blt", ROUND, ("--rule", "schulze", "--status-quo", "1", "--majority", "7"), "a share like 2/3"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_the_file_is_told_in_one_sentence(
    name: str, content: str, arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    status, out, err = run(count, str(tmp_path / name), *arguments)
    assert status != 0
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1


def test_all_rules_are_listed_with_their_sources_and_other_names() -> None:
    _, out, _ = run(count, "--rules")
    for method in METHODS.values():
        assert f"\n{method.name}" in out
        assert f"    {method.source}.\n" in out
        assert all(name in out for name in method.also)


# --- odd files that are right ---

ODD = '3 2\n3 1 2 0\n2 2 3 0\n1 3 0\n0\n"Ada"\n"Ben"\n"Cleo"\n"T"\n'
LEGAL: list[tuple[str, bytes, list[int]]] = [
    ("crlf", ODD.replace("\n", "\r\n").encode(), [1, 2]),
    ("mark", b"\xef\xbb\xbf" + ODD.encode(), [1, 2]),
    ("no-last-line-feed", ODD.rstrip().encode(), [1, 2]),
    ("no-title", ODD.replace('"T"\n', "").encode(), [1, 2]),
    ("comments", ODD.replace("3 2\n", "# made\n3 2 # three for two\n").replace("Cleo", "Cl#eo").encode(), [1, 2]),
    ("weights", ODD.replace("2 2 3", "200 2 3").encode(), [2, 3]),
    ("withdrawn", ODD.replace("3 2\n", "3 2\n-2\n", 1).encode(), [1, 3]),
    ("blank-ballots", ODD.replace("1 3 0\n", "1 3 0\n4 0\n").encode(), [1, 2]),
    ("as-many-as-seats", ODD.replace("3 2\n", "3 3\n", 1).encode(), [1, 2, 3]),
    ("more-seats", ODD.replace("3 2\n", "3 4\n", 1).encode(), [1, 2, 3]),
    ("one-candidate", b'1 1\n3 1 0\n0\n"Ada"\n"T"\n', [1]),
    ("nobody-voted", b'1 1\n0\n"Ada"\n"T"\n', [1]),
    ("all-but-one-withdrew", ODD.replace("3 2\n", "3 2\n-1 -2\n", 1).encode(), [3]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "elected"), LEGAL, ids=[one[0] for one in LEGAL])
def test_an_odd_file_that_is_right_is_counted(
    name: str, content: bytes, elected: list[int], tmp_path: Path
) -> None:
    (tmp_path / "odd.blt").write_bytes(content)
    for rule in ("scottish-stv", "meek-prf", "ers97"):
        status, out, err = run(count, str(tmp_path / "odd.blt"), "--rule", rule, "--seed", "s", "--json")
        assert (status, err) == (0, "")
        assert sorted(json.loads(out)["elected"]) == elected


def test_three_hundred_candidates_are_counted(tmp_path: Path) -> None:
    lines = "".join(f"{at % 7 + 1} {at + 1} {(at * 7) % 300 + 1} 0\n" for at in range(300) if at * 6 % 300)
    names = "".join(f'"N{at}"\n' for at in range(300))
    (tmp_path / "many.blt").write_text(f'300 20\n{lines}0\n{names}"T"\n')
    status, out, _ = run(count, str(tmp_path / "many.blt"), "--seed", "s", "--json")
    assert status == 0
    assert len(json.loads(out)["elected"]) == 20


def test_equal_ranks_are_refused_by_a_rule_that_has_none_and_counted_by_pairs(tmp_path: Path) -> None:
    (tmp_path / "equal.blt").write_text(ODD.replace("3 1 2 0", "3 1=2 3 0"))
    status, _, err = run(count, str(tmp_path / "equal.blt"))
    assert status == 1
    assert "does not count equal ranks" in err
    told = json.loads(run(count, str(tmp_path / "equal.blt"), "--rule", "minimax", "--json")[1])
    assert told["matrix"] == [[0, 0, 3], [2, 0, 5], [3, 1, 0]]
