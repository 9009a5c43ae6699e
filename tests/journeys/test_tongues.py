# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages come across: long words on a telephone, from the right, by ear, and what a first visit weighs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.walking import PHONE, Person, barriers, somebody, weighed

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

PAGES = ("", "issues/", "issues/new/", "votes/", "posts/", "posts/powers/", "elections/", "petitions/", "members/",
    "charter/", "record/", "mine/", "who-sees-what/", "export/", "/account/", "/")  # fmt: skip
TO_THE_SIDES = """() => {
  const wide = document.documentElement.clientWidth;
  const folded = (one) => one.closest("details:not([open]), .wide, .aloud, .skip, pre");
  return [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && !folded(one) && (box.left < -1 || box.right > wide + 1);
  }).map((one) => one.outerHTML.slice(0, 90)).slice(0, 3);
}"""
"""What stands out over the left or the right edge of the screen, but for what scrolls by itself."""

MOVES = "() => { scrollTo(-500, 0); const by = scrollX; scrollTo(500, 0); return [by, scrollX]; }"
"""How far a page moves to either side when it is pushed."""


@pytest.fixture(scope="module")
def house(open_house: Opener) -> House:
    """A demonstration to look at."""
    return open_house("demonstration")


def addresses(person: Person) -> list[str]:
    """Pages of each kind, with one issue, one vote, one election and one member."""
    found = list(PAGES)
    for place, part in (
        ("issues/", "issues/"),
        ("votes/", "votes/"),
        ("elections/", "elections/"),
        ("members/", "members/"),
    ):
        person.goes(place)
        links = person.page.locator(f"main a[href*='/{part}']")
        for at in range(min(links.count(), 3)):
            found.append(str(links.nth(at).get_attribute("href")).partition("#")[0])
    return found


def test_on_a_telephone_no_page_is_wider_than_the_screen_in_german_or_written_from_the_right(
    browser: Browser, house: House
) -> None:
    with somebody(browser, house, viewport=PHONE) as person:
        person.enters_as("Edda Kowal")
        there = addresses(person)
        person.goes("")
        person.presses("Deutsch")
        page = person.page
        for address in there:
            answer = person.goes(address)
            assert answer.status == 200, address
            expect(page.locator("html")).to_have_attribute("lang", "de")
            assert page.evaluate(TO_THE_SIDES) == [], address
            page.evaluate("document.documentElement.dir = 'rtl'")
            assert page.evaluate(TO_THE_SIDES) == [], f"{address} from the right"
            assert page.evaluate(MOVES) == [0, 0], f"{address} from the right"
        page.evaluate("document.querySelector('main').append(document.createElement('hr'))")
        page.evaluate("document.querySelector('main').lastChild.style.width = '900px'")
        assert page.evaluate(TO_THE_SIDES) != [], "what is too wide is not seen"
        assert page.evaluate(MOVES) != [0, 0], "what is too wide is not seen"


def test_a_page_in_another_language_has_no_barriers(browser: Browser, house: House) -> None:
    with somebody(browser, house, viewport=PHONE, locale="es-MX", bypass_csp=True) as person:
        for address in ("/", "", "charter/"):
            person.goes(address)
            expect(person.page.locator("html")).to_have_attribute("lang", "es")
            assert barriers(person.page) == [], address


MOST = 150
WEIGHS = {
    "": 117, "issues/": 93, "issues/1/": 95, "votes/": 97, "posts/": 94, "members/": 94, "charter/": 107, "record/": 95,
    "elections/": 93, "/help/voting/": 106,
}  # fmt: skip
"""What each main page may weigh on a first visit, in kB as they travel. On the first of them scripts come with it."""


def test_the_first_visit_of_a_main_page_is_light(browser: Browser, house: House) -> None:
    with somebody(browser, house, viewport=PHONE) as person:
        person.enters_as("Edda Kowal")
        found = {path: weighed(person, path) for path in WEIGHS}
    faces = {name for parts in found.values() for name in parts if name.endswith(".woff2")}
    assert len(faces) >= 2, "the typefaces were weighed too"
    kilobytes = {path: sum(parts.values()) / 1000 for path, parts in found.items()}
    assert {path: kb for path, kb in kilobytes.items() if kb > min(MOST, WEIGHS[path])} == {}


def test_what_a_screen_reader_is_told_is_what_the_page_shows(browser: Browser, house: House) -> None:
    with somebody(browser, house, bypass_csp=True) as edda, somebody(browser, house) as henrike:
        edda.enters_as("Edda Kowal")
        edda.goes("")
        edda.hears("what-needs-me-now")
        for place, name, tree in (
            ("issues/", "Dues from 6 to 7", "issue"),
            ("votes/", "A shed for forty bicycles", "ballot"),
            ("votes/", "Archivist", "election-ballot"),
            ("votes/", "The bulletin", "result"),
            ("elections/", "Archivist", "election"),
        ):
            edda.goes(place)
            edda.follows(name, within=edda.page.get_by_role("main"))
            edda.hears(tree)
        with pytest.raises(AssertionError):
            expect(edda.page.get_by_role("main")).to_match_aria_snapshot(
                '- heading "Archivist" [level=2]', timeout=1
            )
        for place in ("/demo/?of=tidewater", "mine/notices/", "letters/", "notices/print/", "who-runs-this/"):
            edda.goes(place)
            assert barriers(edda.page) == [], place
        henrike.enters_as("Henrike Solberg")
        henrike.goes("issues/4/speak/")
        henrike.hears("refusal")
