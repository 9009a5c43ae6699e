# SPDX-License-Identifier: AGPL-3.0-or-later
"""Paper: letters and labels from addresses that are typed, and coming in by a letter with a code."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from typing import Any

import pytest
import typst
from django.test import Client
from PIL import Image

from kollontai.chapters.accounts.models import LetterCode
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.acts.accept_invitation import accept_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.members.acts.vouch_for_code_letter import vouch_for_code_letter
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.act import Actor, tick
from kollontai.chapters.voting.models import Voter
from kollontai.web.pages import letters, paper
from tests.elections import hall as elections
from tests.web.hall import Hall, form_key
from tests.web.test_pages import is_well_set
from tests.world import founded, founders

PAGE = "/tidewater/letters/"
TWO = "Ada Lovelace\nDock Street 4\n12345 Tidewater\n\n\nBen Tillett\nKiln Lane 9\n12345 Tidewater\n"


def invited_without_address(hall: Hall) -> Member:
    """Somebody asked in by a page, without a mail address."""
    ada = hall.enter("ada")
    page = ada.get("/tidewater/members/invite/").content.decode()
    is_well_set(page)
    given = {"form_key": form_key(page), "name": "Rosa", "email": "", "unit_id": hall.world.unit().pk}
    assert ada.post("/tidewater/members/invite/", given).status_code == 302
    return Contact.objects.get(email="").member


def code_on(page: str) -> str:
    found = re.search(r"<code>(\w{4} \w{4} \w{4})</code>", page)
    assert found
    return found[1]


def test_two_members_make_a_letter_and_with_it_somebody_comes_in_and_joins(hall: Hall) -> None:
    rosa = invited_without_address(hall)
    at = f"/tidewater/members/{rosa.pk}/letter/"
    ben, cleo = hall.enter("ben"), hall.enter("cleo")
    assert "Let them in by a letter" in ben.get(f"/tidewater/members/{rosa.pk}/").content.decode()
    is_well_set(ben.get(at).content.decode())
    first = ben.post(at)
    is_well_set(first.content.decode())
    assert "You have vouched" in first.content.decode()
    assert not LetterCode.objects.exists()
    assert ben.get(at).status_code == 403  # a second member, not the same one again
    second = cleo.post(at)
    assert "no-store" in second["Cache-Control"]
    is_well_set(second.content.decode())
    code = code_on(second.content.decode())

    letter = cleo.post("/tidewater/letters/letter.pdf", {"code": code, "who": rosa.pk, "addresses": ""})
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF-")

    browser = Client()
    is_well_set(browser.get("/sign-in/letter/").content.decode())
    assert browser.post("/sign-in/letter/", {"code": "AAAA AAAA AAAA"}).status_code == 422
    assert browser.post("/sign-in/letter/", {"code": code.lower()}).status_code == 302
    mine = browser.get("/tidewater/mine/").content.decode()
    is_well_set(mine)
    assert "Letters with a code for me" in mine
    assert "Ben vouched." in mine
    assert "The code was made" in mine
    assert browser.get("/account/").status_code == 200
    assert "None." not in browser.get("/account/").content.decode()
    assert browser.post("/tidewater/join/yes/").status_code == 302
    assert Member.objects.get(pk=rosa.pk).standing != "invited"
    assert Client().post("/sign-in/letter/", {"code": code}).status_code == 422  # once
    seen = cleo.get(f"/tidewater/members/{rosa.pk}/").content.decode()
    is_well_set(seen)
    assert "Let in by a letter" in seen
    assert seen.index("Cleo vouched.") < seen.index("The code was made") < seen.index("Ben vouched.")


def let_in(hall: Hall, name: str, *, by: tuple[str, str]) -> Member:
    """Somebody who came in by a letter of these two and said yes."""
    unit = hall.world.unit().pk
    [member] = invite(hall.world.actor("ada"), invitees=[Invitee(name, "", unit)]).value
    for voucher in by:
        vouch_for_code_letter(hall.world.actor(voucher), member_id=member.pk)
    accept_invitation(Actor(hall.world.id, member.pk, "code"))
    found: Member = member
    return found


def test_whoever_vouched_for_enough_letters_is_told_so_on_the_page(hall: Hall) -> None:
    for number in range(3):
        let_in(hall, f"Somebody {number}", by=("ben", "cleo"))
    invitees = [Invitee("Rosa", "", hall.world.unit().pk)]
    [rosa] = invite(hall.world.actor("ada"), invitees=invitees).value
    ben, eva = hall.enter("ben"), hall.enter("eva")
    at = f"/tidewater/members/{rosa.pk}/"
    assert "Let them in by a letter" not in ben.get(at).content.decode()
    said = ben.get(f"{at}letter/")
    assert said.status_code == 403
    assert "You have vouched for letters of 3 people within three months" in said.content.decode()
    assert "Let them in by a letter" in eva.get(at).content.decode()


def test_a_vote_says_how_many_on_its_roll_were_let_in_by_letters(hall: Hall) -> None:
    let_in(hall, "Rosa", by=("ben", "cleo"))
    hall.now.pass_days(1)
    issue = hall.at("vote")
    words = "Of those on the roll, let in by letters with a code: 1."
    let_in(hall, "Sam", by=("ben", "cleo"))
    ada = hall.enter("ada")
    running = ada.get(f"/tidewater/votes/{issue.poll_id}/turnout/").content.decode()
    is_well_set(running)
    assert words in running
    hall.move_on(issue, "decided")
    result = ada.get(f"/tidewater/votes/{issue.poll_id}/").content.decode()
    is_well_set(result)
    assert words in result


def test_who_has_an_address_gets_no_letter(hall: Hall) -> None:
    other = hall.world.people["cleo"]
    page = hall.enter("ben").get(f"/tidewater/members/{other}/letter/")
    assert page.status_code == 403
    assert "They have a mail address" in page.content.decode()
    assert (
        "Let them in by a letter"
        not in hall.enter("ben").get(f"/tidewater/members/{other}/").content.decode()
    )


def test_strangers_print_nothing(hall: Hall) -> None:
    browser = hall.enter()
    assert browser.get(PAGE).status_code == 403
    for name in ("letter", "labels"):
        assert browser.post(f"{PAGE}{name}.pdf", {"addresses": TWO}).status_code == 403


def test_addresses_become_letters_or_labels_and_are_kept_nowhere(hall: Hall) -> None:
    ada = hall.enter("ada")
    is_well_set(ada.get(PAGE).content.decode())
    for name in ("letter", "labels"):
        answer = ada.post(f"{PAGE}{name}.pdf", {"addresses": TWO})
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert answer["Cache-Control"] == "no-store"


def test_paper_tells_nobody_that_they_may_do_what_another_unit_alone_may_do(
    db: None, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = founded(
        listed=(*founders("ada", "ben"), *founders("cleo", "dai", "eva", unit="Kiln Lane")),
        posts=(elections.treasurer(unit="Kiln Lane"),), units=("Kiln Lane",),
    )  # fmt: skip
    tick()
    of = elections.candidates(world, "cleo", of=Election.objects.get())
    ada, printed = Hall(world, now).enter("ada"), []
    monkeypatch.setattr(paper, "typeset", lambda data, *_: printed.append(data["text"]) or b"%PDF-")

    def on_paper() -> tuple[str, str]:
        """What a letter says, and the sheet for the wall, both printed by somebody of no unit."""
        assert ada.post(f"{PAGE}letter.pdf", {"addresses": TWO}).status_code == 200
        return " ".join(printed[-1]), ada.get("/tidewater/notices/print/").content.decode()

    for said in on_paper():
        assert "Members of Kiln Lane may stand, or put somebody forward, until" in said
        assert "You may" not in said
    poll = elections.to_the_vote(now, of)
    assert not Voter.objects.filter(poll=poll, member=world.people["ada"]).exists()
    for said in on_paper():
        assert "An election is voted on in Kiln Lane until" in said
        assert "Everybody on its roll may vote" in said
        assert "You may" not in said


def test_what_does_not_fit_the_window_is_said(hall: Hall) -> None:
    ada = hall.enter("ada")
    for given in ("", "a\nb\nc\nd\ne\nf\ng", "x" * 61):
        answer = ada.post(f"{PAGE}labels.pdf", {"addresses": given})
        assert answer.status_code == 422
        is_well_set(answer.content.decode())


def test_addresses_are_parted_by_empty_lines() -> None:
    assert letters.addresses_in(TWO) == [
        ["Ada Lovelace", "Dock Street 4", "12345 Tidewater"], ["Ben Tillett", "Kiln Lane 9", "12345 Tidewater"],
    ]  # fmt: skip
    assert letters.addresses_in(" \n\n\n ") == []
    blank = "Ada Lovelace\nDock Street 4\n \t\nBen Tillett\nKiln Lane 9\n"  # as a spreadsheet leaves it
    assert letters.addresses_in(blank) == [["Ada Lovelace", "Dock Street 4"], ["Ben Tillett", "Kiln Lane 9"]]


@pytest.mark.parametrize(("many", "pages"), [(1, 1), (24, 1), (25, 2), (48, 2)])
def test_24_labels_fill_a_sheet(many: int, pages: int) -> None:
    data = letters.labels([["Ada", f"Dock Street {number}"] for number in range(many)])
    assert pages_of(data) == pages


def pages_of(data: bytes) -> int:
    """How many pages a PDF file says it has."""
    [count] = {int(one) for one in re.findall(rb"/Type\s*/Pages\b.*?/Count (\d+)", data, re.DOTALL)} or {0}
    return count


@pytest.mark.parametrize("kind", ["labels", "letter"])
def test_a_long_line_of_an_address_takes_the_place_of_no_other(kind: str) -> None:
    long = "Residents’ association of the houses in the old wool market"
    address = [long, long, long, "Dock Street 4", "12345 Tidewater"]
    data = {"lang": "en", "kind": kind, "title": "T", "sender": "", "sheets": [[address]], "addresses": [address],
            "text": [], "code": "", "after": []}  # fmt: skip
    picture = typst.compile(
        str(letters.TEMPLATE), ignore_system_fonts=True, format="png", sys_inputs={"paper": json.dumps(data)}
    )
    cell = (0, 0, 166, 87) if kind == "labels" else (60, 106, 300, 280)  # 72 dots to the inch
    assert lines_in(Image.open(io.BytesIO(picture)), cell) == len(address)


def lines_in(picture: Image.Image, cell: tuple[int, int, int, int]) -> int:
    """How many lines of ink there are in a part of a page, given in points."""
    scale = picture.width / 595.28
    ink = picture.convert("L").crop(tuple(round(edge * scale) for edge in cell))
    rows = [ink.crop((0, row, ink.width, row + 1)).getextrema()[0] < 128 for row in range(ink.height)]
    return sum(now and not before for before, now in pairwise([False, *rows]))


def test_a_sign_that_no_typeface_has_keeps_back_no_letter() -> None:
    assert letters.labels([["Ada \U00012000", "Dock Street 4"]]).startswith(b"%PDF-")


def test_words_of_an_address_are_never_read_as_markup() -> None:
    data = letters.labels([["#panic()", "*Ada* $x$", "<script>", "\\ @ref `code`"]])
    assert data.startswith(b"%PDF-")
