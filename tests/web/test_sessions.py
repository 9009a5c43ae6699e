# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session begins anew at every coming in, ends when it should, and carries a cookie that scripts cannot read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.contrib.sessions.models import Session
from django.test import Client

from kollontai import clock
from kollontai.chapters.accounts import tries
from kollontai.chapters.accounts.models import Mail, Passkey
from kollontai.chapters.record.models import EntryRow
from tests.accounts.device import Device
from tests.web.hall import Hall
from tests.web.test_bad_input import patterns
from tests.web.test_coming_in import come_in
from tests.web.test_whose import at

COOKIE = "sessionid"


def test_a_session_that_somebody_else_planted_is_not_the_one_that_is_signed_in(hall: Hall) -> None:
    planted = Client().session
    planted["theme"] = "dark"
    planted.save()
    victim = Client()
    victim.cookies[COOKIE] = planted.session_key
    victim.post("/sign-in/", {"email": "ada@example.org"})
    victim.post("/sign-in/code/", {"code": Mail.objects.latest("id").body[:9]})
    assert victim.get("/account/").status_code == 200
    thief = Client()
    thief.cookies[COOKIE] = planted.session_key
    assert thief.get("/account/").status_code == 302


def test_a_key_that_was_never_given_out_begins_no_session(hall: Hall) -> None:
    guest = Client()
    guest.cookies[COOKIE] = "x" * 32
    guest.get("/sign-in/passkey/options/")
    assert not Session.objects.filter(session_key="x" * 32).exists()
    assert guest.cookies[COOKIE].value != "x" * 32


def test_a_passkey_begins_a_new_session_too(hall: Hall) -> None:
    device, ada = Device(host="testserver", origin="http://testserver"), come_in("ada@example.org")
    made = device.make(json.dumps(ada.get("/account/passkeys/options/").json()))
    ada.post("/account/passkeys/", {"label": "Phone", "answer": made})
    other = Client()
    shown = device.show(json.dumps(other.get("/sign-in/passkey/options/").json()))
    before = other.cookies[COOKIE].value
    other.post("/sign-in/passkey/", {"answer": shown, "next": ""})
    assert other.cookies[COOKIE].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_going_out_ends_the_session_on_the_server(hall: Hall) -> None:
    ada = come_in("ada@example.org")
    key = ada.cookies[COOKIE].value
    ada.post("/sign-in/out/")
    assert not Session.objects.filter(session_key=key).exists()
    again = Client()
    again.cookies[COOKIE] = key
    assert again.get("/account/").status_code == 302


def test_nobody_is_signed_out_by_a_link(hall: Hall) -> None:
    ada = come_in("ada@example.org")
    assert ada.get("/sign-in/out/").status_code == 405
    assert ada.get("/account/sign-out-everywhere/").status_code == 405
    assert ada.get("/account/").status_code == 200


def test_a_session_lasts_half_a_year_from_coming_in_and_no_longer(hall: Hall, monkeypatch: Any) -> None:
    ada = come_in("ada@example.org")
    kept = Session.objects.get(session_key=ada.cookies[COOKIE].value)
    assert ada.cookies[COOKIE]["max-age"] == 180 * 86_400
    real = clock.machine_time()
    assert kept.expire_date <= real + timedelta(days=180)
    monkeypatch.setattr(clock, "machine_time", lambda: real + timedelta(days=181))
    assert ada.get("/account/").status_code == 302


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(hall: Hall, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    browser = come_in("ada@example.org")
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    bound = browser.cookies["kollontai_browser"]
    assert (bound["httponly"], bound["samesite"], bound["secure"]) == (True, "Lax", True)
    assert house.CSRF_COOKIE_HTTPONLY


def test_no_form_is_taken_from_another_site(hall: Hall) -> None:
    """Every address outside the API, asked to do something without the token of a page of ours."""
    issue, before, wrong = hall.at_talk(), EntryRow.objects.count(), []
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = hall.enter("ada").cookies
    values = {"slug": "tidewater", "number": str(issue.number), "letter": "A", "step": "name",
              "member_id": hall.world.people["ben"]}  # fmt: skip
    for pattern, blanks in patterns().items():
        if pattern.startswith(("/witness/", "/record/")) or "/notices/stop/" in pattern:
            continue  # for programs: no cookie is read there
        answer = client.post(at(pattern, {**dict.fromkeys(blanks, "1"), **values}), {"text": "x"})
        if answer.status_code != 403:
            wrong.append(f"{pattern}: {answer.status_code}")
    assert not wrong, ", ".join(wrong)
    assert EntryRow.objects.count() == before


def test_a_cookie_opens_nothing_in_the_api(hall: Hall) -> None:
    assert hall.enter("ada").get("/api/v1/tidewater/me").status_code == 401


@pytest.fixture
def few(monkeypatch: Any) -> None:
    """Limits that are soon reached."""
    for name in (
        "MISS_BY_NETWORK",
        "WRONG_PASSKEY",
        "QUESTION_BY_NETWORK",
        "COSIGN_BY_NETWORK",
        "ASK_BY_NETWORK",
    ):
        whole = getattr(tries, name)
        monkeypatch.setattr(tries, name, tries.Limit(whole.kind, 3, whole.window))


def until(client: Client, method: str, path: str, data: Any = None, **more: Any) -> list[int]:
    """Ask five times; how it was answered, the last time with a time to wait."""
    answers = [getattr(client, method)(path, data, **more) for _time in range(5)]
    assert int(answers[-1].headers["Retry-After"]) > 0
    return [one.status_code for one in answers]


@pytest.mark.parametrize(
    ("method", "path", "data", "usual"),
    [
        ("post", "/sign-in/code/", {"code": "AAAA AAAA"}, 422),
        ("post", "/sign-in/passkey/", {"answer": "{}"}, 422),
        ("get", "/sign-in/passkey/options/", None, 200),
    ],
)
def test_every_door_without_a_key_is_tried_so_often_and_no_more(
    hall: Hall, few: None, method: str, path: str, data: Any, usual: int
) -> None:
    assert until(Client(), method, path, data) == [usual] * 3 + [429] * 2
    elsewhere = getattr(Client(REMOTE_ADDR="203.0.113.9"), method)(path, data)
    assert elsewhere.status_code == usual


def test_codes_are_asked_for_so_often_by_a_network(hall: Hall, few: None) -> None:
    asked = [Client().post("/sign-in/", {"email": f"n{n}@example.org"}).status_code for n in range(5)]
    assert asked == [302, 302, 302, 429, 429]


def test_a_witness_is_asked_so_often_by_a_network(hall: Hall, few: None) -> None:
    sent = {"content_type": "text/plain"}
    answers = until(Client(), "post", "/witness/add-checkpoint", b"old 0\n\nx\n", **sent)
    assert answers[3:] == [429, 429]
    assert 429 not in answers[:3]


def test_too_many_wrong_codes_for_another_address_are_answered_too(hall: Hall, few: None) -> None:
    ada = hall.enter("ada")
    ada.post("/tidewater/mine/address/", {"email": "new@example.org"})
    answers = [
        ada.post("/tidewater/mine/address/code/", {"code": "AAAA AAAA"}).status_code for _n in range(5)
    ]
    assert answers == [422] * 3 + [429] * 2


def test_whoever_stands_before_a_proxy_is_not_taken_for_it(hall: Hall, few: None, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    spent = {"HTTP_X_FORWARDED_FOR": "198.51.100.7, 203.0.113.1"}
    assert until(Client(**spent), "get", "/sign-in/passkey/options/")[-1] == 429
    # What the asker wrote in front of the proxy's own line changes nothing.
    forged = Client(HTTP_X_FORWARDED_FOR="192.0.2.99, 203.0.113.1")
    assert forged.get("/sign-in/passkey/options/").status_code == 429
    assert Client(HTTP_X_FORWARDED_FOR="192.0.2.99").get("/sign-in/passkey/options/").status_code == 200


@pytest.mark.parametrize("broken", ["replay", "counter", "origin", "host", "challenge", "nobody verified"])
def test_an_answer_of_a_device_that_does_not_fit_lets_nobody_in(hall: Hall, broken: str) -> None:
    device, ada = Device(host="testserver", origin="http://testserver"), come_in("ada@example.org")
    made = device.make(json.dumps(ada.get("/account/passkeys/options/").json()))
    ada.post("/account/passkeys/", {"label": "Phone", "answer": made})
    other = Client()
    asked = other.get("/sign-in/passkey/options/").json()
    if broken == "counter":
        Passkey.objects.update(sign_count=1_000)
    if broken == "origin":
        device.origin = "https://testserver.evil.example"
    if broken == "host":
        device.host = "evil.example"
    if broken == "challenge":
        asked["challenge"] = Client().get("/sign-in/passkey/options/").json()["challenge"]
    shown = device.show(json.dumps(asked), **({"verified": False} if broken == "nobody verified" else {}))
    if broken == "replay":
        assert other.post("/sign-in/passkey/", {"answer": shown, "next": ""}).status_code == 302
        other = Client()
        other.get("/sign-in/passkey/options/")
    assert other.post("/sign-in/passkey/", {"answer": shown, "next": ""}).status_code == 422
    assert other.get("/account/").status_code == 302


def test_the_owner_is_told_of_every_way_in_that_is_made_or_ended(hall: Hall) -> None:
    device, ada = Device(host="testserver", origin="http://testserver"), come_in("ada@example.org")
    made = device.make(json.dumps(ada.get("/account/passkeys/options/").json()))
    ada.post("/account/passkeys/", {"label": "Phone", "answer": made})
    ada.post(f"/account/passkeys/{Passkey.objects.get().pk}/remove/")
    page = ada.post("/account/tokens/", {"label": "script", "scopes": ["read"], "days": "7"}).content.decode()
    told = list(Mail.objects.filter(to="ada@example.org").order_by("-id")[:3])
    assert [one.subject for one in reversed(told)] == [
        "A device can now let you in", "A device can no longer let you in", "A program has a key of yours",
    ]  # fmt: skip
    secret = page[page.index("kol_") :][:40]
    assert not any(secret in one.body for one in told)


def test_what_one_person_sees_is_kept_by_nobody_on_the_way(hall: Hall) -> None:
    for path in ("/tidewater/", "/tidewater/members/", "/account/", "/tidewater/mine/data/"):
        said = hall.enter("ada").get(path).headers["Cache-Control"]
        assert "private" in said or "no-store" in said, path
    answer = Client().get("/api/v1/tidewater/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_who_was_kept_out_is_logged_without_names_or_secrets(hall: Hall, caplog: Any) -> None:
    browser = Client()
    browser.post("/sign-in/", {"email": "ada@example.org"})
    with caplog.at_level("INFO", logger="kollontai.access"):
        browser.post("/sign-in/code/", {"code": "AAAA AAAA"})
        browser.post("/sign-in/passkey/", {"answer": "{}"})
        browser.get("/tidewater/members/")
        code = Mail.objects.latest("id").body[:9]
        browser.post("/sign-in/code/", {"code": code})
    said = [one.getMessage() for one in caplog.records if one.name == "kollontai.access"]
    assert len(said) == 4
    assert all("127.0.0.0/24" in one for one in said)
    assert not any(word in "".join(said) for word in ("ada@", "AAAA", code, hall.world.people["ada"]))


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
)
def test_a_program_sends_json_or_nothing(hall: Hall, kind: str) -> None:
    answer = Client().post("/api/v1/tidewater/acts/bodies/leave", b"{}", content_type=kind)
    assert (answer.status_code, answer.json()) == (415, {"detail": "Unsupported Media Type"})
