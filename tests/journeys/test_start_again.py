# SPDX-License-Identifier: AGPL-3.0-or-later
"""A demonstration is put back to its first day by one button, while its server goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.houses import House
from tests.journeys.walking import Person, somebody

pytestmark = pytest.mark.journey

HEADS = "SELECT slug, size, root FROM record_head JOIN record_organisation o ON o.id = organisation_id"
COUNTED = ("members_member", "deliberation_issue", "voting_poll", "record_entryrow", "record_content")


def counted(house: House) -> list[list[tuple[int]]]:
    """How many rows some tables have."""
    return [house.rows(f"SELECT COUNT(*) FROM {table}") for table in COUNTED]


def raises(person: Person, title: str) -> None:
    """Put something before the members."""
    person.goes("issues/new/")
    person.field("Title").fill(title)
    person.field("Why").fill("It is dark.")
    person.field("The first draft, in a line").fill("A lamp")
    person.field("The first draft, line by line").fill("A lamp burns at the gate.")
    person.presses("Put it before the members")
    person.sees("It is raised.")


def test_everything_is_as_on_the_first_day_and_goes_on_from_there(
    browser: Browser, demonstration: House
) -> None:
    house = demonstration
    with somebody(browser, house) as visitor:
        heads, rows = house.rows(HEADS), counted(house)
        visitor.goes("/demo/")
        morning = visitor.title
        visitor.enters_as("Greta Molnar", by_the_page=True)
        for number in range(2):
            raises(visitor, f"A lamp at the gate {number}")
            visitor.moves_the_clock("By a week", by_the_page=True)
        assert visitor.title != morning
        assert house.rows(HEADS) != heads

        visitor.presses("Start again from the first day")
        visitor.sees("Everything is as on the first day.")
        assert visitor.title == morning
        assert house.rows(HEADS) == heads
        assert counted(house) == rows
        for _worker in range(8):  # whichever process answers, what it remembered is gone
            visitor.goes("issues/")
            visitor.sees_not("A lamp at the gate")

        # Rows get numbers as before, the record goes on from where it stood, and once more all of it is gone.
        visitor.enters_as("Kofi Harland")
        raises(visitor, "A bell at the gate")
        visitor.goes("issues/")
        visitor.sees("A bell at the gate")
        copy = house.new_folder()
        assert house.command("export", "tidewater", "--to", copy).returncode == 0
        audited = house.command("audit", copy)
        assert audited.returncode == 0, audited.stdout
        visitor.goes("/demo/")
        visitor.presses("Start again from the first day")
        visitor.sees("Everything is as on the first day.")
        visitor.keeps_picture("demo-again-1280-light")
        assert house.rows(HEADS) == heads


def test_a_leader_is_refused_by_one_button_and_no_entry_is_left(
    browser: Browser, demonstration: House
) -> None:
    house = demonstration
    with somebody(browser, house) as visitor:
        before = house.rows(HEADS)
        visitor.goes("/demo/")
        visitor.presses("Enter as Henrike Solberg and say it")
        visitor.sees(
            "Members speak first here; your turn comes", "nothing was changed", "leaders-after-members"
        )
        expect(visitor.page.get_by_role("textbox").first).to_have_value(re.compile("I have done these books"))
        visitor.sees("Henrike Solberg")
        assert house.rows(HEADS) == before
        for _week in range(3):
            visitor.moves_the_clock("By a week")
        visitor.goes("/demo/")
        visitor.sees_no_way(re.compile("and say it"))
