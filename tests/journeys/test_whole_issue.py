# SPDX-License-Identifier: AGPL-3.0-or-later
"""An issue from the first word to the day it is in force: the members first, the leaders after."""

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

TOO_EARLY = "Listen to me before you talk."
SEALED = "I shall not hide that I would rather mend the old one."
DATE = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} \w{3}")
VOTERS = ("Nadia Okonjo", "Samir Holloway", "Edda Kowal", "Wim Castellane", "Pilar Thorsen", "Idris Callow")


def vote(house: House, names: tuple[str, ...], poll: str, **choice: str) -> None:
    """Let some members vote, without walking through their pages."""
    everybody = members_of(house)
    for name in names:
        voter = Correspondent(house)
        voter.enters_as(everybody[name])
        answer = voter.sends(f"votes/{poll}/cast/", form=f"votes/{poll}/", **choice)
        assert answer.says("Your ballot is in the box."), answer.body


def test_members_speak_first_a_leader_is_refused_and_what_carries_is_in_force(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        nadia = all_of_them.enter_context(somebody(browser, house))
        henrike = all_of_them.enter_context(somebody(browser, house))
        greta = all_of_them.enter_context(somebody(browser, house, viewport=PHONE, color_scheme="dark"))

        # Raised by anybody; nobody has to allow it.
        nadia.enters_as("Nadia Okonjo")
        nadia.goes("")
        nadia.follows("Raise something")
        nadia.field("Title").fill("A kettle for the wash hall")
        nadia.field("Why").fill("The old one **leaks** onto the socket.")
        nadia.field("The first draft, in a line").fill("Buy one for at most 30")
        nadia.field("The first draft, line by line").fill("We buy a kettle.\nIt costs 30 at most.")
        nadia.presses("Put it before the members")
        nadia.sees("It is raised.", "A kettle for the wash hall", "of 3 supporters")
        issue = issue_of(nadia)
        expect(nadia.page.get_by_text("leaks")).to_have_css("font-weight", "700")

        # Two others stand behind it; with the last of them the talk begins by itself.
        for name in ("Samir Holloway", "Greta Molnar"):
            greta.enters_as(name)
            greta.goes(issue)
            greta.follows("Stand behind it")
            greta.presses("I stand behind it")
            greta.sees("You stand behind it.")
        greta.sees("day 1 of")

        # The members talk.
        nadia.goes(issue)
        nadia.chooses("For")
        nadia.field("Your words").fill("I have been wet *twice* this week.")
        nadia.presses("Put it on the table")
        nadia.sees("Your words stand in the talk.", "I have been wet twice this week.")
        nadia.goes(issue)
        nadia.chooses("A question")
        nadia.field("Your words").fill("How much is left for small things this year?")
        nadia.presses("Put it on the table")
        greta.goes(issue)
        greta.follows("Answer Nadia Okonjo", within=greta.page.get_by_role("article").filter(has_text="wet"))
        greta.chooses("Against")
        greta.field("Your words").fill("A towel costs 4.")
        greta.presses("Put it on the table")
        greta.sees("Your answer stands in the talk.", "A towel costs 4.")

        # One may mute somebody, for oneself alone.
        greta.goes(issue)
        greta.follows("Mute Nadia Okonjo")
        greta.presses("Mute")
        greta.goes(issue)
        greta.sees("Somebody you muted. One click to read.")
        expect(greta.page.get_by_text("I have been wet")).not_to_be_visible()
        nadia.goes(issue)
        nadia.sees_not("Somebody you muted")

        # Who leads is refused at every door of the members' talk, with the article and the day it opens.
        henrike.enters_as("Henrike Solberg")
        henrike.goes(issue)
        henrike.sees("You lead on this.")
        henrike.sees_no_way("Put it on the table")
        henrike.keeps_picture("refusal-in-the-talk-1280-light")
        for door in ("speak/", "drafts/new/"):
            answer = henrike.goes(issue + door)
            assert answer.status == 403, door
            is_refused_kindly(henrike, door)
        assert henrike.goes(issue + "drafts/A/revise/").status == 403
        henrike.sees("Only whoever moved a draft changes it")
        sender = Correspondent(house)
        sender.enters_as(members_of(house)["Henrike Solberg"])
        forced = sender.sends(issue + "speak/", form="/demo/", stance="for", text=TOO_EARLY)
        assert forced.status == 422
        assert forced.says(TOO_EARLY), "what was typed is given back"
        nadia.goes(issue)
        nadia.sees_not(TOO_EARLY)

        # Another draft is put beside the first; who leads cannot support it.
        nadia.follows("Put another draft beside it")
        nadia.field("The draft, in a line").fill("Mend the old one")
        nadia.field("The draft, line by line").fill("The old kettle is mended.")
        nadia.presses("Put it beside the others")
        nadia.sees("Your draft is put.")
        assert henrike.goes(issue + "drafts/B/support/").status == 403
        is_refused_kindly(henrike, "drafts/B/support/")
        nadia.goes(issue + "drafts/B/withdraw/")
        nadia.presses("Take it back")

        # A question of fact may be answered, and one statement be sealed ahead.
        henrike.goes(issue)
        henrike.follows("Answer with a fact")
        henrike.field("The fact").fill("112.40 of 400.")
        henrike.field("Where can others look it up?").fill("Budget of the year, line 9")
        henrike.presses("State it")
        henrike.sees("The fact stands below the question.", "112.40 of 400.", "Budget of the year, line 9")
        henrike.goes(issue)
        henrike.follows("Lodge a sealed statement")
        henrike.field("Your statement").fill(SEALED)
        henrike.presses("Seal it")
        henrike.sees("Your statement is sealed.")
        nadia.goes(issue)
        nadia.sees("A sealed statement is waiting", "Henrike Solberg lodged it")
        assert SEALED not in nadia.page.content()
        nadia.keeps_picture("issue-in-talk-1280-light")
        greta.goes(issue)
        greta.keeps_picture("issue-in-talk-390-dark")

        # The clock opens the leaders' turn and the statement; then the members reply.
        walk_clock_until(henrike, issue, SEALED)
        henrike.sees("Sealed statement, opened by the clock")
        henrike.chooses("Against")
        henrike.field("Your words").fill("Now it is my turn, and I say: mend it.")
        henrike.presses("Put it on the table")
        henrike.sees("Now it is my turn")
        assert nadia.goes(issue + "speak/").status == 403, "while the leaders answer, members listen"
        walk_clock_until(nadia, issue, "Where do you stand?")
        nadia.chooses("For")
        nadia.field("Your words").fill("It was mended twice.")
        nadia.presses("Put it on the table")
        nadia.sees("It was mended twice.")
        assert henrike.goes(issue + "speak/").status == 403

        # The vote, by keyboard alone.
        walk_clock_until(nadia, issue, "To the ballot")
        nadia.goes("")
        nadia.sees("A kettle for the wash hall")
        vote_by_keyboard(nadia, issue)
        nadia.sees("It is in the box")
        nadia.keeps_picture("receipt-1280-light")
        nadia.goes(issue)
        nadia.follows("To the ballot")
        poll = poll_of(nadia)
        nadia.sees("You have voted")
        vote(house, VOTERS[1:], poll, choice="yes")
        vote(house, ("Henrike Solberg",), poll, choice="no")

        # Closed by the clock, counted, in force by itself.
        walk_clock_until(nadia, issue, "In force since")
        nadia.goes(f"votes/{poll}/")
        nadia.sees("7 of 30 voted.", "In force by itself")
        nadia.page.get_by_text("7 ballots").click()
        expect(nadia.page.get_by_role("row").filter(has_text="Henrike Solberg")).to_contain_text("No")
        nadia.keeps_picture("result-yes-no-1280-light")
        greta.goes("")
        greta.sees("A kettle for the wash hall", "In force since")
        nadia.goes(issue)
        nadia.sees("The result, with every figure")
        nadia.sees_no_way("Put it on the table")

        # And the auditor, who believes nothing but the record, finds nothing.
        copy = house.new_folder()
        assert house.command("export", "tidewater", "--to", copy).returncode == 0
        audited = house.command("audit", copy, "--vkey", house.vkey)
        assert audited.returncode == 0, audited.stdout


def is_refused_kindly(person: Person, door: str) -> None:
    """The page says why, by which article, until when, and what can be done today; no code, no jargon."""
    text = person.text()
    assert re.search(r"Article\s+2\b", text, re.IGNORECASE), (door, text)
    assert DATE.search(text), (door, text)
    assert "What you can do today" in text, (door, text)
    assert not re.search(r"\b[A-Z]\d\b", text), f"{door}: a limit is named by its code"


def vote_by_keyboard(person: Person, issue: str) -> None:
    """Tab, Space, arrows and Enter are enough."""
    person.goes(issue)
    keys = person.page.keyboard
    tab_to(person, "To the ballot")
    keys.press("Enter")
    person.sees("Your ballot")
    tab_to(person, "Yes")
    keys.press("Space")
    expect(person.page.get_by_role("radio", name="Yes")).to_be_checked()
    tab_to(person, "Look it over")
    keys.press("Enter")
    person.sees("Is this what you want?")
    tab_to(person, "Cast")
    keys.press("Enter")


def tab_to(person: Person, name: str) -> None:
    """Press Tab until the thing of a name has the focus, and see that its focus shows."""
    for _key in range(80):
        person.page.keyboard.press("Tab")
        focused = person.page.evaluate(
            """() => { const it = document.activeElement;
            const name = it.labels && it.labels.length ? it.labels[0].innerText : it.innerText || "";
            const style = getComputedStyle(it);
            return [name.trim(), style.outlineStyle !== "none" || style.boxShadow !== "none"]; }"""
        )
        if focused[0].startswith(name):
            assert focused[1], f"the focus on {name} does not show"
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_drafts_are_ranked_by_numbers_and_a_second_ballot_is_refused(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with somebody(browser, house) as lotte:
        lotte.enters_as("Lotte Quayle")
        lotte.goes("issues/")
        lotte.follows("Buy the canteen freehold for 38,000")
        expect(lotte.page.get_by_role("heading", level=1)).to_contain_text("canteen")
        issue = issue_of(lotte)
        walk_clock_until(lotte, issue, "To the ballot")
        lotte.follows("To the ballot")
        poll = poll_of(lotte)
        other_tab = lotte.page.context.new_page()
        other_tab.goto(lotte.page.url)
        lotte.keeps_picture("ballot-ranked-1280-light")

        # A clash is explained, and everything typed is kept.
        lease, leave = (lotte.field(words) for words in ("Lease for ten years instead", "Leave"))
        as_put = re.compile("^Buy, with a loan of 20,000(?!, with)")  # and not as amendments make it
        buy = lotte.page.get_by_label(as_put).first
        buy.fill("1")
        lease.fill("1")
        leave.fill("3")
        lotte.presses("Look it over")
        lotte.sees("both carry the number 1", "your numbers are kept")
        for box, number in ((buy, "1"), (lease, "1"), (leave, "3")):
            expect(box).to_have_value(number)
        expect(buy).to_have_attribute("aria-invalid", "true")
        lotte.keeps_picture("ballot-clash-1280-light")
        lease.fill("2")
        lotte.presses("Look it over")
        lotte.sees("Is this what you want?")
        expect(lotte.page.locator("main").get_by_role("listitem")).to_contain_text(
            ["Buy, with a loan of 20,000", "Lease for ten years instead"]
        )
        lotte.keeps_picture("ballot-review-1280-light")
        lotte.presses("Cast")
        lotte.sees("It is in the box", "Your receipt", "entry")

        # The other tab still shows the empty paper; it does not become a second ballot.
        box = other_tab.get_by_label("Lease for ten years instead")
        box.fill("1")
        other_tab.get_by_role("button", name="Look it over").click()
        other_tab.get_by_role("button", name=re.compile("Cast")).click()
        expect(other_tab.locator("main")).to_contain_text(re.compile("already|have voted", re.IGNORECASE))
        lotte.goes(f"votes/{poll}/")
        lotte.sees("You have voted")

        # Others vote; the clock closes, counts, and puts the winner in force.
        buyers = ("Amrit Bhandari", "Tomasz Ferreira", "Kofi Harland", "Dov Marchetti", "Nadia Okonjo")
        leasers = ("Edda Kowal", "Marisol Vance", "Pilar Thorsen")
        vote_ranked(house, buyers, poll, "Buy", "Lease")
        vote_ranked(house, leasers, poll, "Lease")
        walk_clock_until(lotte, f"votes/{poll}/", "Each against each")
        lotte.sees("9 of 30 voted.", "In force since", "Buy, with a loan of 20,000", "chosen")
        matrix = lotte.page.get_by_role("region", name=re.compile("Each against each")).get_by_role("table")
        row = matrix.get_by_role("row").filter(
            has=lotte.page.get_by_role("rowheader", name=re.compile("^Buy"))
        )
        expect(row.first.get_by_role("cell")).to_contain_text(["·", "6", "6"])
        lotte.keeps_picture("result-ranked-1280-light")
        lotte.page.set_viewport_size(PHONE)
        lotte.page.emulate_media(color_scheme="dark")
        lotte.keeps_picture("result-ranked-390-dark")
    ballots = house.rows("SELECT COUNT(*) FROM voting_openballot WHERE poll_id = ?", poll)
    assert ballots == [(9,)]


def vote_ranked(house: House, names: tuple[str, ...], poll: str, *wanted: str) -> None:
    """Number options on each voter's own paper, whose order is drawn for them."""
    everybody = members_of(house)
    for name in names:
        voter = Correspondent(house)
        voter.enters_as(everybody[name])
        page = voter.fetches(f"votes/{poll}/").body
        boxes = re.findall(r'<label for="id_(rank\d+)">([^<]+)', page)
        numbers = {
            box: str(wanted.index(first) + 1)
            for box, title in boxes
            for first in wanted
            if title.startswith(first) and "amendment" not in title
        }
        answer = voter.sends(f"votes/{poll}/cast/", form=f"votes/{poll}/", **numbers)
        assert answer.says("Your ballot is in the box."), answer.body
