# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real house: an organisation is founded on the page, signed, and others come in."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Opener
from tests.journeys.houses import House
from tests.journeys.walking import PHONE, Person, somebody

pytestmark = pytest.mark.journey

FOUNDERS = "Rosa Kint, rosa@alder.example\nOtto Brand, otto@alder.example\nKarla Yilmaz, karla@alder.example"


def found(rosa: Person) -> None:
    """Fill in the five pages of a founding, with one post that was filled before."""
    rosa.goes("/")
    rosa.follows("Found")
    rosa.sees("Found an organisation")
    rosa.keeps_picture("found-begin-1280-light")
    rosa.follows("Begin")
    rosa.field("What is it called?").fill("Alder House")
    rosa.field("What do you call a part of it?").fill("house")
    rosa.chooses("Fewer than fifty: shorter times")
    rosa.keeps_picture("found-name-1280-light")
    rosa.presses("Next page")
    rosa.field("The founders").fill("Rosa Kint\n" + FOUNDERS)
    rosa.presses("Next page")
    rosa.sees("Line 1 reads “Rosa Kint”. It should read: name, mail address.")
    expect(rosa.field("The founders")).to_have_value("Rosa Kint\n" + FOUNDERS)
    rosa.field("The founders").fill(FOUNDERS)
    rosa.presses("Next page")
    rosa.field("Post").fill("Treasurer")
    rosa.page.get_by_text("Somebody was elected to it before").first.click()
    rosa.field("Elected before?").select_option(label="Otto Brand")
    rosa.presses("Next page")
    rosa.sees("Please fill this in for whoever held it before.")
    today = date.today()
    rosa.field("Elected on").fill((today - timedelta(days=200)).isoformat())
    rosa.field("Until").fill((today + timedelta(days=165)).isoformat())
    rosa.field("What the minutes of that day say").fill("Otto was elected by all twelve.")
    rosa.keeps_picture("found-posts-1280-light")
    rosa.presses("Next page")
    rosa.field("Your own words").fill("Twelve people in one house, and one kettle.")
    rosa.presses("Next page")
    rosa.sees("Alder House", "It exists when 3 of them have signed.", "Otto Brand", "to be confirmed")
    rosa.keeps_picture("found-look-1280-light")
    rosa.presses("Put it before the founders")
    rosa.sees("The charter lies before its founders.")


def sign(person: Person) -> None:
    """Read the charter, then sign it."""
    person.goes("")
    person.follows("Sign the charter")
    person.sees("With your name you say")
    person.presses("I sign")
    person.sees("You have signed.")


def test_three_people_found_an_organisation_and_a_fourth_joins(browser: Browser, real_house: House) -> None:
    with ExitStack() as all_of_them:
        rosa, otto, karla, mia = (
            all_of_them.enter_context(somebody(browser, real_house, "alder-house", **more))
            for more in ({}, {}, {"java_script_enabled": False}, {"viewport": PHONE, "color_scheme": "dark"})
        )
        rosa.goes("/sign-in/")
        rosa.keeps_picture("sign-in-1280-light")
        rosa.comes_in("rosa@alder.example")
        found(rosa)
        mails = real_house.rows('SELECT "to", subject FROM accounts_mail WHERE subject LIKE ?', "A charter%")
        assert sorted(mails) == [
            ("karla@alder.example", "A charter to read and sign"),
            ("otto@alder.example", "A charter to read and sign"),
        ]

        # Until the third has signed nobody holds anything, and nobody is a member.
        sign(rosa)
        rosa.goes("")
        rosa.sees("You have signed. When enough others have, the organisation exists and you are a member.")
        otto.comes_in("otto@alder.example")
        sign(otto)
        assert otto.goes("issues/").status == 403
        karla.comes_in("karla@alder.example")
        sign(karla)
        for person in (rosa, otto, karla):
            assert person.goes("issues/").status == 200

        # The post that was filled before is confirmed by vote, or not.
        rosa.goes("posts/")
        rosa.sees("Treasurer", "At the members’ vote")
        for person in (rosa, karla):
            person.finds("", re.compile("Otto Brand as Treasurer"))
            person.sees("Otto was elected by all twelve.")
            person.chooses("Yes")
            person.presses("Look it over")
            person.presses("Cast this ballot")
            person.sees("It is in the box")

        # Somebody asks to join; the clock admits, nobody else.
        mia.goes("")
        mia.sees("Twelve people in one house, and one kettle.")
        mia.follows("Ask to join")
        mia.fills(your_mail_address="mia@alder.example")
        mia.presses("Send me a code")
        mia.sees("The 8 characters")
        mia.keeps_picture("sign-in-code-390-dark")
        mia.fills(the_8_characters="AAAAAAAA")
        mia.presses("Come in")
        mia.sees("That code does not fit.", "4 tries left")
        mia.fills(the_8_characters=real_house.code_for("mia@alder.example"))
        mia.presses("Come in")
        mia.field("Your name").fill("Mia Öztürk")
        mia.presses("I ask to join")
        mia.sees("You have asked to join. The clock admits you; nobody has to allow it.")
        mia.sees(re.compile(r"(admitted on|until) \w+day \d+ \w+"))
        mia.keeps_picture("joining-390-dark")
        assert mia.goes("issues/").status == 403
        rosa.goes("members/")
        rosa.sees("Mia Öztürk")

    copy = real_house.new_folder()
    assert real_house.command("export", "alder-house", "--to", copy).returncode == 0
    audited = real_house.command("audit", copy, "--vkey", real_house.vkey)
    assert audited.returncode == 0, audited.stdout


@pytest.mark.any_database
def test_a_founded_organisation_is_walked_on_by_the_clock(browser: Browser, open_house: Opener) -> None:
    """In a demonstration the days can pass: the post is held from the count on, the newcomer is admitted."""
    house = open_house("demonstration")
    with ExitStack() as all_of_them:
        people = [
            all_of_them.enter_context(somebody(browser, house, "alder-house", java_script_enabled=False))
            for _one in range(4)
        ]
        rosa, otto, karla, mia = people
        rosa.comes_in("rosa@alder.example")
        found(rosa)
        otto.comes_in("otto@alder.example")
        karla.comes_in("karla@alder.example")
        for person in (rosa, otto, karla):
            sign(person)
        mia.comes_in("mia@alder.example")
        mia.goes("join/")
        mia.field("Your name").fill("Mia Öztürk")
        mia.presses("I ask to join")
        mia.sees("You have asked to join.")  # before any day passes
        for person in (rosa, karla):
            person.finds("", re.compile("Otto Brand as Treasurer"))
            person.chooses("Yes")
            person.presses("Look it over")
            person.presses("Cast this ballot")
            person.sees("It is in the box")
        rosa.moves_the_clock("By a week")
        rosa.goes("posts/")
        rosa.sees("Otto Brand", "elected before")
        rosa.moves_the_clock("By a week")
        assert mia.goes("issues/").status == 200
        mia.goes("issues/new/")
        mia.field("Title").fill("A second kettle")
        mia.field("Why").fill("There are thirteen of us now.")
        mia.field("The first draft, in a line").fill("Buy it")
        mia.field("The first draft, line by line").fill("We buy a second kettle.")
        mia.presses("Put it before the members")
        mia.sees("It is raised.")
        # A leader may not stand behind it in a way that counts as the members' own support.
        otto.goes("issues/")
        otto.follows("A second kettle")
        otto.sees("of 2 supporters")
    copy = house.home / "alder"
    assert house.command("export", "alder-house", "--to", copy).returncode == 0
    audited = house.command("audit", copy)
    assert audited.returncode == 0, audited.stdout
