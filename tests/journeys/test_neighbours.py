# SPDX-License-Identifier: AGPL-3.0-or-later
"""Twelve people in one house: one lets a neighbour write in for him, and one comes, leaves and takes her name along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.walking import Person, barriers_anywhere, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

SLUG = "alder-house"
CODE = re.compile(r"^[A-Z0-9]{4} [A-Z0-9]{4} [A-Z0-9]{4}$")
WORDS = "The gate first, then the quiet."


@pytest.fixture(scope="module")
def house(open_house: Opener) -> House:
    """Alder House, on its first day."""
    return open_house(SLUG)


def looked_at(person: Person, name: str) -> None:
    """Look at a page with every eye: light and dark, on a telephone and on a desk."""
    assert barriers_anywhere(person.page) == [], name
    person.keeps_picture(f"{name}-1280-dark")


def issue_called(person: Person, title: str) -> str:
    """The address of an issue, by its title."""
    person.goes("issues/")
    found = person.page.get_by_role("link", name=title).first.get_attribute("href")
    assert found
    return found


def test_a_neighbour_writes_in_by_name_and_a_slip_without_any_sign_in_undoes_it(
    browser: Browser, house: House
) -> None:
    with (
        somebody(browser, house, SLUG, bypass_csp=True) as piet,
        somebody(browser, house, SLUG, bypass_csp=True) as mina,
        somebody(browser, house, SLUG, bypass_csp=True) as anybody,
    ):
        # Piet has no mail address. Mina writes in for him already; he names a second one, on their own page.
        piet.enters_as("Piet Alvaro")
        piet.goes("members/")
        piet.follows("Bea Quill")
        piet.follows("Let them write in for me")
        looked_at(piet, "writer-name")
        piet.presses("They may write in for me")
        piet.sees("They may write in for you.", "Bea Quill")
        looked_at(piet, "mine-writing-in")

        # Mina puts down what he said on the stairs. The slip is shown once, and printed.
        mina.enters_as("Mina Castle")
        quiet = issue_called(mina, "Quiet in the yard")
        mina.goes(quiet)
        mina.follows("Write in words")
        looked_at(mina, "words-in")
        expect(mina.field("For whom").locator("option:checked")).to_have_text("Piet Alvaro")
        mina.chooses("For")
        mina.field("Their words").fill(WORDS)
        mina.presses("Write it in")
        mina.sees("It is written in", WORDS)
        looked_at(mina, "slip")
        code = mina.page.get_by_role("region", name="The code").locator("code").inner_text()
        assert CODE.match(code)
        mina.field("Their address").fill("Piet Alvaro\nGround floor")
        with mina.page.expect_download() as printed:
            mina.presses("The slip as a PDF file")
        assert printed.value.path().read_bytes().startswith(b"%PDF-")
        mina.goes(quiet)
        voice = mina.page.get_by_role("article").filter(has_text=WORDS)
        expect(voice).to_contain_text("Written in by Mina Castle")
        mina.goes(issue_called(mina, "A book by the door"))
        mina.follows("Write in support")
        looked_at(mina, "support-in")

        # Whoever holds the slip undoes it, on any device; the words stay and say that they are not his.
        anybody.goes("slip/")
        anybody.field("The 12 characters").fill("AAAA AAAA AAAA")
        anybody.presses("It is not mine: undo it")
        anybody.sees("This code undoes nothing.")
        looked_at(anybody, "slip-undo")
        anybody.field("The 12 characters").fill(code.lower())
        anybody.presses("It is not mine: undo it")
        anybody.sees("It is undone", "Mina Castle had written it in")
        looked_at(anybody, "slip-undone")
        mina.goes(quiet)
        expect(mina.page.get_by_role("article").filter(has_text=WORDS)).to_contain_text(
            "not theirs, undone on"
        )

        # He finds all of it under Mine, and undoes there what was written in before.
        piet.goes("mine/")
        mine = piet.page.get_by_role("region", name="Written in by neighbours")
        expect(mine.get_by_role("listitem").filter(has_text=WORDS)).to_contain_text("not theirs, undone on")
        piet.follows("Not mine: undo it", within=mine)
        looked_at(piet, "written-undo")
        piet.presses("It is not mine: undo it")
        piet.sees("It is undone.")
        piet.sees_no_way("Not mine: undo it")

        # Everybody reads what was written in for him.
        mina.goes("members/")
        mina.follows("Piet Alvaro")
        mina.follows("2 things written in for them")
        looked_at(mina, "written-in")


def test_whoever_came_and_left_takes_their_name_along(browser: Browser, house: House) -> None:
    with (
        somebody(browser, house, SLUG, bypass_csp=True) as nour,
        somebody(browser, house, SLUG, bypass_csp=True) as jory,
    ):
        # A second one vouches for Nour, and the clock lets her in.
        jory.enters_as("Jory Lindt")
        jory.goes("members/")
        looked_at(jory, "members-asking")
        jory.follows("Vouch for Nour Halden")
        jory.presses("I vouch for them")
        nour.enters_as("Nour Halden")
        nour.moves_the_clock("By a week")
        nour.goes("mine/")
        nour.sees("member since")

        # She leaves, reads what goes and what stays, is asked once more, and is gone.
        nour.follows("Leave")
        nour.presses("I leave")
        nour.sees("You have left.")
        looked_at(nour, "former")
        nour.follows("Take your name along")
        nour.sees("“Nour Halden”", "What stays, and why")
        looked_at(nour, "name")
        nour.follows("Go on")
        looked_at(nour, "name-erase")
        nour.presses("Erase my name")
        nour.sees("Tick this to go on")
        nour.page.get_by_role("checkbox").check()
        nour.presses("Erase my name")
        nour.sees("Your name and your address are erased. Farewell.")
        looked_at(nour, "name-erased")
        jory.goes("record/")
        jory.sees_not("Nour Halden")

    copy = house.new_folder()
    assert house.command("export", SLUG, "--to", copy).returncode == 0
    audited = house.command("audit", copy)
    assert audited.returncode == 0, audited.stdout
    assert names_in(copy, "Hanna Brook")
    assert not names_in(copy, "Nour Halden")


def names_in(copy: Path, name: str) -> list[Path]:
    """The files of an export in which a name stands."""
    return [path for path in copy.rglob("*") if path.is_file() and name.encode() in path.read_bytes()]
