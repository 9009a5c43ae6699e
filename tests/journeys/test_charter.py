# SPDX-License-Identifier: AGPL-3.0-or-later
"""The charter is changed by the vote, a floor stops a vote, and members call a matter a big decision."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.test_whole_issue import VOTERS, vote
from tests.journeys.walking import PHONE, Person, issue_of, poll_of, somebody, walk_clock_until

pytestmark = [pytest.mark.journey, pytest.mark.any_database]
LIMIT = "2. Members' talk on an ordinary matter"


def raises(person: Person, title: str, *, days: str = "") -> None:
    """Fill in and send the form; with `days` the first draft moves a limit of the charter."""
    person.goes("issues/new/")
    person.field("Title").fill(title)
    person.field("Why").fill("We work shifts.")
    person.field("The first draft, in a line").fill("Two weeks of talk")
    person.field("The first draft, line by line").fill("We talk for two weeks.")
    if days:
        person.page.locator("details.changes > summary").click()
        person.field("What is changed?").select_option("set_limit")
        person.unfolds("A limit of the charter is moved")
        person.field("Which limit of the charter").select_option(label=LIMIT)
        person.field("What it is to be").fill(days)
    person.presses("Put it before the members")


def test_a_limit_is_moved_a_floor_holds_and_a_matter_is_called_big(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        nadia = all_of_them.enter_context(somebody(browser, house))
        greta = all_of_them.enter_context(somebody(browser, house, viewport=PHONE))
        dark = all_of_them.enter_context(somebody(browser, house, color_scheme="dark"))

        # Below the floor no vote goes: the page says so, names it, and keeps what was typed.
        nadia.enters_as("Nadia Okonjo")
        raises(nadia, "Quicker", days="6")
        nadia.sees("no vote goes below 7 days")
        nadia.keeps_picture("charter-floor-1280-light")
        nadia.sees("what you wrote is kept")
        raises(nadia, "Quicker", days="14")
        nadia.sees("It is raised.", "Big decision", "14 days")
        issue = issue_of(nadia)

        for name in ("Samir Holloway", "Greta Molnar"):
            greta.enters_as(name)
            greta.goes(issue)
            greta.follows("Stand behind it")
            greta.presses("I stand behind it")

        # Another matter is called big; with the last one needed its talk begins anew.
        raises(nadia, "A kettle")
        kettle = issue_of(nadia)
        for name in ("Samir Holloway", "Greta Molnar"):
            greta.enters_as(name)
            greta.goes(kettle)
            greta.follows("Stand behind it")
            greta.presses("I stand behind it")
        greta.goes(kettle)
        greta.sees("0 of 3 members call it a big decision")
        greta.keeps_picture("call-big-390-light")
        for name in ("Samir Holloway", "Greta Molnar", "Nadia Okonjo"):
            greta.enters_as(name)
            greta.goes(kettle)
            greta.follows("Call it a big decision")
            greta.presses("It is a big decision")
            greta.sees("You have called it a big decision.")
        greta.goes(kettle)
        greta.sees("Big decision", "3 members called this a big decision", "day 1 of 21")
        greta.keeps_picture("called-big-390-light")
        dark.enters_as("Henrike Solberg")
        assert dark.goes(kettle + "big/").status == 403
        dark.sees("said by the members who do not lead on it")

        # The vote on the charter, by its own majority.
        walk_clock_until(nadia, issue, "To the ballot")
        nadia.follows("To the ballot")
        nadia.sees("for what begins later")
        poll = poll_of(nadia)
        vote(house, VOTERS, poll, choice="yes")
        walk_clock_until(nadia, issue, "In force since")

        dark.goes("charter/")
        entry = dark.page.get_by_role("listitem").filter(has_text="version 2")
        expect(entry).to_contain_text("6 yes, 0 no")
        expect(entry.locator("del")).to_have_text("10 days")
        expect(entry.locator("ins")).to_have_text("14 days")
        entry.scroll_into_view_if_needed()
        dark.keeps_picture("charter-history-1280-dark")
        greta.goes("charter/")
        greta.keeps_picture("charter-390-light")
        entry.get_by_role("link", name="The vote").click()
        dark.sees("Quicker")

        copy = house.new_folder()
        assert house.command("export", "tidewater", "--to", copy).returncode == 0
        audited = house.command("audit", copy, "--vkey", house.vkey)
        assert audited.returncode == 0, audited.stdout
