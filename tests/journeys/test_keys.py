# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key in one's own device: made once, it opens the door without mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.houses import House
from tests.journeys.walking import Person, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]


def gives_device(person: Person) -> None:
    """Put a device that knows passkeys into somebody's hand."""
    line = person.page.context.new_cdp_session(person.page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_on_a_device_and_lets_its_owner_in(browser: Browser, real_house: House) -> None:
    with somebody(browser, real_house) as ada:
        gives_device(ada)
        ada.comes_in("ada@example.org")
        ada.goes("/account/")
        ada.sees("None yet.")
        ada.field("A name for this device").fill("My phone")
        ada.presses("Make a key on this device")
        ada.sees("This device can now let you in.", "My phone")
        ada.keeps_picture("account-1280-light")
        ada.presses("Sign out here")
        ada.goes("/account/")
        assert "/sign-in/" in ada.page.url
        ada.presses("Use my passkey")
        expect(ada.page.get_by_role("heading", level=1)).to_contain_text("Your account")
        ada.sees("ada@example.org", "last used on")
        # Removed, it opens nothing any more.
        ada.presses("Remove My phone")
        ada.sees("That device can no longer let anybody in.")
        ada.presses("Sign out on every device")
        ada.goes("/sign-in/")
        ada.presses("Use my passkey")
        ada.sees("That key does not fit here.")
        ada.goes("/account/")
        assert "/sign-in/" in ada.page.url


def test_a_device_that_does_not_answer_is_said_and_mail_stays_open(
    browser: Browser, real_house: House
) -> None:
    with somebody(browser, real_house) as ben:
        line = ben.page.context.new_cdp_session(ben.page)
        line.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                   "hasUserVerification": True, "isUserVerified": False}  # fmt: skip
        line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        ben.goes("/sign-in/")
        ben.presses("Use my passkey")
        ben.sees("The device did not answer. Try once more, or come in by mail.")
        ben.comes_in("ben@example.org")


def test_without_scripts_the_page_says_so_and_mail_opens(browser: Browser, real_house: House) -> None:
    with somebody(browser, real_house, java_script_enabled=False) as cleo:
        cleo.goes("/sign-in/")
        expect(cleo.page.get_by_role("button", name="Use my passkey")).to_be_disabled()
        cleo.sees("This needs a browser that runs scripts and knows passkeys.")
        cleo.comes_in("cleo@example.org")
        cleo.goes("/account/")
        cleo.sees("cleo@example.org")
