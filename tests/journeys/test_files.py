# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people have comes in from files: an issue, raised and amended by its reader; old threads, to be read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.deliberation.loomio_export import NEW, export
from tests.journeys.houses import House
from tests.journeys.walking import PHONE, Person, barriers, issue_of, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]

FILE = """# Issue: The wash hall
It is locked when the early shift comes. Wir brauchen Schlüssel.
# Draft: Open from six
From May the wash hall is open from six in the morning.
Whoever is last locks it.
The key hangs at the gate.
# Draft: Two keys
Each shift gets a key.
# Amendment 4: draft A, replace line 3
Moved by: Bo Example
The key hangs at the café.
## Reasons
The gate is dark.
# Amendment 5: draft A, delete line 9
"""


def file_of(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def looks_right(person: Person, name: str) -> None:
    """Nothing stands in anybody's way, and a picture is kept."""
    person.keeps_picture(name)
    assert barriers(person.page) == []


@pytest.mark.parametrize("narrow", [False, True])
def test_an_issue_and_old_threads_come_in_from_files(
    browser: Browser, demonstration: House, narrow: bool
) -> None:
    shape: dict[str, Any] = {"bypass_csp": True} | ({"viewport": PHONE} if narrow else {})
    wide = "390" if narrow else "1280"
    with somebody(browser, demonstration, **shape) as nadia:
        nadia.enters_as("Nadia Okonjo")
        nadia.goes("issues/")
        nadia.follows("From a file")
        nadia.field("The issue, as Markdown").set_input_files(file_of("hall.md", FILE.encode("cp1252")))
        nadia.presses("Read it")
        nadia.sees("read as Windows-1252", "Line 14:", "which has 3 lines", "Schlüssel", "Bo Example")
        looks_right(nadia, f"from-file-read-{wide}")
        nadia.presses("Raise it in my name")
        nadia.sees("It is raised.", "2 waiting for you", "The file names Bo Example.")
        looks_right(nadia, f"from-file-waits-{wide}")
        issue = re.sub(r"from-file/$", "", nadia.page.url.split("/tidewater/")[1])
        for name in ("Samir Holloway", "Greta Molnar"):
            nadia.enters_as(name)
            nadia.goes(issue + "support/")
            nadia.presses("I stand behind it")
        nadia.enters_as("Nadia Okonjo")
        nadia.goes(issue + "from-file/")
        nadia.follows(re.compile("Open the form of number 4"))
        nadia.sees("which names Bo Example as its mover")
        nadia.presses("See the difference")
        nadia.presses("Move it")
        nadia.sees("Your amendment is moved.", "Nadia Okonjo")
        nadia.goes(issue + "from-file/")
        nadia.sees(re.compile(r"1\s*waiting for you"))

        nadia.goes("archive/bring/")
        nadia.field("The export of a Loomio group").set_input_files(file_of("group.json", export(NEW)))
        nadia.presses("Read it")
        nadia.sees("Group Fictional Allotments", re.compile(r"2\s*threads"))
        looks_right(nadia, f"archive-choose-{wide}")
        nadia.field("Names to leave out").fill("Émile Fictional")
        nadia.presses("Bring the chosen ones along")
        nadia.sees("2 threads are brought along.")
        looks_right(nadia, f"archive-{wide}")
        nadia.page.get_by_role("link", name="The water butts").first.click()
        nadia.sees("not checked by this record", "Mend or buy?", "[left out]")
        nadia.sees_not("Mend them first.")
        looks_right(nadia, f"archived-{wide}")


def test_a_talk_is_searched_followed_and_read_on(browser: Browser, demonstration: House) -> None:
    with somebody(browser, demonstration, viewport=PHONE, java_script_enabled=False) as samir:
        samir.enters_as("Nadia Okonjo")
        samir.goes("issues/")
        samir.follows("Raise something")
        samir.field("Title").fill("A bench")
        samir.field("Why").fill("There is none.")
        samir.field("The first draft, in a line").fill("One bench")
        samir.field("The first draft, line by line").fill("We build a bench.")
        samir.presses("Put it before the members")
        issue = issue_of(samir)
        for name in ("Samir Holloway", "Greta Molnar"):
            samir.enters_as(name)
            samir.goes(issue + "support/")
            samir.presses("I stand behind it")
        samir.goes(issue + "speak/?stance=for")
        samir.field("Your words").fill("Under the élms, please.")
        samir.presses("Put it on the table")
        samir.enters_as("Samir Holloway")
        samir.goes(issue)
        samir.follows("Follow this")
        samir.presses("Follow")
        samir.sees("You follow this")
        samir.enters_as("Greta Molnar")
        samir.goes(issue + "speak/?stance=against")
        samir.field("Your words").fill("Not under the elms.")
        samir.presses("Put it on the table")
        samir.enters_as("Samir Holloway")
        samir.goes("")
        samir.sees("You follow", "1 new contribution.")
        samir.goes(issue)
        samir.sees("1 new since your last visit")
        samir.follows("1 new since your last visit")
        expect(samir.page.locator(".voice .tag")).to_have_count(1)
        samir.keeps_picture("talk-new-390")
        samir.field("Search in this issue").fill("ELMS")
        samir.page.get_by_role("button", name="Search").click()
        samir.sees("Found 2 times", "élms")
        samir.keeps_picture("search-390")
