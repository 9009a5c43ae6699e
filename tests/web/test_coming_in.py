# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in, joining, inviting, founding, leaving: through pages alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kollontai.chapters.accounts import tries
from kollontai.chapters.accounts.models import Account, Mail, Passkey, Token
from kollontai.chapters.accounts.steps import languages_of
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.models import Organisation
from kollontai.followers import recipients
from tests.accounts.device import Device
from tests.web.hall import Hall
from tests.web.test_pages import is_well_set


def come_in(email: str, next: str = "") -> Client:
    """Sign in by the code in the mailbox."""
    browser = Client()
    assert browser.post("/sign-in/", {"email": email, "next": next}).headers["Location"] == "/sign-in/code/"
    code = Mail.objects.latest("id").body[:9]
    answer = browser.post("/sign-in/code/", {"code": code})
    assert answer.status_code == 302
    assert answer.headers["Location"] == (next or "/")
    return browser


def test_a_member_comes_in_by_the_code_in_the_mailbox(hall: Hall) -> None:
    ada = come_in("Ada@example.org", next="/tidewater/")
    assert "You are signed in as" in ada.get("/tidewater/").content.decode()


def test_whoever_chose_no_language_is_written_to_in_the_one_they_read(hall: Hall) -> None:
    come_in("ada@example.org")
    browser = Client(headers={"Accept-Language": "de-AT,de;q=0.9"})
    browser.post("/sign-in/", {"email": "ada@example.org"})
    browser.post("/sign-in/code/", {"code": Mail.objects.latest("id").body[:9]})
    assert languages_of(["ada@example.org", "nobody@example.org"]) == {"ada@example.org": "de"}
    [reads] = recipients.reached(hall.world.organisation, Contact.objects.filter(email="ada@example.org"))
    assert reads.language == "de"
    browser.post(reverse("language"), {"language": "es"})  # chosen: whatever another browser asks for
    come_in("ada@example.org")
    [reads] = recipients.reached(hall.world.organisation, Contact.objects.filter(email="ada@example.org"))
    assert (languages_of(["ada@example.org"]), reads.language) == ({"ada@example.org": "es"}, "es")


def test_coming_in_begins_a_new_session(hall: Hall) -> None:
    browser = Client()
    session = browser.session
    session["theme"] = "dark"
    session.save()
    before = session.session_key
    browser.post("/sign-in/", {"email": "ada@example.org"})
    browser.post("/sign-in/code/", {"code": Mail.objects.latest("id").body[:9]})
    assert browser.session.session_key != before
    assert browser.session["auth"] == "code"


def test_a_wrong_code_says_how_many_tries_are_left(hall: Hall) -> None:
    browser = Client()
    browser.post("/sign-in/", {"email": "ada@example.org"})
    answer = browser.post("/sign-in/code/", {"code": "AAAA AAAA"})
    assert answer.status_code == 422
    assert "4 tries left" in answer.content.decode()
    is_well_set(answer.content.decode())


def test_unknown_addresses_get_the_same_answer(hall: Hall) -> None:
    answers = [Client().post("/sign-in/", {"email": f"{name}@example.org"}) for name in ("ada", "nobody")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_nobody_is_led_elsewhere_after_coming_in(hall: Hall) -> None:
    for evil in ("https://evil.example/", "//evil.example/", "javascript:x"):
        page = Client().get("/sign-in/", {"next": evil}).content.decode()
        assert "evil.example" not in page


def test_too_many_codes_are_answered_with_a_time_to_wait(hall: Hall) -> None:
    browser = Client()
    for _time in range(5):
        browser.post("/sign-in/", {"email": "ada@example.org"})
    answer = browser.post("/sign-in/", {"email": "ada@example.org"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    is_well_set(answer.content.decode())


def test_a_device_lets_its_owner_in(hall: Hall) -> None:
    device, ada = Device(host="testserver", origin="http://testserver"), come_in("ada@example.org")
    made = device.make(json.dumps(ada.get("/account/passkeys/options/").json()))
    assert ada.post("/account/passkeys/", {"label": "My phone", "answer": made}).status_code == 302
    assert "My phone" in ada.get("/account/").content.decode()
    other = Client()
    shown = device.show(json.dumps(other.get("/sign-in/passkey/options/").json()))
    assert (
        other.post("/sign-in/passkey/", {"answer": shown, "next": "/tidewater/"}).headers["Location"]
        == "/tidewater/"
    )
    assert other.session["auth"] == "passkey"
    assert other.post("/sign-in/passkey/", {"answer": shown}).status_code == 422  # an answer is good once
    unasked = device.show(json.dumps({"challenge": ""}))
    assert Client().post("/sign-in/passkey/", {"answer": unasked}).status_code == 422  # nobody was asked
    ada.post(f"/account/passkeys/{Passkey.objects.get().pk}/remove/")
    assert not Passkey.objects.exists()


def test_a_key_for_a_program_is_shown_once(hall: Hall) -> None:
    ada = come_in("ada@example.org")
    page = ada.post(
        "/account/tokens/", {"label": "my script", "scopes": ["read"], "days": "7"}
    ).content.decode()
    is_well_set(page)
    secret = re.search(r"kol_[\w-]+", page)[0]
    assert secret not in ada.get("/account/").content.decode()
    assert Token.objects.get().scopes == "read"
    assert hall.enter("ben").post(f"/account/tokens/{Token.objects.get().pk}/remove/").status_code == 302
    assert Token.objects.exists()


def test_going_out_everywhere_ends_every_session(hall: Hall) -> None:
    phone, desk = come_in("ada@example.org"), come_in("ada@example.org")
    phone.post("/account/sign-out-everywhere/")
    assert desk.get("/account/").status_code == 302


def test_the_theme_is_kept_with_the_account(hall: Hall) -> None:
    ada = come_in("ada@example.org")
    ada.post("/account/appearance/", {"theme": "dark", "language": ""})
    assert 'data-theme="dark"' in ada.get("/tidewater/").content.decode()
    assert ada.post("/account/appearance/", {"theme": '"><script>', "language": ""}).status_code == 422


def test_somebody_asks_to_join_and_the_clock_admits(hall: Hall) -> None:
    assert Client().get("/tidewater/join/").headers["Location"].startswith("/sign-in/")
    mia = come_in("mia@example.org", next="/tidewater/join/")
    is_well_set(mia.get("/tidewater/join/").content.decode())
    mia.post("/tidewater/join/", {"name": "Mia", "unit_id": hall.world.unit().pk})
    assert "The clock admits you" in mia.get("/tidewater/").content.decode()
    assert mia.get("/tidewater/issues/").status_code == 403
    assert "Mia" in hall.enter("ada").get("/tidewater/members/").content.decode()
    hall.now.pass_days(7.1)
    assert mia.get("/tidewater/issues/").status_code == 200
    assert mia.get("/tidewater/join/").status_code == 403


def test_who_is_invited_belongs_by_their_own_yes_alone(hall: Hall) -> None:
    hall.enter("ada").post(
        "/tidewater/members/invite/",
        {"name": "Mia", "email": "mia@example.org", "unit_id": hall.world.unit().pk},
        headers={"host": "127.0.0.1:666"},  # whatever host is asked, a letter leads to the one that was set
    )
    letter = Mail.objects.get(to="mia@example.org")
    assert "\nhttp://localhost:8000/tidewater/\n" in letter.body
    page = hall.enter("ben").get("/tidewater/members/").content.decode()
    assert re.search(r'id="asked-in".*Mia.*by Ada', page, re.DOTALL)
    mia = come_in("mia@example.org")
    assert "You are asked in." in mia.get("/tidewater/").content.decode()
    mia.post("/tidewater/join/yes/")
    assert Member.objects.get(contact__email="mia@example.org").standing == "member"  # moving in
    assert Contact.objects.get(email="mia@example.org").account.email == "mia@example.org"
    assert 'id="asked-in"' not in hall.enter("ben").get("/tidewater/members/").content.decode()


def test_what_needs_me_is_counted_above_the_list_of_members_too(hall: Hall) -> None:
    hall.at_talk()
    come_in("mia@example.org").post("/tidewater/join/", {"name": "Mia", "unit_id": hall.world.unit().pk})
    ada = hall.enter("ada")
    counted = [
        re.search(r"<nav.*?Now.*?(\d+)", ada.get(f"/tidewater/{path}").content.decode(), re.DOTALL)
        for path in ("issues/", "members/")
    ]
    assert counted[0]
    assert counted[1]
    assert counted[0][1] == counted[1][1]


def test_a_list_is_shown_line_by_line_before_anybody_is_asked(hall: Hall) -> None:
    rows = (
        "Name;E-Mail\nMia Öz;mia@example.org\nNo Mail;nowhere\nAda;ada@example.org\nTwice;mia@example.org\n"
    )
    ada = hall.enter("ada")
    page = ada.post(
        "/tidewater/members/invite-list/",
        {"file": SimpleUploadedFile("list.csv", rows.encode("cp1252"), content_type="text/csv")},
    ).content.decode()
    is_well_set(page)
    assert "Windows-1252" in page
    assert "Mia Öz" in page
    for line in ("Line 3:", "Line 4:", "Line 5:"):
        assert line in page
    assert not Contact.objects.filter(email="mia@example.org").exists()
    ada.post("/tidewater/members/invite-list/send/")
    assert Contact.objects.filter(email="mia@example.org").count() == 1
    assert Mail.objects.filter(to="mia@example.org").count() == 1


def test_another_address_is_proved_told_to_the_old_one_and_waits(hall: Hall) -> None:
    ada = come_in("ada@example.org")
    ada.post("/tidewater/mine/address/", {"email": "ada@elsewhere.example"})
    code = Mail.objects.get(to="ada@elsewhere.example").body[:9]
    assert ada.post("/tidewater/mine/address/code/", {"code": "AAAAAAAA"}).status_code == 422
    assert ada.post("/tidewater/mine/address/code/", {"code": code}).status_code == 302
    assert Mail.objects.latest("id").to == "ada@example.org"
    assert "ada@elsewhere.example" in ada.get("/tidewater/mine/").content.decode()
    ada.post("/tidewater/mine/address/stop/")
    assert "ada@elsewhere.example" not in ada.get("/tidewater/mine/").content.decode()


def test_whoever_asks_to_join_finds_out_by_no_address_who_belongs(hall: Hall) -> None:
    spy = come_in("spy@example.org")
    spy.post("/tidewater/join/", {"name": "Spy", "unit_id": hall.world.unit().pk})
    asked = [
        spy.post("/tidewater/mine/address/", {"email": f"{name}@example.org"}) for name in ("ada", "nobody")
    ]
    assert [(one.status_code, one.headers.get("Location")) for one in asked] == [
        (302, "/tidewater/mine/address/code/")
    ] * 2
    spy.post("/tidewater/mine/address/", {"email": "ada@example.org"})
    code = Mail.objects.filter(to="ada@example.org").latest("id").body[:9]
    answer = spy.post("/tidewater/mine/address/code/", {"code": code})
    assert answer.status_code == 422
    assert "known here already" in answer.content.decode(), "whoever reads the mail knows it anyhow"


def test_my_data_holds_my_words_and_nobody_elses(hall: Hall) -> None:
    issue = hall.at_talk()
    for name in ("ada", "ben"):
        hall.enter(name).post(
            f"/tidewater/issues/{issue.number}/speak/", {"stance": "for", "text": f"I am {name}."}
        )
    mine = json.loads(hall.enter("ada").get("/tidewater/mine/data/").content)
    words = [one["value"] for one in mine["words"]]
    assert "I am ada." in words
    assert "I am ben." not in words
    assert mine["contact"]["email"] == "ada@example.org"
    assert mine["entries"]


def test_leaving_is_open_at_any_time(hall: Hall) -> None:
    ada = hall.enter("ada")
    assert ada.post("/tidewater/mine/leave/").headers["Location"] == "/tidewater/"
    assert ada.get("/tidewater/issues/").status_code == 403
    assert ada.get("/tidewater/join/").status_code == 200
    ada.post("/tidewater/join/", {"name": "Ada", "unit_id": hall.world.unit().pk})
    assert "The clock admits you" in ada.get("/tidewater/").content.decode()
    hall.now.pass_days(7.1)
    assert hall.world.member("ada").standing == "member"  # the same person, under the same id


@pytest.mark.django_db
def test_an_organisation_is_founded_page_by_page_and_signed(now) -> None:
    opener = come_in("rosa@example.org")
    opener.post("/found/name/", {
        "name": "Alder House", "slug": "", "unit_word": "house", "zone": "Europe/Berlin",
        "preset": "small", "joining": "open",
    })  # fmt: skip
    wrong = opener.post("/found/founders/", {"founders": "Rosa\n", "units": ""})
    assert wrong.status_code == 422
    assert "It should read: name, mail address." in wrong.content.decode()
    founders = "Rosa, rosa@example.org\nOtto, otto@example.org\nKarl, karl@example.org"
    opener.post("/found/founders/", {"founders": founders, "units": ""})
    posts = {"rows": "2", "p0-title": "Treasurer", "p0-holder": "otto@example.org"}
    unfinished = opener.post("/found/posts/", posts)
    assert unfinished.status_code == 422
    assert "Please fill this in for whoever held it before." in unfinished.content.decode()
    is_well_set(unfinished.content.decode())
    posts |= {"p0-elected_on": "2025-10-01", "p0-ends_on": "2026-09-30", "p0-minutes": "Elected by all."}
    assert opener.post("/found/posts/", posts).headers["Location"] == "/found/words/"
    opener.post("/found/words/", {"words": "Twelve people in one house."})
    page = opener.get("/found/look/").content.decode()
    is_well_set(page)
    assert "It exists when 3 of them have signed" in page
    answer = opener.post("/found/look/")
    assert answer.headers["Location"] == "/alder-house/"
    assert {mail.to for mail in Mail.objects.filter(subject="A charter to read and sign")} == {
        "otto@example.org", "karl@example.org",
    }  # fmt: skip
    assert Organisation.objects.get().founded_at is None
    for name in ("rosa", "otto", "karl"):
        founder = come_in(f"{name}@example.org")
        assert "Sign the charter" in founder.get("/alder-house/").content.decode()
        assert founder.post("/alder-house/sign/").status_code == 302
    assert Organisation.objects.get().founded_at is not None
    now.pass_days(0.01)
    assert "Otto as Treasurer" in founder.get("/alder-house/").content.decode()
    assert Account.objects.count() == 3


@pytest.mark.django_db
def test_nobody_writes_to_ever_more_people_by_founding(now, monkeypatch) -> None:
    monkeypatch.setattr(tries, "FOUND_BY_ACCOUNT", tries.Limit("found-account", 1, timedelta(days=1)))
    opener = come_in("rosa@example.org")
    answers = []
    for name in ("Alder House", "Elm House"):
        for step, given in {
            "name": {"name": name, "unit_word": "house", "zone": "Europe/Berlin", "preset": "small", "joining": "open"},
            "founders": {"founders": "Rosa, rosa@example.org\nOtto, otto@example.org\nKarl, karl@example.org"},
            "posts": {"rows": "1"},
            "words": {"words": ""},
            "look": {},
        }.items():  # fmt: skip
            answers.append(opener.post(f"/found/{step}/", given).status_code)
    assert answers == [302] * 9 + [429]
    assert Mail.objects.filter(subject="A charter to read and sign").count() == 2
