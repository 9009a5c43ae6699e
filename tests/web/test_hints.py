# SPDX-License-Identifier: AGPL-3.0-or-later
"""First steps are pointed out until they are taken, or until somebody wants no more of them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from kollontai import clock
from kollontai.chapters.accounts.models import Passkey
from kollontai.chapters.accounts.steps import account_for
from kollontai.web.pages import hints
from tests.web.hall import Hall

HOME = "/tidewater/"
RAISE = "Whatever is on your mind can become an issue."
KEY = "A key in your phone or laptop"


def seen(hall: Hall, name: str) -> str:
    return hall.enter(name).get(HOME).content.decode()


def test_who_has_not_taken_part_reads_how_to(hall: Hall) -> None:
    page = seen(hall, "ida")
    assert "First steps" in page
    assert RAISE in page
    assert KEY in page
    assert reverse("guide") in page


def test_each_step_goes_away_once_it_is_taken(hall: Hall) -> None:
    hall.at_talk()
    for name in ("ada", "ben"):  # one raised it, one stood behind it
        page = seen(hall, name)
        assert RAISE not in page
        assert KEY in page
    Passkey.objects.create(
        account=account_for("ada@example.org", at=clock.now()), credential=b"1", public_key=b"1", label="phone",
        created_at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    assert "First steps" not in seen(hall, "ada")


def test_they_are_put_away_by_one_button_and_brought_back_by_another(hall: Hall) -> None:
    ida = hall.enter("ida")
    assert ida.get(reverse("account-hints")).status_code == 405
    answer = ida.post(reverse("account-hints"), {"next": HOME})
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert "First steps" not in ida.get(HOME).content.decode()
    assert "First steps" in seen(hall, "jon")
    assert "Show them again" in ida.get(reverse("account")).content.decode()
    ida.post(reverse("account-hints"), {"again": "1"})
    assert "First steps" in ida.get(HOME).content.decode()


def test_the_way_back_leads_nowhere_else(hall: Hall) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""):
        answer = hall.enter("ida").post(reverse("account-hints"), {"next": elsewhere})
        assert answer["Location"] == reverse("account")


def test_a_stranger_has_no_hints(hall: Hall) -> None:
    assert "First steps" not in hall.enter().get(HOME).content.decode()
    assert hall.enter().post(reverse("account-hints")).status_code == 302


def test_who_entered_a_demonstration_without_an_account_has_none(hall: Hall) -> None:
    class House:
        me = hall.world.member("ida")

    assert hints.of(House(), AnonymousUser()) == []  # type: ignore[arg-type]
