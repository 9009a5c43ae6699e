# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outgoing messages, keys for programs, forms sent twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection

from kollontai import clock
from kollontai.chapters.accounts import codes, once, post, tokens, tries
from kollontai.chapters.accounts.models import Account, FormKey, Mail, Token, Tries
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.accounts.sweeping import sweep

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 19, 12, 0, tzinfo=UTC)


def test_what_waits_is_sent_once_and_loses_its_words(settings):
    settings.DEMO = False
    post.queue("nadia@example.org", "Your code", "RT4K 9MWC", at=NOON)
    assert (post.send_waiting(), post.send_waiting()) == (1, 0)
    assert [message.body for message in mail.outbox] == ["RT4K 9MWC"]
    assert Mail.objects.get().body == ""


def test_in_a_demonstration_nothing_leaves_the_machine(settings):
    settings.DEMO = True
    post.queue("nadia@example.org", "Your code", "RT4K 9MWC", at=NOON)
    assert post.send_waiting() == 0
    assert [message.body for message in post.outbox()] == ["RT4K 9MWC"]


def test_without_a_mail_server_messages_stay_in_the_outbox(settings):
    settings.DEMO = False
    settings.EMAIL_HOST = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    post.queue("nadia@example.org", "Hello", "There", at=NOON)
    assert post.send_waiting() == 0
    assert post.outbox().count() == 1


def test_a_message_that_cannot_be_sent_waits_and_is_tried_again_later(settings, monkeypatch):
    settings.DEMO = False

    def fail(self, **more):
        raise ConnectionRefusedError("nobody there")

    post.queue("nadia@example.org", "Hello", "There", at=NOON)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert post.send_waiting() == 0
    row = Mail.objects.get()
    assert (row.failed, row.tries, row.sent_at) == ("nobody there", 1, None)
    monkeypatch.undo()
    assert post.send_waiting() == 0  # not yet
    Mail.objects.update(try_at=None)
    assert post.send_waiting() == 1


def make(scopes=("read",), days=30) -> tuple[Token, str]:
    return tokens.make(
        account_for("nadia@example.org", at=NOON), label="reader", scopes=scopes, days=days, at=NOON
    )


def test_a_key_is_found_by_its_secret_until_its_last_day():
    token, secret = make()
    assert tokens.find(secret, at=NOON) == token
    assert tokens.find(secret, at=NOON + timedelta(days=30)) is None
    assert tokens.find(secret + "x", at=NOON) is None


def test_a_key_does_what_it_was_made_for_and_nothing_else():
    token, _secret = make(scopes=("act", "read"))
    assert [tokens.allows(token, scope) for scope in tokens.SCOPES] == [True, True, False]
    with pytest.raises(ValueError, match="read, act, vote"):
        make(scopes=("root",))
    with pytest.raises(ValueError, match="a year"):
        make(days=400)


def test_the_secret_of_a_key_is_not_kept():
    token, secret = make()
    assert secret not in (token.digest, token.label)


def test_only_the_owner_removes_a_key():
    token, secret = make()
    tokens.remove(account_for("other@example.org", at=NOON), token.pk)
    assert tokens.find(secret, at=NOON)
    tokens.remove(token.account, token.pk)
    assert tokens.find(secret, at=NOON) is None


def test_a_form_sent_twice_leads_to_the_same_place():
    assert not once.take("k", of="nadia", at=NOON)
    before = once.take("k", of="nadia", at=NOON)
    assert once.is_same_form(before, "k", of="nadia")
    assert once.led_to(before) == ""
    once.done("k", "/tidewater/issues/1/", of="nadia")
    assert once.led_to(once.take("k", of="nadia", at=NOON)) == "/tidewater/issues/1/"
    assert not once.take("k", of="somebody else", at=NOON)


def test_a_form_that_did_nothing_may_be_sent_again():
    once.take("k", of="nadia", at=NOON, words="A shed")
    once.give_back("k", of="nadia")
    assert not once.take("k", of="nadia", at=NOON, words="A shed")


def said(key, words, at=NOON, of="nadia"):
    """Send words in a form; say whether they were taken."""
    before = once.take(key, of=of, at=at, words=words)
    if not before:
        once.done(key, f"/{key}/", of=of)
    return not before


def test_the_same_words_in_another_form_lead_to_where_the_first_led():
    assert said("k", "A shed")
    before = once.take("l", of="nadia", at=NOON + timedelta(minutes=9), words="A shed")
    assert once.led_to(before) == "/k/"
    assert not once.is_same_form(before, "l", of="nadia")


def test_others_may_say_the_same_words_and_a_button_alone_has_none():
    assert said("k", "A shed")
    assert said("l", "A shed", of="somebody else")
    assert said("m", "")
    assert said("n", "")


def test_words_are_new_again_after_some_minutes():
    assert said("k", "A shed")
    assert said("l", "A shed", at=NOON + once.SAME_WORDS_FOR)
    assert not said("m", "A shed", at=NOON + once.SAME_WORDS_FOR + timedelta(minutes=9))


@pytest.mark.parametrize("between", ["A roof", ""])
def test_words_are_new_again_after_anything_else_was_done(between):
    assert said("k", "A shed")
    assert said("l", between)
    assert said("m", "A shed")


def test_what_was_refused_in_between_does_not_make_the_same_words_new():
    assert said("k", "A shed")
    once.take("l", of="nadia", at=NOON, words="A roof")
    once.give_back("l", of="nadia")
    assert not said("m", "A shed")


def test_what_served_for_some_days_is_swept_away():
    said("old", "A shed", at=NOON - timedelta(days=3))
    said("new", "A roof")
    tries.count(tries.ASK_BY_ADDRESS, "nadia@example.org", at=NOON - timedelta(days=3))
    Session.objects.create(session_key="x", session_data="", expire_date=NOON - timedelta(days=1))
    Session.objects.create(session_key="y", session_data="", expire_date=NOON + timedelta(days=1))
    sweep(at=NOON)
    assert FormKey.objects.count() == 1
    assert not Tries.objects.exists()
    assert Session.objects.get().pk == "y"


def test_an_account_has_no_rights_and_no_password():
    account = account_for("nadia@example.org", at=NOON)
    assert not account.has_usable_password()
    assert not any(hasattr(Account, field) for field in ("is_staff", "is_superuser", "groups"))


def test_what_was_sent_is_forgotten_after_a_month(settings):
    settings.DEMO = False
    post.queue("nadia@example.org", "Your code", "RT4K 9MWC", at=NOON)
    post.send_waiting()
    sent = Mail.objects.get().sent_at
    sweep(at=sent + timedelta(days=30))
    assert Mail.objects.exists()
    sweep(at=sent + timedelta(days=30, seconds=1))
    assert not Mail.objects.exists()


def test_notices_wait_behind_what_must_arrive(settings):
    settings.DEMO = False
    post.queue_notices([("ada@example.org", "A vote", "Words", "https://here/stop/x", None)] * 3, at=NOON)
    post.queue("nadia@example.org", "Your code", "RT4K 9MWC", at=NOON)
    assert post.send_waiting(most=2) == 2
    assert [message.subject for message in mail.outbox] == ["Your code", "A vote"]


def test_one_message_that_fails_does_not_take_the_others_along(settings, monkeypatch):
    settings.DEMO = False
    real = mail.EmailMessage.send

    def fail_once(self, **more):
        if self.to == ["bad@example.org"]:
            raise ConnectionResetError("gone")
        return real(self, **more)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail_once)
    for to in ("bad@example.org", "good@example.org"):
        post.queue(to, "Hello", "There", at=NOON)
    assert post.send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["good@example.org"]]


def test_an_address_that_cannot_be_written_does_not_take_the_others_along(settings):
    settings.DEMO = False
    too_long = f"nadia@{'ü' * 63}.example"  # once it is spelt in plain letters
    post.queue(too_long, "Your code", "RT4K 9MWC", at=NOON)
    post.queue("good@example.org", "Hello", "There", at=NOON)
    assert post.send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["good@example.org"]]
    assert post.stuck().count() == 1


class ShutDoor(locmem.EmailBackend):
    """A mail server at which nobody opens."""

    knocked = 0

    def open(self):
        type(self).knocked += 1
        raise ConnectionRefusedError("nobody opens")


def test_however_long_the_mail_server_is_away_nothing_is_given_up_and_few_knock(settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setattr(ShutDoor, "knocked", 0)
    here = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.ShutDoor"
    post.queue_notices([("ada@example.org", "A vote", "Words", "https://here/stop/x", None)] * 3, at=NOON)
    moment = clock.now()
    for _try in range(20):
        assert post.send_waiting() == 0
        assert post.send_waiting() == 0
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
        moment += timedelta(hours=12)
    assert ShutDoor.knocked <= 21  # once each time, not for each letter
    assert post.stuck().count() == 3
    settings.EMAIL_BACKEND = here
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert post.send_waiting() == 3
    assert not post.stuck().exists()


def test_what_is_true_no_more_when_the_mail_server_comes_back_is_not_sent(settings, monkeypatch):
    settings.DEMO = False
    here, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.ShutDoor"
    codes.send("nadia@example.org", browser="b", network="n", at=NOON)
    open_until = NOON + timedelta(days=3)
    post.queue_notices([("ada@example.org", "A vote", "Words", "https://here/stop/x", open_until)], at=NOON)
    post.queue("ben@example.org", "You are asked in", "There", at=NOON)
    for later, left in ((timedelta(minutes=9), 3), (timedelta(minutes=10), 2), (timedelta(days=3), 1)):
        monkeypatch.setattr(clock, "now", lambda at=NOON + later: at)
        assert post.send_waiting() == 0
        assert post.outbox().count() == left
    settings.EMAIL_BACKEND = here
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=4))
    assert post.send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["ben@example.org"]]


def test_who_sends_waits_for_no_mail_server(settings):
    assert 0 < settings.EMAIL_TIMEOUT <= 30  # the same process keeps the clock


def test_what_nobody_takes_is_given_up_and_forgotten_after_a_month(settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refused)
    row = post.queue("nobody@example.org", "Your code", "RT4K 9MWC", at=NOON)
    for _try in range(post.MOST_TRIES):
        assert post.stuck().exists() == bool(_try)
        Mail.objects.update(try_at=None)
        assert post.send_waiting() == 0
    assert (post.stuck().count(), post.given_up().get()) == (0, row)
    sweep(at=NOON + timedelta(days=30))
    assert Mail.objects.exists()
    sweep(at=NOON + timedelta(days=30, seconds=1))
    assert not Mail.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole.")
@pytest.mark.parametrize(
    "asked",
    [post.outbox, post.stuck, post.given_up, lambda: Mail.objects.filter(sent_at=None, until__lte=NOON)],
)
def test_what_waits_is_found_without_reading_a_month_of_letters(asked):
    assert "USING INDEX mail_by_sending" in asked().explain()


def test_one_address_that_is_none_says_nothing_of_the_post_and_two_do_until_a_letter_goes_out(
    settings, monkeypatch
):
    settings.DEMO = False
    with monkeypatch.context() as now:
        now.setattr(locmem.EmailBackend, "send_messages", refused)
        for name, goes_out in (("ada", True), ("ben", False)):
            post.queue(f"{name}@example.org", "You are asked in", "There", at=NOON)
            assert post.send_waiting() == 0
            assert post.goes_out(at=NOON) == goes_out
    Mail.objects.update(tries=post.MOST_TRIES)  # given up
    assert not post.goes_out(at=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    post.queue("cleo@example.org", "You are asked in", "There", at=NOON)
    assert post.send_waiting() == 1
    assert post.goes_out(at=NOON + timedelta(hours=1))


@pytest.mark.parametrize("method", ["open", "send_messages"])
def test_whatever_goes_wrong_with_a_letter_is_kept_with_it(method, settings, monkeypatch):
    def odd(self, *given):
        raise LookupError("unknown encoding")

    settings.DEMO = False
    monkeypatch.setattr(locmem.EmailBackend, method, odd)
    post.queue("ada@example.org", "You are asked in", "There", at=NOON)
    assert post.send_waiting() == 0
    assert post.stuck().get().failed == "unknown encoding"


def refused(self, messages):
    raise SMTPRecipientsRefused({"nobody@example.org": (550, b"no such mailbox")})


def test_a_letter_sent_at_once_says_what_stood_in_the_way(settings, monkeypatch):
    assert post.send_now("nadia@example.org", "Hello", "There") == ""
    assert [message.subject for message in mail.outbox] == ["Hello"]

    def fail(self, **more):
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert post.send_now("nadia@example.org", "Hello", "There") == "nobody there"


def test_the_outbox_shows_each_text_once_with_how_many_others_there_are():
    ends = [f"https://here/stop/{name}" for name in "abc"]
    post.queue_notices(
        [(f"{one[-1]}@example.org", "A vote", f"Words {one}", one, None) for one in ends], at=NOON
    )
    post.queue("a@example.org", "Your code", "RT4K 9MWC", at=NOON + timedelta(minutes=1))
    found = [(one.mail.subject, one.others) for one in post.outbox_by_words(most=5)]
    assert found == [("Your code", 0), ("A vote", 2)]
    assert [one.mail.subject for one in post.outbox_by_words(most=1)] == ["Your code"]
