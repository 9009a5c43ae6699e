# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in by a key in one's own device."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kollontai.chapters.accounts import passkeys
from kollontai.chapters.accounts.models import Account, Passkey
from kollontai.chapters.accounts.steps import account_for
from tests.accounts.device import Device

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 19, 12, 0, tzinfo=UTC)
DOOR = passkeys.Door("localhost", "http://localhost:8000")


@pytest.fixture
def account() -> Account:
    return account_for("nadia@example.org", at=NOON)


def registered(account: Account, device: Device) -> Passkey:
    asked = passkeys.ask_to_register(account, DOOR)
    return passkeys.register(
        account, device.make(asked.options), kept=asked.kept, door=DOOR, label="My phone", at=NOON
    )


def come_in(device: Device) -> Account:
    asked = passkeys.ask_to_come_in(DOOR)
    return passkeys.come_in(device.show(asked.options), kept=asked.kept, door=DOOR, at=NOON)


def test_a_registered_key_lets_its_owner_in(account):
    device = Device()
    registered(account, device)
    assert come_in(device) == account
    assert Passkey.objects.get().used_at == NOON


def test_a_key_nobody_registered_lets_nobody_in(account):
    registered(account, Device())
    with pytest.raises(passkeys.NotThisKey):
        come_in(Device())


def test_an_answer_to_another_question_is_refused(account):
    device = Device()
    registered(account, device)
    old = device.show(passkeys.ask_to_come_in(DOOR).options)
    with pytest.raises(passkeys.NotThisKey):
        passkeys.come_in(old, kept=passkeys.ask_to_come_in(DOOR).kept, door=DOOR, at=NOON)


def test_an_answer_given_to_another_site_is_refused(account):
    device = Device(origin="https://somewhere.example")
    with pytest.raises(passkeys.NotThisKey):
        registered(account, device)
    assert not Passkey.objects.exists()


def test_a_copied_key_whose_counter_runs_backwards_is_refused(account):
    device = Device()
    registered(account, device)
    come_in(device)
    device.count = 0
    with pytest.raises(passkeys.NotThisKey):
        come_in(device)


def test_rubbish_is_refused_and_not_a_fault(account):
    for rubbish in (
        "",
        "{}",
        "[]",
        '{"id": 1}',
        "null",
        '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    ):
        with pytest.raises(passkeys.NotThisKey):
            passkeys.come_in(rubbish, kept="AAAA", door=DOOR, at=NOON)
        with pytest.raises(passkeys.NotThisKey):
            passkeys.register(account, rubbish, kept="AAAA", door=DOOR, label="", at=NOON)


def test_one_key_belongs_to_one_account(account):
    device = Device()
    registered(account, device)
    with pytest.raises(passkeys.NotThisKey):
        registered(account_for("other@example.org", at=NOON), device)


def test_only_the_owner_forgets_a_key(account):
    key = registered(account, Device())
    passkeys.remove(account_for("other@example.org", at=NOON), key.pk)
    assert Passkey.objects.count() == 1
    passkeys.remove(account, key.pk)
    assert not Passkey.objects.exists()
