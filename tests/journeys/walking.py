# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who walk through a house: they see headings, labels, buttons and links, and nothing else."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.journeys.houses import PATIENCE, House
from tests.journeys.letters import hidden_in, name_in, people_on

TREES = Path(__file__).parent / "trees"
SCREENS = Path(__file__).parents[1] / "_screens"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

expect.set_options(timeout=PATIENCE * 1000)
"""A page that counts a vote takes its time on a loaded machine; what is there is seen at once all the same."""

_EXPECTED = re.compile(r"status of (401|403|404|422|429)\b")
"""A browser notes every page that says no; those pages are meant."""


@dataclass
class Person:
    """Somebody in front of a browser."""

    house: House
    page: Page
    slug: str = "tidewater"
    wrong: list[str] = field(default_factory=list)  # what went wrong under way

    # --- Going ---

    def goes(self, path: str) -> Response:
        """Go to an address of the organisation; one that begins with / is an address of the house."""
        address = path if path.startswith("/") else f"/{self.slug}/{path}"
        answer = self.page.goto(self.house.url + address)
        assert answer is not None
        return answer

    def follows(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow a link, by what it says."""
        (within or self.page).get_by_role("link", name=name).first.click()

    def finds(self, path: str, name: str | re.Pattern[str]) -> None:
        """Come back to a page until the link is there that the clock brings in a moment; follow it."""
        until = time.monotonic() + PATIENCE
        while True:
            self.goes(path)
            if self.page.get_by_role("link", name=name).count():
                return self.follows(name)
            if time.monotonic() > until:
                raise AssertionError(f"{path} never led to {name!r}: {self.text()}")
            self.page.wait_for_timeout(200)

    def presses(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button, by what it says."""
        (within or self.page).get_by_role("button", name=name).first.click()

    def fills(self, **fields: str) -> None:
        """Fill in fields: `your_words="…"` fills the one labelled “Your words”."""
        for label, text in fields.items():
            self.field(label.replace("_", " ")).fill(text)

    def field(self, label: str) -> Locator:
        """The field with a label."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}", re.IGNORECASE)).first

    def unfolds(self, words: str) -> None:
        """Open what is folded under some words."""
        self.page.locator("summary", has_text=words).first.click()

    def chooses(self, label: str) -> None:
        """Choose one of several round buttons."""
        self.page.get_by_role("radio", name=label, exact=True).first.check()

    # --- Seeing ---

    def sees(self, *words: str | re.Pattern[str]) -> None:
        """See words on the page (waits for them)."""
        for some in words:
            expect(self.page.locator("body")).to_contain_text(some, ignore_case=False)

    def sees_not(self, *words: str | re.Pattern[str]) -> None:
        """See that words are not there."""
        for some in words:
            expect(self.page.locator("body")).not_to_contain_text(some)

    def sees_no_way(self, name: str | re.Pattern[str]) -> None:
        """See neither link nor button of a name."""
        for role in ("link", "button"):
            expect(self.page.get_by_role(role, name=name)).to_have_count(0)  # type: ignore[arg-type]

    def hears(self, tree: str) -> None:
        """Be told by a screen reader what `trees/<tree>.yaml` says: roles and names, in this order; the page may
        hold more."""
        expect(self.page.get_by_role("main")).to_match_aria_snapshot(
            (TREES / f"{tree}.yaml").read_text("utf-8")
        )

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.page.get_by_role("heading", level=1).first.inner_text()

    def text(self) -> str:
        """Everything that is to be read on the page."""
        return self.page.locator("main").inner_text()

    def keeps_picture(self, name: str) -> None:
        """Keep a picture of the page, for people to look at, where they asked for it (KOLLONTAI_PICTURES=1)."""
        if not os.environ.get("KOLLONTAI_PICTURES"):
            return
        SCREENS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    # --- Coming in ---

    def enters_as(self, name: str, *, by_the_page: bool = False) -> None:
        """Enter a demonstration as one of its members: by its page, or by the same form sent without a look at it.

        Without a look the page that was open stays open.
        """
        if not by_the_page:
            page = self._fetches()
            people = people_on(page)
            assert name in people, f"{name} is not among {people}"
            self._sends(page, "enter", member=people[name])
            return
        self.goes(f"/demo/?of={self.slug}")
        options = self.field("Somebody").locator("option").all_inner_texts()
        found = [option for option in options if name_in(option) == name]
        assert found, f"{name} is not among {options}"
        self.field("Somebody").select_option(label=found[0])
        self.page.get_by_role("button", name="Enter", exact=True).click()
        self.sees(name)

    def _fetches(self) -> str:
        """The page of the demonstration, as it comes, not laid out."""
        return self.page.context.request.get(f"{self.house.url}/demo/?of={self.slug}").text()

    def _sends(self, page: str, path: str, **fields: str) -> str:
        form = hidden_in(page) | {"of": self.slug} | fields
        answer = self.page.context.request.post(f"{self.house.url}/demo/{path}/", form=form)  # type: ignore[arg-type]
        assert answer.ok, answer.text()
        return answer.text()

    def comes_in(self, email: str) -> None:
        """Sign in by the code in one's mailbox."""
        self.goes("/sign-in/")
        self.fills(your_mail_address=email)
        self.presses("Send me a code")
        expect(self.field("The 8 characters")).to_be_visible()  # before that no code has been sent
        self.fills(the_8_characters=self.house.code_for(email))
        self.presses("Come in")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def moves_the_clock(self, button: str = "To what happens next", *, by_the_page: bool = False) -> None:
        """Move the clock of a demonstration; as `enters_as`."""
        happened = re.compile(r"happened by (itself|themselves)\.")
        if not by_the_page:
            page = self._fetches()
            step = re.search(rf'name="step" value="(\w+)">{button}<', page)
            assert step, f"there is no {button!r}"
            assert happened.search(self._sends(page, "clock", step=step[1]))
            return
        self.goes(f"/demo/?of={self.slug}")
        self.presses(button)
        self.sees(happened)


AXE = Path(__file__).parents[1] / "vendor/axe.min.js"
EVERY_RULE = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
OF_COLOUR = "['color-contrast', 'link-in-text-block']"
"""The rules that can say something else in the dark: there the same page has other colours, and no more."""


def barriers(page: Page) -> list[str]:
    """What axe finds on a page, in the light and in the dark, and whether it is wider than the screen."""
    page.wait_for_load_state()  # what is not laid out yet has no size
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"() => {{{AXE.read_text('utf-8')}}}")
    found = []
    for scheme, kind, rules in (("light", "tag", EVERY_RULE), ("dark", "rule", OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        said = page.evaluate(
            f"axe.run({{runOnly: {{type: '{kind}', values: {rules}}}, resultTypes: ['violations']}})"
            ".then(all => all.violations.map(one => [one.id, one.nodes[0].html.slice(0, 120)]))"
        )
        found += [f"{scheme}: {rule}: {where}" for rule, where in said]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("is wider than the screen")
    return found


def barriers_anywhere(page: Page) -> list[str]:
    """What axe finds on a page, on a telephone and on a desk."""
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']}: {one}" for one in barriers(page)]
    return found


IN_VIEW = r"""() => {
  const words = [0, 0], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (!holder.checkVisibility({visibilityProperty: true}) || holder.closest('script, style, option')) continue;
    for (const word of text.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      const seen = box.width > 1 && box.height > 1 && box.top < innerHeight && box.bottom > 0;
      if (seen && /[\p{L}\p{N}]/u.test(word[0])) words[holder.closest('main') ? 0 : 1] += 1;
    }
  }
  return words;
}"""


def words_in_view(page: Page) -> tuple[int, int]:
    """How many words stand on the screen without scrolling: those of the page, and those above and below it."""
    own, beside = page.evaluate(IN_VIEW)
    return own, beside


def weighed(person: Person, path: str) -> dict[str, int]:
    """What comes over the wire when a page is visited for the first time: bytes of each part, by its name."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    bytes_of: dict[str, int] = {}

    def came(event: dict[str, Any]) -> None:
        name = names[event["requestId"]]
        bytes_of[name] = bytes_of.get(name, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.loadingFinished", came)
    assert person.goes(path).ok, path
    person.page.wait_for_load_state()
    person.page.evaluate("document.fonts.ready")
    person.page.wait_for_timeout(500)  # what a script might fetch afterwards
    session.detach()
    return bytes_of


@contextmanager
def somebody(browser: Browser, house: House, slug: str = "tidewater", **more: Any) -> Iterator[Person]:
    """A browser of one's own; whatever it complains about fails the journey."""
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", **more})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    person = Person(house, page, slug)
    listen(page, person.wrong)
    try:
        yield person
    finally:
        context.close()
    assert not person.wrong, person.wrong


def listen(page: Page, wrong: list[str]) -> None:
    """Note errors of scripts, refused files and pages that broke."""

    def said(message: Any) -> None:
        if message.type == "error" and not _EXPECTED.search(message.text):
            wrong.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            wrong.append(f"{response.url}: status {response.status}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("response", answered)


def walk_clock_until(person: Person, path: str, words: str) -> None:
    """Move the clock from deadline to deadline until a page says something."""
    for _deadline in range(30):
        person.goes(path)
        if words in person.text():
            return
        person.moves_the_clock()
    raise AssertionError(f"{path} never said {words!r}: {person.text()}")


def issue_of(person: Person) -> str:
    """The address of the issue whose page is open."""
    found = re.search(r"/(issues/\d+/)", person.page.url)
    assert found
    return found[1]


def poll_of(person: Person) -> str:
    """The key of the vote whose page is open."""
    found = re.search(r"/votes/(\w+)/", person.page.url)
    assert found
    return found[1]
