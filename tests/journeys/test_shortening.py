# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter names a date: members shorten an issue, vote in time, and are asked when the letter came."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Opener
from tests.journeys.test_charter import raises
from tests.journeys.test_whole_issue import VOTERS, vote
from tests.journeys.walking import PHONE, issue_of, poll_of, somebody, walk_clock_until

pytestmark = [pytest.mark.journey, pytest.mark.any_database]
TYPED = "%Y-%m-%dT%H:%M"


def test_five_members_shorten_an_issue_by_a_letter_and_look_at_it_afterwards(
    browser: Browser, open_house: Opener
) -> None:
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        nadia = all_of_them.enter_context(somebody(browser, house))
        henrike = all_of_them.enter_context(somebody(browser, house, color_scheme="dark"))
        greta = all_of_them.enter_context(somebody(browser, house, viewport=PHONE))

        nadia.enters_as("Nadia Okonjo")
        raises(nadia, "The lease of the boat shed")
        issue = issue_of(nadia)
        for name in ("Samir Holloway", "Greta Molnar"):
            greta.enters_as(name)
            greta.goes(issue)
            greta.follows("Stand behind it")
            greta.presses("I stand behind it")
        greta.sees_no_way("Shorten it, because of a date in a letter")

        # Whoever received the letter posts it, a leader too; what follows from it is the members' to say.
        henrike.enters_as("Henrike Solberg")
        henrike.goes(issue)
        henrike.follows("Post a letter from outside")
        now = datetime.strptime(henrike.field("When did it come in?").input_value(), TYPED)
        henrike.field("From whom, and what about").fill("The harbour office, on the lease")
        henrike.field("The whole of it, without comment").fill("The shed is let to others in six days.")
        henrike.presses("Post it")
        henrike.sees("The letter is posted.")
        henrike.sees_no_way("Shorten it, because of a date in a letter")
        assert henrike.goes(issue + "shorten/").status == 403
        henrike.sees("Only members who don’t lead on a matter shorten it.")

        # A date that is not pressing is no reason; what was typed is kept.
        nadia.goes(issue)
        nadia.follows("Shorten it, because of a date in a letter")
        nadia.keeps_picture("shorten-form-1280-light")
        nadia.chooses("1. The harbour office, on the lease")
        nadia.field("Which date does it name?").fill((now + timedelta(days=90)).strftime(TYPED))
        nadia.presses("Propose to shorten it")
        nadia.sees("The vote ends before that date anyway.")
        nadia.goes(issue + "shorten/")
        nadia.chooses("1. The harbour office, on the lease")
        nadia.field("Which date does it name?").fill((now + timedelta(days=6)).strftime(TYPED))
        nadia.presses("Propose to shorten it")
        nadia.sees("You have proposed to shorten it.", "1 of 5 members who don’t lead stand behind it")
        nadia.keeps_picture("shorten-proposed-1280-light")

        # The others find it among what needs them now.
        for name in ("Samir Holloway", "Greta Molnar", "Edda Kowal", "Wim Castellane"):
            greta.enters_as(name)
            greta.goes("")
            greta.sees("A date from outside")
            greta.goes(issue)
            greta.follows("Stand behind shortening it")
            greta.presses("I stand behind it")
            greta.sees("You stand behind shortening it.")
        greta.goes(issue)
        greta.sees("Shortened on", "by 5 members who don’t lead", "The one text is fixed")
        greta.keeps_picture("shortened-390-light")
        henrike.goes(issue)
        henrike.sees("Shortened on")
        henrike.keeps_picture("shortened-1280-dark")
        assert nadia.goes(issue + "drafts/new/").status == 403
        nadia.sees("its text is fixed")

        walk_clock_until(nadia, issue, "To the ballot")
        nadia.follows("To the ballot")
        poll = poll_of(nadia)
        vote(house, VOTERS, poll, choice="yes")
        walk_clock_until(nadia, issue, "In force since")
        walk_clock_until(nadia, "issues/", "When did the letter come")
        nadia.follows("When did the letter come")
        nadia.sees("by 5 members who do not lead on it; 5 were needed", "Put before the members")
        nadia.keeps_picture("when-it-came-1280-light")

        copy = house.new_folder()
        assert house.command("export", "tidewater", "--to", copy).returncode == 0
        audited = house.command("audit", copy, "--vkey", house.vkey)
        assert audited.returncode == 0, audited.stdout
