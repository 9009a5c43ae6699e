# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member shows an offer and a picture; another saves and looks; what cannot be kept costs nobody their words."""

from __future__ import annotations

import base64
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.deliberation.files import pdf, pdf_bytes, picture
from tests.journeys.conftest import Opener
from tests.journeys.walking import PHONE, barriers, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]
ISSUE = "issues/4/"
WORDS = "The offer lies here, and how the hall looks in rain."


def chosen(*files: Any) -> list[Any]:
    """Files as a browser sends them."""
    kinds = {"pdf": "application/pdf", "png": "image/png"}
    return [
        {"name": one.name, "mimeType": kinds[one.name[-3:]], "buffer": base64.b64decode(one.data)}
        for one in files
    ]


def test_an_offer_and_a_picture_stand_with_the_words_and_go_with_them(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        joana = all_of_them.enter_context(somebody(browser, house, color_scheme="dark", bypass_csp=True))
        samir = all_of_them.enter_context(somebody(browser, house, viewport=PHONE))
        joana.enters_as("Joana Prieto")
        joana.goes(ISSUE)
        joana.sees("Dues from 6 to 7 a month")

        # A file that runs a script is refused, and the words are still in their field.
        joana.chooses("For")
        joana.field("Your words").fill(WORDS)
        files = joana.field("Pictures or PDF files")
        files.set_input_files(chosen(pdf(b"9 0 obj<</S/JavaScript/JS(x)>>endobj ", "offer.pdf")))
        joana.presses("Put it on the table")
        joana.sees("This PDF does more than be read", "Print it into a new PDF")
        assert joana.field("Your words").input_value() == WORDS
        assert barriers(joana.page) == []
        joana.keeps_picture("attach-refused-1280-dark")

        # A plain one, and a picture, stand with the words at once.
        joana.field("Pictures or PDF files").set_input_files(
            chosen(pdf(name="offer.pdf"), picture("rain.png", 900))
        )
        joana.presses("Put it on the table")
        joana.sees("Your words stand in the talk.", "offer.pdf")
        assert barriers(joana.page) == []
        joana.keeps_picture("attached-1280-dark")

        # Somebody else looks at the picture and saves the offer, to the byte.
        samir.enters_as("Samir Holloway")
        samir.goes(ISSUE + "?order=time")
        shown = samir.page.get_by_role("img", name="Picture: rain.png")
        shown.scroll_into_view_if_needed()
        expect(shown).to_be_visible()
        samir.keeps_picture("attached-390-light")
        assert not samir.page.evaluate("document.body.scrollWidth > document.documentElement.clientWidth")
        with samir.page.expect_download() as saved:
            samir.follows("offer.pdf")
        assert saved.value.path().read_bytes() == pdf_bytes()

        # Taken back, they are gone with the words.
        joana.follows("Erase")
        joana.presses("Erase")
        samir.goes(ISSUE + "?order=time")
        samir.sees_not("offer.pdf", WORDS)
        expect(samir.page.get_by_role("img", name="Picture: rain.png")).to_have_count(0)
