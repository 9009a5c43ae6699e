# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a code sent to a mailbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kollontai.chapters.accounts import codes, tries
from kollontai.chapters.accounts.models import Account, EmailCode, Mail

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 19, 12, 0, tzinfo=UTC)
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    codes.nobodys_code.cache_clear()
    yield
    codes.nobodys_code.cache_clear()


def asked(email: str = "nadia@example.org", at: datetime = NOON, **more) -> tuple[str, str]:
    """Ask for a code and read it in the mailbox: browser secret and code."""
    browser = codes.new_browser()
    codes.send(email, browser=browser, network=HERE, at=at, **more)
    return browser, Mail.objects.latest("id").body[:9]


def test_the_code_from_the_mailbox_lets_in_and_makes_the_account():
    browser, code = asked("Nadia@Example.org ", next="/tidewater/")
    came = codes.enter(code, browser=browser, network=HERE, at=NOON + timedelta(minutes=9))
    assert isinstance(came, codes.CameIn)
    assert (came.account.email, came.next) == ("nadia@example.org", "/tidewater/")
    assert not came.account.has_usable_password()


def test_small_letters_and_blanks_do_not_matter():
    browser, code = asked()
    typed = f" {code[:4].lower()}-{code[5:].lower()}"
    assert isinstance(codes.enter(typed, browser=browser, network=HERE, at=NOON), codes.CameIn)


def test_the_same_account_comes_in_every_time():
    for day in range(2):
        at = NOON + timedelta(days=day)
        browser, code = asked(at=at)
        codes.enter(code, browser=browser, network=HERE, at=at)
    assert Account.objects.count() == 1


def test_a_code_is_good_once():
    browser, code = asked()
    codes.enter(code, browser=browser, network=HERE, at=NOON)
    assert codes.enter(code, browser=browser, network=HERE, at=NOON) == codes.DidNotFit(0)


def test_a_code_is_good_for_ten_minutes():
    browser, code = asked()
    late = NOON + timedelta(minutes=10)
    assert codes.waiting(browser, at=late) is None
    assert codes.enter(code, browser=browser, network=HERE, at=late) == codes.DidNotFit(0)


def test_another_browser_cannot_use_the_code():
    _browser, code = asked()
    assert codes.enter(code, browser=codes.new_browser(), network=HERE, at=NOON) == codes.DidNotFit(0)


def test_after_five_wrong_codes_the_right_one_is_no_use():
    browser, code = asked()
    left = [codes.enter("AAAAAAAA", browser=browser, network=HERE, at=NOON).left for _try in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert codes.enter(code, browser=browser, network=HERE, at=NOON) == codes.DidNotFit(0)


def test_a_second_code_replaces_the_first():
    browser = codes.new_browser()
    codes.send("nadia@example.org", browser=browser, network=HERE, at=NOON)
    first = Mail.objects.latest("id").body[:9]
    codes.send("nadia@example.org", browser=browser, network=HERE, at=NOON)
    assert isinstance(codes.enter(first, browser=browser, network=HERE, at=NOON), codes.DidNotFit)


def test_only_digests_are_kept():
    browser, code = asked()
    row = EmailCode.objects.get()
    assert browser not in (row.browser, row.code)
    assert code.replace(" ", "") not in row.code


def test_codes_have_no_look_alikes():
    assert not set("0O1IL5S8B2ZUV") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) ** codes.LENGTH > 10**10


def test_known_and_unknown_addresses_get_the_same_mail():
    Account.objects.create(id="a", email="known@example.org", created_at=NOON)
    for address in ("known@example.org", "unknown@example.org"):
        asked(address)
    known, unknown = Mail.objects.order_by("id")
    assert known.subject == unknown.subject
    assert known.body[9:] == unknown.body[9:]


def test_an_address_is_asked_five_times_an_hour_at_most():
    for _time in range(5):
        asked()
    with pytest.raises(tries.TooMany) as told:
        asked()
    assert told.value.until == NOON + timedelta(hours=1)
    asked("other@example.org")
    asked(at=NOON + timedelta(hours=1))


def test_a_network_may_not_ask_without_end(monkeypatch):
    monkeypatch.setattr(tries, "ASK_BY_NETWORK", tries.Limit("ask-network", 3, timedelta(hours=1)))
    for number in range(3):
        asked(f"n{number}@example.org")
    with pytest.raises(tries.TooMany):
        asked("n4@example.org")


def test_wrong_codes_are_counted_by_network(monkeypatch):
    monkeypatch.setattr(tries, "MISS_BY_NETWORK", tries.Limit("miss-network", 2, timedelta(hours=1)))
    for _time in range(2):
        codes.enter("AAAAAAAA", browser=codes.new_browser(), network=HERE, at=NOON)
    with pytest.raises(tries.TooMany):
        codes.enter("AAAAAAAA", browser=codes.new_browser(), network=HERE, at=NOON)


def test_one_house_is_one_network():
    assert tries.network_of("192.0.2.7") == tries.network_of("192.0.2.200") == "192.0.2.0/24"
    assert tries.network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert tries.network_of("") == "unknown"


def test_whoever_asks_in_anothers_name_shuts_the_door_for_their_own_network_alone():
    there = "203.0.113.0/24"
    for _time in range(5):
        codes.send("nadia@example.org", browser=codes.new_browser(), network=there, at=NOON)
    with pytest.raises(tries.TooMany):
        codes.send("nadia@example.org", browser=codes.new_browser(), network=there, at=NOON)
    browser, code = asked()
    assert isinstance(codes.enter(code, browser=browser, network=HERE, at=NOON), codes.CameIn)


def test_no_mailbox_is_filled_from_many_networks(monkeypatch):
    monkeypatch.setattr(tries, "ASK_BY_ADDRESS", tries.Limit("ask-address", 3, timedelta(hours=1)))
    for number in range(3):
        codes.send("nadia@example.org", browser=codes.new_browser(), network=str(number), at=NOON)
    with pytest.raises(tries.TooMany):
        codes.send("nadia@example.org", browser=codes.new_browser(), network="another", at=NOON)
