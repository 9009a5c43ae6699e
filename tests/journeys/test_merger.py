# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two branches become one: each says yes for itself, and nobody and nothing is left behind."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.letters import Correspondent, members_of
from tests.journeys.two_branches import FERRY, KILN, SLUG
from tests.journeys.walking import PHONE, Person, barriers, issue_of, poll_of, somebody, walk_clock_until

pytestmark = [pytest.mark.journey, pytest.mark.any_database]


def test_two_branches_become_one_by_the_yes_of_each(browser: Browser, open_house: Opener) -> None:
    house = open_house("two-branches")
    with ExitStack() as all_of_them:
        ola = all_of_them.enter_context(somebody(browser, house, SLUG, viewport=PHONE, bypass_csp=True))
        kit = all_of_them.enter_context(somebody(browser, house, SLUG, color_scheme="dark"))

        # All members together merge nobody: the page says whose matter it is, and keeps what was typed.
        ola.enters_as("Ola Esker")
        proposes(ola, "Two Yards")
        ola.sees("what you wrote is kept", "Nobody merges others")
        ola.keeps_picture("merger-refused-390-light")

        # Kiln Lane says yes, by itself, with the times of a big decision. Nothing happens yet.
        proposes(ola, "Kiln Lane")
        ola.sees("Big decision", "“Kiln Lane” becomes part of “Ferry Crews”")
        ola.keeps_picture("merger-issue-390-light")
        assert barriers(ola.page) == []
        of_kiln = issue_of(ola)
        stand_behind(house, KILN[1], of_kiln)
        says_yes(house, ola, of_kiln, KILN[:3])
        ola.sees("agreed on", "until")
        assert branch_of(house, "Ola Esker") == "Kiln Lane"

        # Ferry Crews are told, and answer with an issue of their own.
        kit.enters_as("Kit Arden")
        kit.goes("")
        kit.sees("“Kiln Lane” is to become part of “Ferry Crews”")
        kit.keeps_picture("merger-asked-1280-dark")
        proposes(kit, "Ferry Crews")
        of_ferry = issue_of(kit)
        stand_behind(house, FERRY[1], of_ferry)

        # Kiln Lane goes on with its own business meanwhile; that goes along.
        raises(ola, "Kiln Lane", "A lamp at the gate")
        lamp = issue_of(ola)
        says_yes(house, kit, of_ferry, FERRY[:3])

        # All of Kiln Lane are of Ferry Crews now; its post is over, and nothing can be raised in it any more.
        assert {branch_of(house, name) for name in (*FERRY, *KILN)} == {"Ferry Crews"}
        ola.goes(lamp)
        ola.sees("Ferry Crews", "A lamp at the gate")
        ola.keeps_picture("merger-gone-along-390-dark")
        ola.goes("posts/")
        ola.sees("Ended", "Rhys Holt")
        ola.keeps_picture("merger-posts-390-dark")
        assert barriers(ola.page) == []
        ola.goes("issues/new/")
        assert "Kiln Lane" not in ola.field("Whom does it concern?").inner_text()
        kit.goes(of_kiln)
        kit.sees("In force since", "“Kiln Lane” became part of “Ferry Crews” on")
        kit.keeps_picture("merger-done-1280-dark")

        copy = house.new_folder()
        assert house.command("export", SLUG, "--to", copy).returncode == 0
        audited = house.command("audit", copy, "--vkey", house.vkey)
        assert audited.returncode == 0, audited.stdout


def raises(person: Person, unit: str, title: str, *, merging: bool = False) -> None:
    """Fill in and send the form of an issue of a branch."""
    person.goes("issues/new/")
    person.field("Whom does it concern?").select_option(label=unit)
    person.field("Title").fill(title)
    person.field("Why").fill("We share a yard.")
    person.field("The first draft, in a line").fill(title)
    person.field("The first draft, line by line").fill(f"1. {title}.")
    if merging:
        person.page.locator("details.changes > summary").click()
        person.field("What is changed?").select_option("merge_units")
        person.unfolds("Two parts of the organisation become one")
        person.field("A merger: who becomes part of another").select_option(label="Kiln Lane")
        person.field("A merger: of whom").select_option(label="Ferry Crews")
    person.presses("Put it before the members")


def proposes(person: Person, unit: str) -> None:
    """Propose the merger in an issue of a branch."""
    raises(person, unit, "One yard", merging=True)


def stand_behind(house: House, name: str, issue: str) -> None:
    """Support an issue, without walking through the page."""
    member = Correspondent(house, SLUG)
    member.enters_as(members_of(house, SLUG)[name])
    assert member.sends(f"{issue}support/").status == 200


def says_yes(house: House, person: Person, issue: str, names: tuple[str, ...]) -> None:
    """Wait for the vote on an issue, let these vote yes, and wait for the count."""
    walk_clock_until(person, issue, "To the ballot")
    person.follows("To the ballot")
    poll = poll_of(person)
    everybody = members_of(house, SLUG)
    for name in names:
        voter = Correspondent(house, SLUG)
        voter.enters_as(everybody[name])
        answer = voter.sends(f"votes/{poll}/cast/", form=f"votes/{poll}/", choice="yes")
        assert answer.says("Your ballot is in the box."), answer.body
    walk_clock_until(person, issue, "In force since")


def branch_of(house: House, name: str) -> str:
    """Which branch somebody belongs to, as the demonstration lists them."""
    page = Correspondent(house, SLUG).fetches(f"/demo/?of={SLUG}").body
    found = re.search(rf">{name}[^<·]* · ([^<]+)</option>", page)
    assert found, page
    return found[1]
