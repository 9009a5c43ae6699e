# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of people, as a spreadsheet writes it, is read and shown before anybody gets a letter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.houses import House
from tests.journeys.walking import somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

LIST = """Name;E-Mail
Jörg Straßer;joerg@harbour.example
Niemand Namenlos;niemand
Zoë Ångström;zoe@harbour.example
Zoë Ångström;zoe@harbour.example
Edda Kowal;edda.kowal@tidewater.example
Ohne At;ohne-at.example
""".replace("\n", "\r\n")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_of_an_old_spreadsheet_is_previewed_line_by_line(
    browser: Browser, demonstration: House, scripts: bool
) -> None:
    with somebody(browser, demonstration, java_script_enabled=scripts) as nadia:
        nadia.enters_as("Nadia Okonjo")
        nadia.goes("members/")
        nadia.follows("Ask somebody in")
        nadia.follows("whole list")
        upload = {"name": "members.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
        nadia.field("A list as CSV").set_input_files(upload)  # type: ignore[arg-type]
        nadia.presses("Read it")
        if scripts:
            nadia.sees(re.compile(r"2\s*can be asked in"), "read as Windows-1252", "4 lines can’t be used")
            nadia.sees("Jörg Straßer", "Zoë Ångström")
            for line in ("Line 3:", "Line 5:", "Line 6:", "Line 7:"):
                nadia.sees(line)
            nadia.keeps_picture("list-1280-light")
            assert waiting_letters(demonstration) == 0, "nobody was asked yet"
            return
        row = nadia.page.get_by_role("row").filter(has_text="Jörg Straßer")
        expect(row).to_contain_text("joerg@harbour.example")
        nadia.presses("Ask 2 people in")
        nadia.sees("2 people are asked in.")
        asked_in = nadia.page.get_by_role("region", name="2 asked in")
        for name in ("Jörg Straßer", "Zoë Ångström"):
            expect(asked_in.get_by_role("listitem").filter(has_text=name)).to_contain_text("by Nadia Okonjo")
    assert waiting_letters(demonstration) == 2


def waiting_letters(house: House) -> int:
    """How many invitations lie in the outbox."""
    [(found,)] = house.rows(
        "SELECT COUNT(*) FROM accounts_mail WHERE unsubscribe = '' AND \"to\" LIKE ?", "%@harbour.example"
    )
    return int(found)
