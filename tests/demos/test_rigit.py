# SPDX-License-Identifier: AGPL-3.0-or-later
"""The eight temptations on a real copy, in real processes: each fails, or the auditor names the line."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kollontai.demos.rigit import copies
from kollontai.demos.rigit.temptations import TEMPTATIONS, by_act
from kollontai.web.pages import rigit as pages
from tests import shared, typist
from tests.web.test_pages import is_well_set

pytestmark = [pytest.mark.faults, pytest.mark.any_database]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the evening built in it, once."""
    from django.conf import settings

    def build(place: Path) -> None:
        before, settings.HOME = settings.HOME, place
        try:
            copies.build()
        finally:
            settings.HOME = before

    own = tmp_path_factory.mktemp("rigit")
    return Path(shutil.copytree(shared.folder("evening", build), own, dirs_exist_ok=True))


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of their own, and none of them has to import everything first (the journeys do it the plain way)."""

    def beside(command: str, wanted: str, environment: dict[str, str]) -> typist.Ran:
        return typist.typed(
            command, environment=environment, patience=copies.PATIENCE,
            module="kollontai.demos.rigit.inside", given=wanted,
        )  # fmt: skip

    monkeypatch.setattr(copies, "_beside", beside)


@pytest.fixture
def copy(home: Path, settings: Any) -> Iterator[copies.Copy]:
    """A visitor's copy of it."""
    settings.HOME = home
    made = copies.begin()
    assert made.ready
    yield made
    copies.end(made)


def tried(copy: copies.Copy, which: str, words: str = "") -> list[dict[str, Any]]:
    """What came back when a temptation was yielded to: of each attempt, what is not empty."""
    answer = copies.do(copy, "try", {"which": which, "words": words})
    return [{name: value for name, value in one.items() if value} for one in answer["attempts"]]


def came(attempts: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """How each attempt ended: refused by which rule, of which article."""
    return [(one["came"], one.get("code", ""), one.get("article", 0)) for one in attempts]


def state(copy: copies.Copy) -> list[tuple[Any, ...]]:
    """Everything that temptations are after, as the rows have it."""
    asked = (
        "SELECT id, stage, outcome, stage_ends_at FROM deliberation_issue",
        "SELECT id, state, outcome, closes_at, roll_count FROM voting_poll",
        "SELECT poll_id, member_id FROM voting_voter",
        "SELECT contribution_id, version, value FROM deliberation_contributionversion JOIN record_content c ON c.id = text_id",
        "SELECT id, post_id, member_id, how, ends_at, ended_at FROM bodies_term",
        "SELECT alias, withdrawn_at FROM petitions_signature",
        "SELECT poll_id, voter_id FROM voting_openballot",
    )
    with closing(sqlite3.connect(copy.folder / "home/kollontai.sqlite3")) as rows:
        return [row for sql in asked for row in sorted(rows.execute(sql).fetchall(), key=repr)]


# --- Six that the rules refuse -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "ends"),
    [
        ("speak", [("refused", "leaders-after-members", 2)]),
        ("close", [("nothing", "", 0)]),
        ("roll", [("allowed", "", 0), ("refused", "not-on-the-roll", 12)]),
        ("critic", [("refused", "not-your-words", 7), ("refused", "not-your-words", 7)]),
        ("friend", [("refused", "not-next-in-line", 1)]),
        ("term", [("refused", "limit-at-its-ceiling", 12)]),
    ],
)
def test_each_is_refused_by_its_rule_and_nothing_is_changed(
    copy: copies.Copy, which: str, ends: list[tuple[str, str, int]]
) -> None:
    before = state(copy)
    attempts = tried(copy, which, "A word of mine")
    assert came(attempts) == ends
    assert state(copy) == before
    for one in attempts:
        assert len(one["sentence"]) > 15
        assert one["sentence"].endswith((".", "!"))
    if which in ("speak", "close"):
        assert "20:00" in attempts[0]["sentence"], "the moment that lifts it"


def test_six_are_tried_here() -> None:
    assert set(TEMPTATIONS) == {one.key for one in pages.TEMPTATIONS} - {"shell", "record"}


def test_what_a_rule_lets_through_would_be_said_loudly() -> None:
    def perform() -> Any:
        """An act that nobody refuses."""

    assert by_act("It", perform).came == "through"


def test_a_friend_may_come_in_twice_and_never_votes_tonight(copy: copies.Copy) -> None:
    for name in ("A cousin", "Another cousin"):
        welcome, refused = tried(copy, "roll", name)
        assert name in welcome["sentence"]
        assert refused["code"] == "not-on-the-roll"


# --- The database ------------------------------------------------------------------------------------

FOUND = {
    "result": r"The row \w+ of issues says outcome is carried; the record says not-carried\.",
    "count": r"The row \w+ of polls says outcome is yes; the record says no\.",
    "critic": r"A content is not what was committed to\.",
    "signature": r"The claim lacks the row of signatures that this entry made .*",
    "friend": r"A row of terms \(\w+\) stands behind no entry: an act nobody recorded\.",
    "term": r"The row \w+ of terms says ends_at is .*; the record says .*",
    "roll": r"\w+ is on the frozen roll of \w+, but has no row\.",
}


def test_every_statement_that_lies_ready_has_words_and_a_finding(copy: copies.Copy) -> None:
    assert set(copy.desk["edits"]) == set(pages.EDITS) == set(FOUND)


@pytest.mark.parametrize("which", FOUND)
def test_each_statement_succeeds_and_the_auditor_names_the_line(copy: copies.Copy, which: str) -> None:
    answer = copies.do(copy, "sql", {"statement": copy.desk["edits"][which]})
    assert answer["changed"] == 1
    audit = answer["audit"]
    assert (audit["ok"], audit["unfinished"]) == (False, [])
    [found] = audit["findings"]
    assert re.fullmatch(FOUND[which], found["sentence"])
    assert found["check"] in ("state_matches", "content_opens")
    assert found["row"]


def test_a_row_that_decides_nothing_is_nothing_to_the_auditor(copy: copies.Copy) -> None:
    answer = copies.do(copy, "sql", {"statement": "UPDATE django_migrations SET app = app WHERE id = 1"})
    assert answer["changed"] == 1
    assert answer["audit"]["ok"]
    assert answer["audit"]["asked"] > 50


def test_looking_asks_no_auditor(copy: copies.Copy) -> None:
    answer = copies.do(copy, "sql", {"statement": "SELECT id FROM bodies_term"})
    assert answer["rows"]
    assert "audit" not in answer


def test_a_copy_that_is_broken_says_so(copy: copies.Copy) -> None:
    answer = copies.do(copy, "sql", {"statement": "DELETE FROM record_head"})
    assert "DoesNotExist" in answer["audit"]["broken"]
    assert "broken" in copies.do(copy, "seat", {})


def test_what_the_shell_refuses_changes_nothing(copy: copies.Copy) -> None:
    before = state(copy)
    assert copies.do(copy, "sql", {"statement": "DROP TABLE bodies_term"})["why"] == "only-rows"
    assert copies.do(copy, "sql", {"statement": "ATTACH '../house/home/kollontai.sqlite3' AS h"})["why"] == (
        "only-rows"
    )
    assert state(copy) == before


# --- The record --------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["critic", "signature"])
def test_a_history_that_is_told_anew_holds_alone_and_falls_beside_an_older_copy(
    copy: copies.Copy, which: str
) -> None:
    answer = copies.do(copy, "rewrite", {"which": which}, anew=True)
    assert "This database is an older copy. Nothing is signed" in answer["refused"]
    assert answer["alone"]["ok"], answer["alone"]
    assert answer["alone"]["asked"] > 50
    [found] = answer["beside"]["findings"]
    assert (found["check"], found["article"]) == ("history_kept", 14)
    parting = answer["parting"]
    assert parting["old"]["root"] != parting["new"]["root"]
    assert parting["old"]["words"] != parting["new"]["words"]
    assert parting["old"]["size"] == parting["new"]["size"] + 1
    assert found["entry"] == parting["first"]


# --- The other seat ----------------------------------------------------------------------------------


def test_whoever_signed_finds_everything_as_long_as_nobody_cheated(copy: copies.Copy) -> None:
    tried(copy, "roll")
    seen = copies.do(copy, "seat", {})
    assert seen["signature"]["found"]
    assert seen["receipt"] == {**seen["receipt"], "stands": True, "entry": seen["signature"]["entry"]}
    assert (seen["ballot"]["found"], seen["ballot"]["same"]) == (1, True)
    assert seen["ballot"]["says"] == json.loads((copy.folder / "pocket/pocket.json").read_text())["ranking"]
    assert seen["audit"]["ok"], seen["audit"]
    assert seen["parting"]["first"] is None
    assert seen["parting"]["new"]["size"] > seen["parting"]["old"]["size"], "what was allowed stands on it"


def test_whoever_signed_sees_that_her_signature_is_gone_and_can_show_it(copy: copies.Copy) -> None:
    entry = json.loads((copy.folder / "pocket/pocket.json").read_text())["entry"]
    copies.do(copy, "rewrite", {"which": "signature"}, anew=True)
    seen = copies.do(copy, "seat", {})
    assert not seen["signature"]["found"]
    assert (seen["receipt"]["stands"], seen["receipt"]["entry"]) == (False, entry)
    assert [one["check"] for one in seen["audit"]["findings"]] == ["history_kept"]
    assert seen["parting"]["first"] == entry


def test_a_row_edited_in_the_office_is_found_at_the_kitchen_table(copy: copies.Copy) -> None:
    copies.do(copy, "sql", {"statement": copy.desk["edits"]["term"]})
    seen = copies.do(copy, "seat", {})
    assert [one["check"] for one in seen["audit"]["findings"]] == ["state_matches"]
    assert seen["receipt"]["stands"]


# --- The pages ---------------------------------------------------------------------------------------


@pytest.fixture
def visitor(db: None, home: Path, settings: Any) -> Iterator[Client]:
    """A browser that has sat down at the desk."""
    settings.HOME, settings.DEMO = home, True
    client = Client()
    assert client.post(reverse("rig-it-begin")).status_code == 302
    yield client
    made = copies.find(client.session["rig_it"])
    assert made is not None
    copies.end(made)


def does(visitor: Client, address: str, words: str = "") -> str:
    """Press a button, wait until it is done, and read the page."""
    answer = visitor.post(address, {"words": words})
    assert answer.headers["Location"] == f"{address}#came"
    while "A moment" in (told := page(visitor.get(address))):
        time.sleep(0.3)
    return told


def page(answer: Any) -> str:
    """The text of a page, and that it is well made."""
    assert answer.status_code == 200
    text = answer.content.decode()
    is_well_set(text)
    return text


def test_every_page_shows_itself_before_and_after(visitor: Client) -> None:
    assert "You are the General Secretary" in page(visitor.get(reverse("rig-it")))
    for one in pages.TEMPTATIONS:
        at = reverse("rig-it-one", args=[one.key])
        assert "What came back" not in page(visitor.get(at))
        words = {"shell": "SELECT 1 AS one", "record": "signature"}.get(one.key, "A <b>word</b>")
        told = does(visitor, at, words)
        assert "What came back" in told
        assert "it should not" not in told
        assert "<b>word</b>" not in told
    assert page(visitor.get(reverse("rig-it"))).count("tried</span>") == len(pages.TEMPTATIONS)
    assert "one of them is in your hand" in does(visitor, reverse("rig-it-seat"))


@pytest.mark.parametrize("which", pages.ADDRESSES)
def test_where_a_power_would_be_the_server_answers_that_there_is_nothing(visitor: Client, which: str) -> None:
    made = copies.find(visitor.session["rig_it"])
    assert made is not None
    knocks = pages.knocks(which, made.desk)
    assert len(knocks) == 2
    for knock in knocks:
        assert not knock.there
        for post in (visitor.post, visitor.put):
            assert post(knock.address, "{}", content_type="application/json").status_code == 404


def test_an_address_that_leads_somewhere_would_be_said_so(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pages.ADDRESSES, "close", ("votes/%(poll_id)s/cast/", "voting/cast_ballot"))  # type: ignore[misc]
    made = copies.find(visitor.session["rig_it"])
    assert made is not None
    assert all(knock.there for knock in pages.knocks("close", made.desk))


def test_a_prepared_statement_is_laid_into_the_field(visitor: Client) -> None:
    shown = page(visitor.get(reverse("rig-it-one", args=["shell"]), {"take": "friend"}))
    assert "INSERT INTO bodies_term" in shown


def test_a_fresh_copy_is_taken_and_the_evening_begins_again(visitor: Client) -> None:
    shell = reverse("rig-it-one", args=["shell"])
    made = copies.find(visitor.session["rig_it"])
    assert made is not None
    before = state(made)
    does(visitor, shell, made.desk["edits"]["term"])
    assert state(made) != before
    visitor.post(reverse("rig-it-again"), {"only": "copy"})
    assert state(made) == before
    assert "What came back" in page(visitor.get(shell))
    visitor.post(reverse("rig-it-again"))
    assert "What came back" not in page(visitor.get(shell))


def test_whoever_waits_is_told_when_it_is_done(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(copies, "_process", lambda *_: gate.wait(60) and {"attempts": []})
    at = reverse("rig-it-one", args=["speak"])
    visitor.post(at, {"words": "x"})
    assert "A moment" in page(visitor.get(at))
    asked = visitor.get(at, headers={"HX-Request": "true"})
    assert (asked.status_code, "HX-Redirect" in asked.headers) == (204, False)
    assert "Press again in a few seconds" in page(visitor.post(reverse("rig-it-again"), follow=True))
    gate.set()
    while (
        "HX-Redirect" not in (asked := visitor.get(at, {"look": "1"}, headers={"HX-Request": "true"})).headers
    ):
        time.sleep(0.02)
    assert asked["HX-Redirect"] == f"{at}?look=2#came"
    assert "What came back" in page(visitor.get(asked["HX-Redirect"]))


@pytest.mark.parametrize(
    ("look", "leads_to"), [("", "1"), ("7", "8"), ("x", "1"), ("99999", "1"), ("²", "1")]
)
def test_each_look_has_an_address_of_its_own_whatever_is_typed(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, look: str, leads_to: str
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(copies, "_process", lambda *_: gate.wait(60) and {"attempts": []})
    at = reverse("rig-it-one", args=["speak"])
    visitor.post(at, {"words": "x"})
    assert f'href="{at}?look={leads_to}#came"' in page(visitor.get(at, {"look": look}))
    gate.set()


def test_what_broke_is_said_kindly(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise copies.Stopped("…")

    monkeypatch.setattr(copies, "_process", broken)
    for address in (reverse("rig-it-one", args=["shell"]), reverse("rig-it-seat")):
        assert "A fresh copy helps." in does(visitor, address, "SELECT 1")


def test_a_copy_belongs_to_one_browser(visitor: Client) -> None:
    other = Client()
    for name in ("rig-it-one", "rig-it-seat"):
        args = ["shell"] if name == "rig-it-one" else []
        assert other.get(reverse(name, args=args)).headers["Location"] == reverse("rig-it")
        assert other.post(reverse(name, args=args), {"words": "SELECT 1"}).headers["Location"] == reverse(
            "rig-it"
        )
    assert "Sit down at the desk" in page(other.get(reverse("rig-it")))


def test_a_copy_that_was_swept_is_begun_again(visitor: Client) -> None:
    made = copies.find(visitor.session["rig_it"])
    assert made is not None
    copies.end(made)
    assert visitor.get(reverse("rig-it-seat")).headers["Location"] == reverse("rig-it")
    visitor.post(reverse("rig-it-begin"))
    assert "Eight temptations" in page(visitor.get(reverse("rig-it")))


def test_somebody_who_comes_when_all_desks_are_taken_is_told_so(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MOST", 1)
    other = Client()
    assert "All desks are taken" in page(other.post(reverse("rig-it-begin"), follow=True))


def test_no_other_temptation_is_there(visitor: Client) -> None:
    assert visitor.get(reverse("rig-it-one", args=["jury"])).status_code == 404


def test_a_real_house_has_no_such_page(db: None, settings: Any) -> None:
    settings.DEMO = False
    for name, args in (("rig-it", []), ("rig-it-seat", []), ("rig-it-one", ["speak"])):
        assert Client().get(reverse(name, args=args)).status_code == 404
    for name in ("rig-it-begin", "rig-it-again", "rig-it-seat"):
        assert Client().post(reverse(name)).status_code == 404
