# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line of a draft is amended: one amendment is accepted, another goes to the ballot and is what carries."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.letters import Correspondent, members_of
from tests.journeys.walking import PHONE, Person, issue_of, poll_of, somebody, walk_clock_until

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

LINES = (
    "From May the wash hall is open from six in the morning.",
    "Whoever is last locks it.",
    "The key hangs at the gate.",
    "A kettle is bought for it, for 30 at most.",
)


def raised(person: Person) -> str:
    """An issue with a draft of four lines, in the members' talk."""
    person.enters_as("Nadia Okonjo")
    person.goes("")
    person.follows("Raise something")
    person.field("Title").fill("The wash hall")
    person.field("Why").fill("It is locked when the early shift comes.")
    person.field("The first draft, in a line").fill("Open from six, with a kettle")
    person.field("The first draft, line by line").fill("\n".join(LINES))
    person.presses("Put it before the members")
    issue = issue_of(person)
    for name in ("Samir Holloway", "Greta Molnar"):
        person.enters_as(name)
        person.goes(issue + "support/")
        person.presses("I stand behind it")
    return issue


def amends(person: Person, issue: str, old: str, new: str, why: str) -> None:
    """Change words of the draft in its form, look at the difference, and move it."""
    person.goes(issue + "drafts/A/")
    person.follows("Propose a change")
    box = person.field("The lines with your change")
    box.fill(box.input_value().replace(old, new))
    person.field("Why, in a few words").fill(why)
    person.presses("See the difference")
    person.sees("Nothing is moved yet.")
    person.presses("Move it")
    person.sees("Your amendment is moved.")


def test_one_amendment_is_accepted_and_another_goes_to_the_ballot_and_carries(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        nadia = all_of_them.enter_context(somebody(browser, house, color_scheme="dark"))
        samir = all_of_them.enter_context(somebody(browser, house, viewport=PHONE))
        issue = raised(nadia)

        # Somebody amends; the mover of the draft accepts, and the text says so.
        samir.enters_as("Samir Holloway")
        amends(samir, issue, "at the gate", "at the gate and in the canteen", "The gate is shut at noon.")
        samir.sees("In line 3, “and in the canteen” is added.")
        nadia.enters_as("Nadia Okonjo")
        nadia.goes(issue + "drafts/A/")
        nadia.follows("Accept it")
        nadia.presses("I accept it")
        nadia.sees("It is part of the text.", "Accepted")
        nadia.goes(issue)
        nadia.sees("The key hangs at the gate and in the canteen.")

        # Another is not accepted; with others behind it, it goes to the vote.
        amends(samir, issue, "for 30 at most", "for 45 at most", "Thirty buys one that leaks.")
        amends(samir, issue, "Whoever is last locks it.", "Whoever is last locks it and says so.", "")
        samir.goes(issue + "amendments/2/")
        samir.keeps_picture("amendment-390-light")
        sender = Correspondent(house)
        everybody = members_of(house)
        for name in ("Greta Molnar", "Edda Kowal"):
            sender.enters_as(everybody[name])
            door = issue + "amendments/2/support/"
            assert sender.sends(door, form=door).says("You support this amendment.")
        nadia.goes(issue + "drafts/A/")
        nadia.sees("Goes to the vote", "3 supporters, 3 needed", "1 supporter, 3 needed")
        nadia.keeps_picture("draft-amended-1280-dark")
        samir.goes(issue + "drafts/A/")
        samir.keeps_picture("draft-amended-390-light")

        # Who leads neither amends nor supports while the members talk.
        nadia.enters_as("Henrike Solberg")
        for door in ("drafts/A/amend/", "amendments/2/support/", "amendments/3/accept/"):
            assert nadia.goes(issue + door).status == 403, door
        nadia.enters_as("Nadia Okonjo")

        # The ballot shows the draft, and the draft as amended against it.
        walk_clock_until(nadia, issue, "To the ballot")
        nadia.goes(issue)
        nadia.follows("To the ballot")
        poll = poll_of(nadia)
        nadia.sees(
            "Open from six, with a kettle, with amendment 2", "draft A with amendment 2", "The whole text"
        )
        nadia.keeps_picture("ballot-alternative-1280-dark")
        samir.goes(f"votes/{poll}/")
        samir.keeps_picture("ballot-alternative-390-light")
        samir.goes(issue + "print/")
        samir.sees("On the ballot: A with amendment 2")
        samir.keeps_picture("paper-390-light")
        nadia.goes(issue + "print/")
        nadia.keeps_picture("paper-1280-dark")
        for person, name in ((nadia, "Nadia Okonjo"), (samir, "Samir Holloway")):
            votes_for_the_alternative(person, poll, name)
        for name in ("Greta Molnar", "Edda Kowal", "Wim Castellane", "Pilar Thorsen"):
            votes_for_the_alternative(nadia, poll, name)
        walk_clock_until(nadia, issue, "In force since")
        nadia.goes(f"votes/{poll}/")
        nadia.sees("“Open from six, with a kettle, with amendment 2” is chosen")
        nadia.goes(issue + "amendments/2/")
        nadia.sees("On the ballot")

        copy = house.new_folder()
        assert house.command("export", "tidewater", "--to", copy).returncode == 0
        audited = house.command("audit", copy, "--vkey", house.vkey)
        assert audited.returncode == 0, audited.stdout


def votes_for_the_alternative(person: Person, poll: str, name: str) -> None:
    """Number the alternative first and the draft second."""
    person.enters_as(name)
    person.goes(f"votes/{poll}/")
    person.page.get_by_label("Open from six, with a kettle, with amendment 2", exact=False).first.fill("1")
    person.page.get_by_label("Open from six, with a kettle draft A", exact=True).first.fill("2")
    person.presses("Look it over")
    person.presses("Cast")
    person.sees("It is in the box")


def test_a_difference_is_read_by_keyboard_and_by_ear(browser: Browser, open_house: Opener) -> None:
    house: House = open_house("demonstration")
    with somebody(browser, house) as nadia:
        issue = raised(nadia)
        nadia.enters_as("Edda Kowal")
        amends(nadia, issue, "six", "five", "The early shift comes at five.")

        # What is heard: the words that go and the words that come, each said to be so.
        nadia.goes(issue + "amendments/1/")
        nadia.hears("amendment")

        # Side by side, found and left by the keyboard alone.
        for _press in range(40):
            nadia.page.keyboard.press("Tab")
            if nadia.page.evaluate("document.activeElement.innerText") == "Side by side":
                break
        nadia.page.keyboard.press("Enter")
        nadia.page.wait_for_url("**as=sides**")
        expect(nadia.page.get_by_role("columnheader", name="As it is")).to_be_visible()
        table = nadia.page.get_by_role("table").aria_snapshot()
        assert re.search(r'deletion: "removed: six ?; end of removal."', table), table
        assert re.search(r'insertion: "added: five ?; end of addition."', table), table
        assert "line 1" in table, table
        nadia.keeps_picture("amendment-sides-1280-light")
        for _press in range(40):
            nadia.page.keyboard.press("Tab")
            if nadia.page.evaluate("document.activeElement.getAttribute('role')") == "region":
                break
        assert (
            nadia.page.evaluate("document.activeElement.getAttribute('aria-label')")
            == "Both texts side by side"
        )
