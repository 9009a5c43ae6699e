# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many at once, twice at once, and back again: one person, one act, one ballot."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.letters import Answer, Correspondent, members_of
from tests.journeys.walking import poll_of, somebody

pytestmark = pytest.mark.journey

ENTRIES = "SELECT COUNT(*) FROM record_entryrow WHERE kind = ? AND subject = ?"
BALLOTS = "SELECT COUNT(*) FROM voting_openballot WHERE poll_id = ?"


@pytest.fixture(scope="module")
def house(open_house: Opener) -> House:
    """A demonstration in which one vote is open."""
    return open_house("demonstration")


@pytest.fixture(scope="module")
def poll(house: House) -> str:
    """A vote on one draft, opened by the clock."""
    anybody = Correspondent(house)
    everybody = members_of(house)
    mover = Correspondent(house)
    mover.enters_as(everybody["Nadia Okonjo"])
    raised = mover.sends(
        "issues/new/", title="A lamp at the gate", text="It is dark.", draft_title="A lamp",
        draft_text="A lamp burns at the gate.", unit_id=unit_of(mover),
    )  # fmt: skip
    issue = re.search(r"/(issues/\d+/)", raised.address)
    assert issue, raised.body
    for name in ("Samir Holloway", "Greta Molnar"):
        supporter = Correspondent(house)
        supporter.enters_as(everybody[name])
        assert supporter.sends(issue[1] + "support/").says("You stand behind it.")
    for _deadline in range(30):
        found = re.search(r"/votes/(\w+)/\"[^>]*>To the ballot", mover.fetches(issue[1]).body)
        if found:
            return found[1]
        anybody.sends("/demo/clock/", form="/demo/", of="tidewater", step="next")
    raise AssertionError("the vote never opened")


def unit_of(member: Correspondent) -> str:
    """The first unit that a form offers."""
    found = re.search(r'<option value="(\w+)"', member.fetches("issues/new/").body)
    assert found
    return found[1]


def test_thirty_two_ballots_at_once_are_thirty_two_or_one_each(house: House, poll: str) -> None:
    everybody = members_of(house)
    left = [name for name in sorted(everybody) if name not in ("a stranger", "Edda Kowal", "Kofi Harland")]
    voters = left[:28]
    senders = [Correspondent(house) for _voter in voters]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: pair[0].enters_as(everybody[pair[1]]), zip(senders, voters, strict=True)))
        # Four of them have the paper before them twice: thirty-two ballots leave in the same moment.
        twice = [*senders, *senders[:4]]
        papers = list(pool.map(lambda sender: sender.fetches(f"votes/{poll}/"), twice))
    assert len(papers) == 32
    assert all(paper.says("Your ballot") for paper in papers)
    together = threading.Barrier(32)

    def cast(sender: Correspondent, paper: Answer) -> Answer:
        together.wait()
        return sender.sends(f"votes/{poll}/cast/", form=paper, choice="yes")

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(cast, twice, papers))
    assert [answer.status for answer in answers] == [200] * 32, [answer.status for answer in answers]
    assert all(answer.says("It is in the box") for answer in answers)
    assert house.rows(BALLOTS, poll) == [(28,)]
    assert house.rows(ENTRIES, "ballot.cast", poll) == [(28,)]
    for sender in senders:
        assert sender.fetches(f"votes/{poll}/receipt/").says("It stands on the record as entry")


def test_a_double_click_two_tabs_and_the_way_back_make_one_ballot(
    browser: Browser, house: House, poll: str
) -> None:
    [(before,)] = house.rows(BALLOTS, poll)
    with somebody(browser, house) as edda:
        edda.enters_as("Edda Kowal")
        tabs = [edda.page, edda.page.context.new_page()]
        for tab, choice in zip(tabs, ("Yes", "No"), strict=True):
            tab.goto(f"{house.url}/tidewater/votes/{poll}/")
            tab.get_by_role("radio", name=choice, exact=True).check()
            tab.get_by_role("button", name="Look it over").click()
        tabs[0].get_by_role("button", name="Cast this ballot").dblclick()
        edda.sees("It is in the box")
        tabs[1].get_by_role("button", name="Cast this ballot").click()
        expect(tabs[1].locator("main")).to_contain_text("Your ballot is in the box already.")
        # The way back shows the old paper again; sending it once more leads to the receipt.
        edda.page.go_back()
        edda.page.get_by_role("button", name="Cast this ballot").click()
        edda.sees("It is in the box")
        assert poll_of(edda) == poll
    assert house.rows(BALLOTS, poll) == [(before + 1,)]
    assert house.rows(ENTRIES, "ballot.cast", poll) == [(before + 1,)]


def test_words_sent_twice_stand_once(browser: Browser, house: House) -> None:
    with somebody(browser, house) as kofi:
        kofi.enters_as("Kofi Harland")
        kofi.goes("issues/new/")
        for label, words in {
            "Title": "Said once", "Why": "Pressed twice.", "The first draft, in a line": "Once",
            "The first draft, line by line": "Once is enough.",
        }.items():  # fmt: skip
            kofi.field(label).fill(words)
        kofi.page.get_by_role("button", name="Put it before the members").dblclick()
        kofi.sees("Said once")
        kofi.page.go_back()
        kofi.presses("Put it before the members")
        kofi.sees("Said once")
        kofi.goes("issues/")
        expect(kofi.page.get_by_role("link", name="Said once")).to_have_count(1)


def test_the_record_of_the_crowd_is_whole(house: House, poll: str) -> None:
    copy = house.new_folder()
    assert house.command("export", "tidewater", "--to", copy).returncode == 0
    audited = house.command("audit", copy)
    assert audited.returncode == 0, audited.stdout
