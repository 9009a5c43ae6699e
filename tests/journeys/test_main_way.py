# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main way through the demonstration, at a phone's width: raise, be refused, vote by keyboard, in force, audit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PHONE, barriers_anywhere, somebody

pytestmark = pytest.mark.journey


def sends(person):
    """Send the form of a page, and wait for what comes back."""
    with person.page.expect_navigation():
        person.page.locator("main form button").first.click()


def test_from_raising_a_matter_to_an_outsider_who_finds_nothing(browser, demonstration, tmp_path):
    with somebody(browser, demonstration, viewport=PHONE) as person:
        person.enters_as("Nadia Okonjo", by_the_page=True)
        person.goes("issues/new/")
        fields = person.page.locator("main form input[type=text], main form textarea")
        for at, words in enumerate(("A kettle", "The old one leaks.", "Buy one", "We buy a kettle.")):
            fields.nth(at).fill(words)
        sends(person)
        person.sees("A kettle")
        address = person.page.url.split("/tidewater/")[1]

        for name in ("Joana Prieto", "Tobiah Renner"):
            person.enters_as(name)
            person.goes(f"{address}support/")
            sends(person)
        person.goes(f"{address}speak/")
        person.chooses("For")
        person.page.locator("main textarea").first.fill("I scald myself each morning.")
        person.page.locator("main form button").first.dblclick()  # sent twice, said once
        person.page.wait_for_timeout(1_500)
        person.goes(address)
        person.sees("I scald myself each morning.")
        assert person.text().count("I scald myself each morning.") == 1

        person.enters_as("Henrike Solberg", by_the_page=True)
        for door in ("speak/", "drafts/new/", "drafts/A/support/"):
            answer = person.goes(address + door)
            assert answer.status == 403, door
            person.sees(re.compile("your turn comes|members who do not lead"))
            expect(person.page.locator(".article")).to_contain_text("2")
        person.goes(f"{address}statement/")
        person.page.locator("main textarea").first.fill("I drink tea myself.")
        sends(person)
        person.goes(address)
        person.sees_not("I drink tea myself.")

        for _ in range(3):
            person.goes("/demo/")
            with person.page.expect_navigation():
                person.presses("By a week")
        person.goes(address)
        person.sees("I drink tea myself.")

        poll = person.page.locator("main a[href*='/votes/']").first.get_attribute("href")
        assert poll is not None
        for name in ("Nadia Okonjo", "Joana Prieto", "Tobiah Renner", "Edda Kowal", "Lucan Amoah"):
            person.enters_as(name)
            person.goes(poll)
            person.sees("We buy a kettle.")
            person.page.get_by_role("radio", name="Yes", exact=True).focus()
            person.page.keyboard.press("Space")
            person.page.keyboard.press("Tab")
            while person.page.evaluate("document.activeElement.tagName") != "BUTTON":
                person.page.keyboard.press("Tab")
            person.page.keyboard.press("Enter")
            person.page.get_by_role("button", name=re.compile("Cast")).focus()
            person.page.keyboard.press("Enter")
            person.sees("in the box")
        person.goes(poll)
        person.sees("You have voted")
        person.goes("/demo/")
        with person.page.expect_navigation():
            person.presses("By a week")
        person.goes(poll)
        person.sees("In force")

    copy = tmp_path / "copy"
    assert demonstration.command("export", "tidewater", "--to", copy).returncode == 0
    audited = demonstration.command("audit", copy)
    assert audited.returncode == 0, audited.stdout
    assert "Nothing found." in audited.stdout


@pytest.mark.any_database
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser, demonstration):
    paths = [
        "", "issues/", "issues/1/", "issues/2/", "issues/3/", "issues/4/", "issues/5/", "issues/new/", "issues/stages/",
        "issues/4/speak/", "issues/4/drafts/A/", "votes/", "posts/", "members/", "members/invite/",
        "members/invite-list/", "mine/", "charter/", "record/", "record/entries/7/", "export/", "who-sees-what/",
        "/", "/demo/", "/sign-in/",
    ]  # fmt: skip
    found = []
    with somebody(browser, demonstration, bypass_csp=True) as person:
        person.enters_as("Nadia Okonjo")
        person.goes("votes/")
        paths += person.page.eval_on_selector_all(
            "main a[href*='/votes/']", "links => [...new Set(links.map(a => a.getAttribute('href')))]"
        )
        for path in paths:
            person.goes(path)
            found += [f"{path} {one}" for one in barriers_anywhere(person.page)]
    assert found == []
