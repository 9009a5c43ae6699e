# SPDX-License-Identifier: AGPL-3.0-or-later
"""A post from the first name put forward to its recall: stood for, voted on by keyboard, held, lost."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Opener
from tests.journeys.walking import PHONE, Person, barriers_anywhere, somebody, walk_clock_until

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

COMMITTEE = "Strike Chest Committee"
CODE = re.compile(r"\b([a-z0-9]{4}) ([a-z0-9]{5})\b")


def by_keyboard_to(page: Page, name: str) -> None:
    """Go on by the tab key until something of this name has the focus."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if re.search(
            name, page.evaluate("document.activeElement.innerText || document.activeElement.id") or ""
        ):
            return
    raise AssertionError(f"no way to {name} by keyboard on {page.url}")


def numbers_by_keyboard(person: Person, *names: str) -> None:
    """Number candidates in an order, by keyboard alone, and cast the ballot."""
    page = person.page
    fields = {
        label.inner_text().split("\n")[0].strip(): label.get_attribute("for")
        for label in page.locator(".ballot label").all()
    }
    for number, name in enumerate(names, 1):
        page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
        by_keyboard_to(page, rf"^{fields[name]}$")
        page.keyboard.type(str(number))
    by_keyboard_to(page, "Look it over")
    page.keyboard.press("Enter")
    person.sees("Is this what you want?")
    by_keyboard_to(page, "Cast this ballot")
    page.keyboard.press("Enter")
    person.sees("It is in the box")


def test_stand_be_seated_be_asked_for_back_and_lose_the_post(browser: Browser, open_house: Opener) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        nadia = all_of_them.enter_context(somebody(browser, house))
        silvan = all_of_them.enter_context(somebody(browser, house, viewport=PHONE, color_scheme="dark"))

        # Looked for and put forward by a member, without scripts.
        plain = all_of_them.enter_context(somebody(browser, house, java_script_enabled=False))
        plain.enters_as("Nadia Okonjo")
        plain.goes("elections/")
        plain.follows(COMMITTEE)
        election = re.search(r"/(elections/\w+/)", plain.page.url)[1]  # type: ignore[index]
        plain.follows("Put somebody forward")
        plain.fills(their_name="silv")
        plain.presses("Look")
        plain.chooses("Silvan Roth, Tidewater Federation")
        plain.presses("Put them forward")
        plain.sees("They are put forward, and asked.", "Silvan Roth")

        # Asked on the first page; stands by his own yes; thinks better of a word.
        silvan.enters_as("Silvan Roth")
        silvan.goes("")
        silvan.sees("Nadia Okonjo has put you forward")
        silvan.goes(election)
        silvan.follows("Say yes, and stand")
        silvan.field("Your statement").fill("I have *never* owed anybody a round.")
        silvan.presses("I stand")
        silvan.sees("You stand.")
        expect(silvan.page.locator("em", has_text="never")).to_be_visible()
        silvan.follows("Put your statement anew")
        silvan.field("Your statement").fill("I have hardly ever owed anybody a round.")
        silvan.presses("Put it anew")
        silvan.sees("all 2 versions")

        # The clock opens the vote. By keyboard alone, each finds the receipt once and nowhere again.
        nadia.enters_as("Nadia Okonjo")
        walk_clock_until(nadia, election, "To the ballot")
        codes = {}
        for name in ("Nadia Okonjo", "Silvan Roth", "Joana Prieto", "Tobiah Renner"):
            nadia.enters_as(name)
            nadia.goes(election)
            nadia.follows("To the ballot")
            vote = re.search(r"/(votes/\w+/)", nadia.page.url)[1]  # type: ignore[index]
            if "Silvan Roth" not in nadia.text():
                raise AssertionError("he does not stand on the paper")
            numbers_by_keyboard(nadia, "Silvan Roth", "Maeve Oduya")
            code = nadia.page.locator(".code span[aria-hidden]").inner_text()
            codes[name] = code.replace(" ", "")
            nadia.keeps_picture(f"receipt-{name.split()[0].lower()}")
            nadia.goes(vote)
            nadia.sees("Your ballot is in the box already")
            nadia.sees_not(code)
        nadia.goes(vote + "turnout/")
        nadia.sees("have voted")

        # Seated by the count itself; every code stands in the list.
        walk_clock_until(nadia, vote, "Recount it yourself")
        nadia.sees("Silvan Roth is elected", "Stage by stage", "Where votes went", "holds it from")
        nadia.follows("Look for your own check code")
        for code in codes.values():
            nadia.page.locator("#find").fill(code)
            expect(nadia.page.locator("[data-codes] tbody tr:visible")).to_have_count(1)
            nadia.sees("Silvan Roth › Maeve Oduya")

        # Asked for back: three signatures by one tap each, a vote in secret, and the post is lost.
        nadia.enters_as("Bruno Tallis")
        nadia.goes("posts/")
        nadia.follows(re.compile("Ask for a recall of Silvan Roth"))
        nadia.field("In a line").fill("He owes me two rounds")
        nadia.field("Why").fill("Since March.")
        nadia.presses("Open it, and sign")
        nadia.sees("It is open, and you have signed it.", "1 member has signed")
        petition = re.search(r"/(petitions/\w+/)", nadia.page.url)[1]  # type: ignore[index]
        for name in ("Maeve Oduya", "Kofi Harland"):
            nadia.enters_as(name)
            nadia.goes(petition)
            nadia.presses("I sign")
            nadia.sees("You have signed.")
            nadia.sees_not("Bruno Tallis")
        walk_clock_until(nadia, petition, "Vote on it")
        people = [
            "Nadia Okonjo", "Henrike Solberg", "Dov Marchetti", "Joana Prieto", "Tobiah Renner", "Edda Kowal",
            "Samir Holloway", "Lucan Amoah", "Perpetua Lindh", "Marisol Vance", "Gerrit Aldous", "Maeve Oduya",
        ]  # fmt: skip
        for name in people:
            nadia.enters_as(name)
            nadia.goes(petition)
            nadia.follows("Vote on it")
            recall = re.search(r"/(votes/\w+/)", nadia.page.url)[1]  # type: ignore[index]
            nadia.sees("Shall Silvan Roth lose the post")
            nadia.chooses("Yes")
            nadia.presses("Look it over")
            nadia.presses("Cast this ballot")
            nadia.sees("It is in the box")
        walk_clock_until(nadia, recall, "the term ended with the count")
        nadia.sees("Recalled", "All who voted said the same.")
        nadia.follows("The post, and who held it")
        nadia.sees("recalled", "Silvan Roth")
        silvan.goes("posts/")
        holders = silvan.page.locator(".sub", has_text=COMMITTEE).inner_text()
        assert "Silvan Roth" not in holders.split("comes next")[0].split("until")[0]


def test_every_page_of_elections_and_petitions_is_accessible(browser: Browser, demonstration) -> None:
    """Three of each kind, as links lead to them."""
    with somebody(browser, demonstration, bypass_csp=True) as person:
        person.enters_as("Nadia Okonjo")
        seen: set[str] = set()
        waiting = ["posts/", "posts/powers/", "elections/", "petitions/", "petitions/new/", "issues/new/"]
        broken = []
        while waiting:
            path = waiting.pop(0)
            seen.add(path)
            person.goes(path)
            for href in person.page.eval_on_selector_all(
                "main a[href]", "links => links.map(a => a.getAttribute('href').split(/[?#]/)[0])"
            ):
                found = re.match(r"/tidewater/((posts|elections|petitions|votes|terms)/.*)", href)
                if not found or "/files/" in href or href.endswith(".jpg"):
                    continue
                of_a_kind = [one for one in [*seen, *waiting] if _kind(one) == _kind(found[1])]
                if found[1] not in of_a_kind and len(of_a_kind) < 3:
                    waiting.append(found[1])
            broken += [f"{path} {one}" for one in barriers_anywhere(person.page)]
        assert broken == []
        assert len(seen) > 15


def _kind(path: str) -> str:
    return re.sub(r"\w{16}", "*", path)
