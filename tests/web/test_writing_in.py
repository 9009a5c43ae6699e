# SPDX-License-Identifier: AGPL-3.0-or-later
"""Written in by a neighbour, through the pages: named, written in, printed, undone."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from kollontai.chapters.accounts import tries
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.acts.write_in_support import write_in_support
from kollontai.chapters.writing_in.acts.write_in_words import write_in_words
from kollontai.chapters.writing_in.models import Naming, WriteIn
from tests.web.hall import Hall, form_key
from tests.web.test_letters import code_on
from tests.web.test_pages import is_well_set
from tests.writing_in.street import move_in_without_mail

HOUSE = "/tidewater/"


@pytest.fixture
def hall(hall: Hall) -> Hall:
    """The hall, with rosa, who has no mail address."""
    move_in_without_mail(hall.world, ("rosa",))
    return hall


def come_in(hall: Hall) -> Client:
    """Rosa's browser: she came in by a letter."""
    code = ""
    for name in ("cleo", "dai"):
        code = vouch_for_code_letter(hall.world.actor(name), member_id=hall.world.people["rosa"]).value.code
    browser = Client()
    assert browser.post("/sign-in/letter/", {"code": code}).status_code == 302
    return browser


def named(hall: Hall, writer: str = "ben") -> Naming:
    naming: Naming = name_writer(hall.world.actor("rosa"), writer_id=hall.world.people[writer]).value
    return naming


def set_well(browser: Client, address: str) -> str:
    """A page as it stands, well set."""
    cache.clear()
    answer = browser.get(address)
    assert answer.status_code == 200, address
    page: str = answer.content.decode()
    is_well_set(page)
    return page


def test_named_on_a_page_a_neighbour_writes_in_words_and_a_slip_undoes_them(hall: Hall) -> None:
    rosa, ben = come_in(hall), hall.enter("ben")
    at_ben = f"{HOUSE}members/{hall.world.people['ben']}/"
    assert "Let them write in for me" in set_well(rosa, at_ben)
    assert "Let them write in for me" not in set_well(hall.enter("cleo"), at_ben)
    assert "They never vote for you" in set_well(rosa, f"{at_ben}write-for-me/")
    assert rosa.post(f"{at_ben}write-for-me/").status_code == 302
    mine = set_well(rosa, f"{HOUSE}mine/")
    assert "Who may write in for me" in mine
    assert "For whom I may write in" in set_well(ben, f"{HOUSE}mine/")

    issue = hall.at_talk()
    at = f"{HOUSE}issues/{issue.number}/"
    assert "Write in words" in set_well(ben, at)
    assert "Write in words" not in set_well(hall.enter("cleo"), at)
    form = set_well(ben, f"{at}write-in/words/")
    given = {
        "form_key": form_key(form), "member_id": hall.world.people["rosa"], "stance": "for", "text": "It is **cold**.",
    }  # fmt: skip
    answer = ben.post(f"{at}write-in/words/", given)
    page = answer.content.decode()
    is_well_set(page)
    assert "no-store" in answer["Cache-Control"]
    code, made = code_on(page), WriteIn.objects.get()
    assert ben.post(f"{at}write-in/words/", given).status_code == 302  # sent twice, it stands once
    assert WriteIn.objects.count() == 1

    slip = {"code": code, "write_in": made.pk, "addresses": "Rosa\nDock Street 4"}
    printed = ben.post(f"{HOUSE}slip/slip.pdf", slip)
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")
    assert hall.enter("cleo").post(f"{HOUSE}slip/slip.pdf", slip).status_code == 404

    talk = set_well(hall.enter("cleo"), at)
    assert "Written in by Ben" in talk
    assert "not theirs" not in talk
    stranger = Client()
    assert "Undo what is on a slip" in set_well(stranger, f"{HOUSE}slip/")
    wrong = stranger.post(f"{HOUSE}slip/", {"code": "AAAA AAAA AAAA"})
    assert wrong.status_code == 422
    is_well_set(wrong.content.decode())
    undone = stranger.post(f"{HOUSE}slip/", {"code": code.lower()})
    assert undone.status_code == 200
    is_well_set(undone.content.decode())
    assert "It is undone" in undone.content.decode()
    assert stranger.post(f"{HOUSE}slip/", {"code": code}).status_code == 422  # once
    found = hall.enter("cleo").get(f"{at}search/", {"q": "cold"}).content.decode()
    assert "Rosa · Written in by Ben" in found
    talk = set_well(hall.enter("cleo"), at)
    assert "Written in by Ben" in talk
    assert "not theirs, undone on" in talk
    assert "not theirs, undone on" in set_well(rosa, f"{HOUSE}mine/")


def test_who_puts_the_words_anew_makes_them_their_own(hall: Hall) -> None:
    named(hall)
    issue = hall.at_talk()
    given = {"member_id": hall.world.people["rosa"], "stance": "for", "text": "It is cold."}
    write_in_words(hall.world.actor("ben"), issue_id=issue.pk, **given)
    said, rosa = WriteIn.objects.get().of, come_in(hall)
    at = f"{HOUSE}issues/{issue.number}/voices/{said}/"
    assert "Not mine: undo it" in set_well(rosa, f"{HOUSE}mine/")
    assert rosa.post(f"{at}revise/", {"text": "I am cold."}).status_code == 302
    assert "Not mine: undo it" not in set_well(rosa, f"{HOUSE}mine/"), "there is nothing left to undo"
    assert "Written in by" not in set_well(hall.enter("cleo"), at)
    assert "Written in by Ben" in set_well(hall.enter("cleo"), f"{at}versions/")


def test_support_is_written_in_and_undone_under_mine_and_the_naming_ended(hall: Hall) -> None:
    naming = named(hall)
    rosa, ben = come_in(hall), hall.enter("ben")
    issue = hall.issue()
    at = f"{HOUSE}issues/{issue.number}/"
    form = set_well(ben, f"{at}write-in/support/")
    given = {
        "form_key": form_key(form), "member_id": hall.world.people["rosa"], "behind": f"issue.{issue.pk}",
    }  # fmt: skip
    page = ben.post(f"{at}write-in/support/", given)
    assert page.status_code == 200
    is_well_set(page.content.decode())
    assert Issue.objects.get(pk=issue.pk).supporters.filter(member=hall.world.people["rosa"]).exists()
    shown = set_well(hall.enter("cleo"), at)
    assert "in the name of Rosa: written in by Ben on" in shown
    assert "Support for issue" in set_well(rosa, f"{HOUSE}mine/")

    made = WriteIn.objects.get()
    undo = f"{HOUSE}mine/written-in/{made.pk}/undo/"
    assert ben.get(undo).status_code == 404
    assert "It is not mine: undo it" in set_well(rosa, undo)
    assert rosa.post(undo).status_code == 302
    assert WriteIn.objects.get().undone_how == "member"
    assert "Undone on" in set_well(hall.enter("cleo"), at)
    assert rosa.get(undo).status_code == 403

    end = f"{HOUSE}mine/writing-in/{naming.pk}/end/"
    set_well(ben, end)
    assert ben.post(end).status_code == 302
    assert "For whom I may write in" not in set_well(ben, f"{HOUSE}mine/")


def test_drafts_and_amendments_are_offered_where_the_members_talk(hall: Hall) -> None:
    named(hall)
    issue = hall.at_talk()
    page = set_well(hall.enter("ben"), f"{HOUSE}issues/{issue.number}/write-in/support/")
    assert f"draft.{issue.drafts.get().pk}" in page
    assert f"issue.{issue.pk}" not in page


@pytest.mark.parametrize("door", ["words", "support"])
def test_who_was_not_named_finds_no_door(hall: Hall, door: str) -> None:
    issue = hall.at_talk()
    at = f"{HOUSE}issues/{issue.number}/write-in/{door}/"
    answer = hall.enter("cleo").get(at)
    assert answer.status_code == 403
    assert "They have not named you" in answer.content.decode()
    assert hall.enter().get(at).status_code == 403


def test_what_was_written_in_stands_on_a_page_and_in_a_letter(hall: Hall) -> None:
    named(hall)
    issue = hall.at_talk()
    given = {"member_id": hall.world.people["rosa"]}
    write_in_words(hall.world.actor("ben"), issue_id=issue.pk, stance="for", text="It is cold.", **given)
    write_in_support(hall.world.actor("ben"), to="draft", of_id=issue.drafts.get().pk, **given)
    cleo, at = hall.enter("cleo"), f"{HOUSE}members/{hall.world.people['rosa']}/written-in/"
    page = set_well(cleo, at)
    assert "Words on issue" in page
    assert "Support for draft A" in page
    assert "It is cold." in page
    letter = cleo.post(at, {"addresses": "Rosa\nDock Street 4"})
    assert letter.content.startswith(b"%PDF-")
    assert "2 things written in for them" in set_well(cleo, f"{HOUSE}members/{hall.world.people['rosa']}/")
    assert hall.enter().get(at).status_code == 403


def test_the_letter_with_a_code_lists_what_was_written_in(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(hall)
    issue = hall.at_talk()
    given = {"member_id": hall.world.people["rosa"], "stance": "for", "text": "It is cold."}
    write_in_words(hall.world.actor("ben"), issue_id=issue.pk, **given)
    typeset: list[dict[str, object]] = []
    monkeypatch.setattr("kollontai.web.pages.letters._typeset", lambda data: typeset.append(data) or b"%PDF-")
    hall.enter("cleo").post(
        f"{HOUSE}letters/letter.pdf",
        {"code": "AAAA BBBB CCCC", "who": hall.world.people["rosa"], "addresses": ""},
    )
    said = " ".join(map(str, typeset[0]["after"]))  # type: ignore[call-overload]
    assert "by Ben: Words on issue" in said
    assert {"quote": ["It is cold."]} in typeset[0]["after"]  # type: ignore[operator]


def test_guessing_at_the_open_page_is_held_back(hall: Hall) -> None:
    for _try in range(60):
        tries.count(tries.MISS_BY_NETWORK, tries.network_of("127.0.0.1"), at=hall.now.time)
    assert Client().post(f"{HOUSE}slip/", {"code": "2222 2222 2222"}).status_code == 429
