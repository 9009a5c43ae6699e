# SPDX-License-Identifier: AGPL-3.0-or-later
"""One evening as the General Secretary, on a phone, through all eight temptations; and then the other seat."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.houses import House
from tests.journeys.walking import PHONE, Person, barriers, somebody

# The copies that visitors try things on lie in SQLite, wherever the house lies.
pytestmark = [pytest.mark.journey, pytest.mark.any_database]
TRIED = (
    ("Speak early", "Say it now", "Members speak first here; your turn comes", "leaders-after-members"),
    ("Close now", "Close the vote now", "It closes this vote", "There is no such address."),
    ("Pad the roll", "Bring them to the ballot box", "You are not on the roll of this vote.", "Welcome"),
    ("Edit a critic", "Put it better", "only their author changes or erases them", "not-your-words"),
    ("Seat a friend", "Put my friend there", "Somebody else comes next", "There is no such address."),
    ("Stay a little longer", "Stay", "no vote goes above 730 days", "There is no such address."),
)


def begins(visitor: Person) -> None:
    """Sit down at the desk; the first one waits until the evening is built."""
    visitor.goes("/demo/")
    visitor.follows("Try to rig it")
    visitor.presses("Sit down at the desk")
    for _look in range(240):
        if not visitor.page.get_by_role("link", name="Look again").count():
            break
        visitor.page.wait_for_timeout(500)
        visitor.follows("Look again")
    visitor.sees(
        "Eight temptations", "The vote on “The diary of the General Secretary is public” closes at eight"
    )


def tries(visitor: Person, button: str, *, scripts: bool = True) -> None:
    """Press a button and wait for what comes of it: a script looks again by itself, else one looks oneself."""
    visitor.presses(re.compile(f"^{button}$"))
    for _look in range(240):
        if visitor.title != "A moment":
            return
        visitor.page.wait_for_timeout(500)
        if not scripts:
            visitor.follows("Look again")
    raise AssertionError(f"{button}: nothing came of it")


def is_open_to_all(visitor: Person) -> None:
    """Nothing on this page shuts anybody out."""
    assert barriers(visitor.page) == []


def test_nothing_can_be_rigged_and_a_member_can_tell(browser: Browser, demonstration: House) -> None:
    with somebody(browser, demonstration, viewport=PHONE, bypass_csp=True) as visitor:
        begins(visitor)
        is_open_to_all(visitor)
        visitor.follows("1. Speak early")
        for title, button, answer, also in TRIED:
            assert visitor.title == title
            tries(visitor, button)
            visitor.sees("What came back", answer, also)
            visitor.sees_not("it should not")
            is_open_to_all(visitor)
            visitor.follows(re.compile("^Next: "))

        assert visitor.title == "Change the result"
        visitor.follows("Let the car be carried")
        tries(visitor, "Run it")
        visitor.sees("Done: 1 row was changed.", "outcome is carried; the record says not-carried")
        visitor.sees("state_matches")
        is_open_to_all(visitor)
        visitor.field("SQL, one statement").fill("SELECT how FROM bodies_term")
        tries(visitor, "Run it")
        visitor.sees("You only looked")
        visitor.field("SQL, one statement").fill("DROP TABLE bodies_term")
        tries(visitor, "Run it")
        visitor.sees("This shell reads and changes rows of your own copy")

        visitor.follows("Next: Rewrite the record")
        visitor.chooses("Let a signature under my recall never have been")
        tries(visitor, "Rewrite it")
        visitor.sees("Nothing is signed", "and found nothing.", "history was rewritten", "history_kept")
        assert len(set(stamps(visitor))) == 2
        is_open_to_all(visitor)
        visitor.keeps_picture("rigit-record-390-light")

        visitor.follows("Now the other seat")
        tries(visitor, "Look after it")
        visitor.sees("It is not there.", "one of them is in your hand", "It stands once among the 15")
        visitor.sees("history_kept")
        assert len(set(stamps(visitor))) == 2
        is_open_to_all(visitor)
        visitor.keeps_picture("rigit-seat-390-light")

        visitor.follows("Back to the desk")
        expect(visitor.page.locator(".eight .tag")).to_have_count(8)
        visitor.presses("Begin the evening again")
        visitor.sees("Your copy is as it was at twenty to seven.")
        expect(visitor.page.locator(".eight .tag")).to_have_count(0)


def test_without_scripts_and_under_the_strict_policy_it_is_the_same(
    browser: Browser, demonstration: House
) -> None:
    with somebody(browser, demonstration, java_script_enabled=False) as visitor:
        begins(visitor)
        visitor.follows("4. Edit a critic")
        tries(visitor, "Put it better", scripts=False)
        visitor.sees("only their author changes or erases them")
        visitor.goes("/demo/rig-it/shell/")
        visitor.follows("Give me five more years")
        tries(visitor, "Run it", scripts=False)
        visitor.sees("Done: 1 row was changed.", "terms says ends_at is")
        visitor.presses("Take a fresh copy")
        visitor.sees("Your copy is as it was at twenty to seven.")
        visitor.goes("/demo/rig-it/other-seat/")
        tries(visitor, "Look after it", scripts=False)
        visitor.sees("It is there: entry", "It holds:", "found nothing", "They are the same.")
        assert len(set(stamps(visitor))) == 1


def stamps(visitor: Person) -> list[str]:
    """The stamps side by side."""
    return visitor.page.locator(".stamps .words").all_inner_texts()
