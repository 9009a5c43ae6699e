# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing that was typed is lost: not by leaving the page, not by a session that ended, not by a refusal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.houses import House
from tests.journeys.walking import Person, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

WORDS = "The old one can be mended.\nI have done it twice."


def remembered(person: Person) -> list[str]:
    """Under which names this browser keeps words."""
    found: list[str] = person.page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('words:'))"
    )
    return found


def test_words_come_back_until_they_are_sent_and_go_with_their_author(
    browser: Browser, demonstration: House
) -> None:
    with somebody(browser, demonstration) as greta:
        greta.enters_as("Greta Molnar")
        greta.goes("issues/4/speak/")
        form = greta.page.url
        words = greta.field("Your words")
        words.fill(WORDS)

        # Left and opened again: they are back, and whoever wants can begin anew.
        greta.goes("")
        greta.page.goto(form)
        expect(greta.field("Your words")).to_have_value(WORDS)
        greta.sees("What you typed here before is back.")
        greta.keeps_picture("kept-words-1280-light")

        # Somebody else at the same machine finds nothing of hers.
        greta.enters_as("Samir Holloway")
        greta.page.goto(form)
        expect(greta.field("Your words")).to_have_value("")

        # The session ends while she writes: what she sends is shown to her, and is still in the form later.
        greta.enters_as("Greta Molnar")
        greta.page.goto(form)
        expect(greta.field("Your words")).to_have_value(WORDS)
        greta.page.context.clear_cookies(name="sessionid")
        greta.page.get_by_role("radio").first.check()
        greta.page.get_by_role("button", name="Put it on the table").click()
        greta.sees("You are no longer signed in here.")
        expect(greta.field("Copy it from here")).to_have_value(WORDS)

        # Sent: the form is empty again, and offers for a day what was sent.
        greta.enters_as("Greta Molnar")
        greta.page.goto(form)
        expect(greta.field("Your words")).to_have_value("")
        greta.presses("Bring them back")
        expect(greta.field("Your words")).to_have_value(WORDS)
        greta.page.get_by_role("radio").first.check()
        greta.page.get_by_role("button", name="Put it on the table").click()
        greta.sees("I have done it twice.")
        greta.page.goto(form)
        expect(greta.field("Your words")).to_have_value("")
        greta.sees("You sent words from this page not long ago.")
        assert len(remembered(greta)) == 1


def test_beginning_anew_forgets(browser: Browser, demonstration: House) -> None:
    with somebody(browser, demonstration) as ada:
        ada.enters_as("Greta Molnar")
        ada.goes("issues/new/")
        ada.field("Why").fill("Because.")
        ada.goes("issues/new/")
        ada.presses("Begin anew")
        expect(ada.field("Why")).to_have_value("")
        assert remembered(ada) == []


def test_the_form_below_the_talk_and_its_own_page_keep_the_same_words(
    browser: Browser, demonstration: House
) -> None:
    with somebody(browser, demonstration) as greta:
        greta.enters_as("Greta Molnar")
        greta.goes("issues/4/")
        greta.field("Your words").fill(WORDS)
        greta.goes("issues/4/speak/")
        expect(greta.field("Your words")).to_have_value(WORDS)
        # No stance was chosen: the page says so, has the words, and offers them no second time.
        greta.presses("Put it on the table")
        greta.sees("Choose one; it is yours, nobody sorts you.")
        expect(greta.field("Your words")).to_have_value(WORDS)
        expect(greta.page.get_by_role("button", name="Bring them back")).to_have_count(0)


def test_an_amendment_is_kept_for_the_lines_it_was_typed_at(browser: Browser, demonstration: House) -> None:
    with somebody(browser, demonstration) as greta:
        greta.enters_as("Greta Molnar")
        greta.goes("issues/4/drafts/A/amend/?first=1&last=1")
        words = greta.page.locator("form[data-keep] textarea").first
        before = words.input_value()
        words.fill(before + " And the harbour.")
        greta.goes("issues/4/drafts/A/amend/?first=2&last=2")
        expect(greta.page.locator("form[data-keep] textarea").first).not_to_have_value(
            before + " And the harbour."
        )
        greta.goes("issues/4/drafts/A/amend/?first=1&last=1")
        expect(greta.page.locator("form[data-keep] textarea").first).to_have_value(
            before + " And the harbour."
        )
