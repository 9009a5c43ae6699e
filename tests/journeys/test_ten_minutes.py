# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ten minutes of the README, step by step in its own words, on a phone and at a desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Opener
from tests.journeys.walking import DESK, PHONE, Person, barriers, somebody, words_in_view

# The copies that visitors try things on lie in SQLite, wherever the house lies.
pytestmark = [pytest.mark.journey, pytest.mark.any_database]
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
A_MINUTE = 230
"""Words that somebody reads in a minute who is in no hurry."""


class Newcomer:
    """Somebody who does what the README says, and reads what stands above the fold of each page."""

    def __init__(self, person: Person) -> None:
        self.person, self.clicks = person, 0
        self.pages: list[tuple[str, int, int]] = []

    def reads(self, page: str) -> None:
        """Wait until a page is there, and read what is in view."""
        self.person.page.wait_for_load_state("networkidle")
        self.pages.append((page, *words_in_view(self.person.page)))

    def follows(self, name: str, page: str) -> None:
        self.clicks += 1
        self.person.follows(re.compile(name, re.DOTALL))
        self.reads(page)

    def presses(self, name: str, page: str) -> None:
        self.clicks += 1
        self.person.presses(re.compile(name))
        for _look in range(240):
            if self.person.title != "A moment":
                break
            self.person.page.wait_for_timeout(500)
        self.reads(page)


@pytest.mark.long  # the whole federation is built for it
def test_the_readme_and_the_pages_say_the_same_and_ten_minutes_are_enough(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("both")
    for size in (PHONE, DESK):
        with somebody(browser, house, viewport=size, bypass_csp=True) as visitor:
            if size is DESK:
                visitor.goes("/demo/")
                visitor.presses("Start again from the first day")
                visitor.sees("Everything is as on the first day.")
            newcomer = Newcomer(visitor)
            walks(newcomer)
            read = sum(words for _page, words, _beside in newcomer.pages)
            assert read <= 10 * A_MINUTE, (size["width"], read, newcomer.pages)
            assert newcomer.clicks <= 25


def walks(newcomer: Newcomer) -> None:
    """The five steps. Every name that is pressed here and printed bold there is the same."""
    visitor = newcomer.person
    visitor.goes("/")
    newcomer.reads("the first page")
    assert barriers(visitor.page) == []
    visitor.sees("Ten minutes")

    newcomer.follows("^Enter as somebody$", "the demonstration")
    assert barriers(visitor.page) == []
    newcomer.presses("^Priya Lindqvist$", "what needs me now")
    newcomer.follows("^Read and vote.*A shed for forty bicycles", "the ballot")
    newcomer.clicks += 1
    visitor.chooses("Yes")
    newcomer.presses("^Look it over$", "what was chosen")
    newcomer.presses("^Cast this ballot$", "the receipt")
    visitor.sees("It is in the box")

    newcomer.follows("^Enter as somebody else$", "the demonstration")
    newcomer.follows("^Be refused$", "who would be refused")
    newcomer.presses("^Enter as Henrike Solberg and say it$", "the refusal")
    visitor.sees("Members speak first")

    newcomer.follows("^Move the clock$", "the clock")
    newcomer.presses("^To what happens next$", "what happened by itself")
    visitor.sees("This happened by itself, the last first:")

    newcomer.follows("^Enter as somebody else$", "the demonstration")
    newcomer.follows("^Alder House$", "who is in Alder House")
    newcomer.presses("^Piet Alvaro$", "what needs Piet now")

    newcomer.follows("^Enter as somebody else$", "the demonstration")
    newcomer.follows("^Rig it$", "the way to the desk")
    newcomer.follows("^Try to rig it$", "before the desk")
    visitor.presses("Sit down at the desk")
    visitor.page.get_by_role("heading", name="Eight temptations").wait_for(timeout=120_000)
    newcomer.clicks += 1
    newcomer.reads("the desk")
    newcomer.follows("^7. Change the result$", "the shell")
    newcomer.presses("^Run it$", "what the auditor finds")
    visitor.sees("outcome is carried; the record says not-carried")
    newcomer.follows("^All eight$", "the desk")
    newcomer.follows("^Sit down at the kitchen table$", "the other seat")
    newcomer.presses("^Look after it$", "what a member sees")
    visitor.sees("Your stamp, from your pocket")


def test_the_readme_names_what_stands_on_the_pages() -> None:
    steps = README.split("ten minutes", 1)[1].split("And check it", 1)[0]
    named = re.findall(r"\*\*([^*]+)\*\*", re.sub(r"\s+", " ", steps))
    assert len(named) >= 12
    walk = Path(__file__).read_text("utf-8")
    assert [name for name in named if name not in walk and name != "the other seat"] == []
