# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper of an issue as a PDF file: everything on it, members' words as words, nothing else read."""

from __future__ import annotations

import json
import re
import zlib

import pytest

from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.web.pages import paper
from tests.web.hall import Hall
from tests.web.test_amendments import FIVE, moved, place

pytestmark = pytest.mark.django_db

EVIL = '#import "/etc/passwd": * #panic() $x$ *bold* _em_ \\ @ref <label> `raw` #sys.inputs "quoted" [x] //'


@pytest.fixture
def issue(hall: Hall):
    """An issue in talk, with a draft of five lines."""
    issue = hall.at_talk()
    draft = issue.drafts.get()
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text=FIVE)
    return issue


def got(hall, who: str, issue) -> bytes:
    response = hall.enter(who).get(place(issue, "paper.pdf"))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert "issue-" in response["Content-Disposition"]
    return bytes(response.content)


def test_a_member_takes_the_paper_home_and_a_stranger_does_not(hall, issue, client):
    moved(hall, "ben", issue, 2, "Two for each.", "cleo")
    made = got(hall, "finn", issue)
    assert made.startswith(b"%PDF-")
    assert b"StructTreeRoot" in _unpacked(made)  # tagged, to be read aloud
    assert client.get(place(issue, "paper.pdf")).status_code in (302, 403)


def test_every_draft_amendment_and_alternative_is_on_it(hall, issue, monkeypatch):
    seen = []
    monkeypatch.setattr(paper, "typeset", lambda data: seen.append(data) or b"%PDF-")
    moved(hall, "ben", issue, 2, "Two for each.", "cleo", "dai")
    issue = hall.move_on(issue, "vote")
    got(hall, "finn", issue)
    (data,) = seen
    (draft,) = data["drafts"]
    (amendment,) = draft["amendments"]
    assert amendment["heading"].startswith("Amendment 1: ")
    assert "3 supporters" in amendment["meta"]
    assert [piece["text"] for line in amendment["lines"] for piece in line["pieces"] if piece["sign"] == "+"]
    (alternative,) = draft["alternatives"]
    assert alternative["heading"] == "On the ballot: A with amendment 1"
    assert (2, "Two for each.") in [(line["number"], line["text"]) for line in alternative["lines"]]
    assert "Two for each." not in [line["text"] for line in draft["lines"]]


def test_what_members_write_is_never_read_as_markup(hall, issue):
    draft = issue.drafts.get()
    revise_draft(
        hall.world.actor("ada"),
        draft_id=draft.pk,
        title=EVIL[:100],
        text=f"{EVIL}\nŽluť, ¿qué?, Привет, Ψ, ß",
    )
    assert got(hall, "finn", issue).startswith(b"%PDF-")


def test_too_much_for_one_file_leads_to_the_page_that_prints(hall, issue, monkeypatch):
    monkeypatch.setattr(paper, "LONGEST", 10)
    response = hall.enter("finn").get(place(issue, "paper.pdf"), follow=True)
    assert response.redirect_chain[-1][0].endswith("/print/")
    assert "too much on this issue" in response.content.decode()


def test_a_sign_in_no_typeface_leads_to_the_page_that_prints(hall, issue):
    draft = issue.drafts.get()
    revise_draft(
        hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text="\U0001ffff\ue000 A kettle."
    )
    response = hall.enter("finn").get(place(issue, "paper.pdf"), follow=True)
    assert response.redirect_chain[-1][0].endswith("/print/")
    assert "in no typeface" in response.content.decode()


def test_it_is_made_once_while_nothing_happens(hall, issue, monkeypatch):
    made = []
    real = paper.typeset
    monkeypatch.setattr(paper, "typeset", lambda data: made.append(json.dumps(data)) or real(data))
    assert got(hall, "finn", issue) == got(hall, "finn", issue)
    assert len(made) == 1
    moved(hall, "ben", issue, 2, "Two for each.")
    got(hall, "finn", issue)
    assert len(made) == 2
    assert "Two for each." in made[1]


def _unpacked(made: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL)
    found = [made]
    for stream in streams:
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"".join(found)
