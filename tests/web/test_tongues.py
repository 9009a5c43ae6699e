# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever reads another language reads no English: page after page, in a language without English words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from kollontai.chapters.accounts.models import Account, Mail
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.record.models import Content
from kollontai.chapters.record.refusal import Refusal
from kollontai.web import numbers, times, words
from kollontai.web.pages import counts
from tests.web import tongues
from tests.web.hall import LEADER, NAMES, Hall

ODD = "en-xa"
THEIR_OWN = "Kollontai AGPL or later English Odd tidewater localhost testserver Europe London Lisbon example org kB checkpoint log vkey"
DATES = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec"
)
PLACE = re.compile(r"[A-Z][\w-]+(/[A-Z][\w-]+)*(/| )?[\w +-]*|[a-z_]+(\.[a-z_]+)+")
"""A place on the list of clocks, or the kind of an entry as a machine names it."""
NOT_PAGES = re.compile(
    r"/(static|api|witness|sign-out|out)\b|^/record/|\.(blt|json|csv|pdf|ics)$|/(file|data|receipt)/$"
)
MOST_PAGES = 250


@pytest.fixture
def odd(settings: Any, tmp_path: Path) -> Iterator[str]:
    """The language nobody speaks, offered beside English."""
    tongues.write(tmp_path, "en_XA")
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en-gb", "English"), (ODD, "Odd")]
    cache.clear()
    yield ODD
    cache.clear()


def known() -> set[str]:
    """Every word that somebody wrote, and the names that stand in every language."""
    found = tongues.words(f"{THEIR_OWN} {DATES} {' '.join(NAMES)}")
    for kept in Content.objects.all():
        found |= tongues.words(str(kept))
    return found


def walk(browser: Client, begin: str, within: tuple[str, ...] = ("/",)) -> Iterator[tuple[str, str]]:
    """Every page that links and forms lead to from here, once; of addresses that begin like one of `within`."""
    waiting, seen = [begin], {begin}
    while waiting:
        address = waiting.pop(0)
        answer = browser.get(address, headers={"accept-language": ODD})
        if answer.status_code not in (200, 403) or not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        yield address, page
        for found in re.findall(r'(?:href|action)="(/[^"#?]*)', page):
            if found in seen or not found.startswith(within) or NOT_PAGES.search(found):
                continue
            if len(seen) < MOST_PAGES:
                seen.add(found)
                waiting.append(found)


def english(hall: Hall, name: str, within: tuple[str, ...] = ("/",)) -> dict[str, str]:
    """What somebody still reads in English: where it was first, by what it says."""
    written = known()
    found: dict[str, str] = {}
    pages = 0
    for address, page in walk(hall.enter(name), "/tidewater/", within):
        pages += 1
        if address.endswith("/found/name/") or "/found/" in address:
            page = re.sub(r"<option\b[^>]*>[^<]*</option>", "", page)  # every clock there is
        for piece in tongues.english_on(page, written):
            if not PLACE.fullmatch(piece):
                found.setdefault(piece, address)
    assert pages > 8
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("stage", ["gathering", "talk", "answer", "reply", "vote", "decided"])
def test_members_and_leaders_read_no_english_in_any_stage(hall: Hall, odd: str, stage: str) -> None:
    issue = hall.at_talk() if stage not in ("gathering",) else hall.issue()
    if stage != "gathering":
        speak(hall.world.actor("ben"), issue_id=issue.pk, text="What does it cost?", stance="question")
    hall.move_on(issue, stage)
    # Everything is walked while members talk and when it is over; in between, what may be otherwise there.
    within = ("/",) if stage in ("talk", "decided") else ("/tidewater/issues/", "/tidewater/votes/")
    for name in ("ada", LEADER) if stage in ("talk", "answer") else ("ada",):
        assert english(hall, name, within) == {}, name


def test_strangers_read_no_english(hall: Hall, odd: str) -> None:
    assert english(hall, "") == {}


def test_what_is_in_no_catalogue_is_found() -> None:
    page = '<html><body><p>Ţĥĭš ĭš ƒĭńĕ, Ada.</p><p>This is <b>not</b>.</p><img alt="Nor this"></body></html>'
    assert tongues.english_on(page, {"Ada"}) == ["This is", "not", "Nor this"]


def test_every_refusal_is_said_in_the_language_of_the_reader(odd: str) -> None:
    later = datetime(2026, 3, 3, 20, tzinfo=UTC)
    allowed = tongues.words(f"{THEIR_OWN} {DATES} JPEG PNG WebP PDF SHA MB UTF csv")
    with translation.override(odd):
        for code in words.WORDS:
            said = words.explain(Refusal(code, 2, until=later))
            for text in (said.sentence, said.more, *(way.text for way in said.today)):
                assert not tongues.words(text) - allowed, (code, text)


# --- Choosing ----------------------------------------------------------------------------------------


def language_of(answer: Any) -> str:
    """The language a page says it is in, in its own words and in its header."""
    found = re.search(r'<html lang="([^"]+)"', answer.content.decode())
    assert found
    assert answer["Content-Language"] == found[1]
    return found[1]


def test_a_browser_is_answered_in_the_language_it_asks_for(hall: Hall) -> None:
    for asked, given in (("de-AT, en;q=0.5", "de"), ("es-MX", "es"), ("fr, ja", "en-gb"), ("", "en-gb")):
        answer = hall.enter().get("/tidewater/", headers={"accept-language": asked})
        assert language_of(answer) == given
        assert "Accept-Language" in answer["Vary"]
        assert "Cookie" in answer["Vary"]


def test_a_stranger_reads_on_in_another_language_and_the_browser_keeps_it(hall: Hall) -> None:
    stranger = hall.enter()
    chosen = stranger.post("/account/language/", {"language": "de", "next": "/tidewater/charter/"})
    assert chosen.status_code == 302
    assert chosen["Location"] == "/tidewater/charter/"
    page = stranger.get("/tidewater/charter/", headers={"accept-language": "es"})
    assert language_of(page) == "de"
    assert "Jedes Amt wird durch Wahl besetzt" in page.content.decode()
    assert stranger.cookies["language"]["httponly"]


def test_a_member_chooses_for_every_browser_and_can_leave_it_to_the_browser_again(hall: Hall) -> None:
    ada = hall.enter("ada")
    ada.post("/account/language/", {"language": "es", "next": "/account/"})
    assert Account.objects.get(email="ada@example.org").language == "es"
    elsewhere = hall.enter("ada").get("/tidewater/", headers={"accept-language": "de"})
    assert language_of(elsewhere) == "es"
    assert "Lo que ahora depende de mí" in elsewhere.content.decode()
    ada.post("/account/appearance/", {"theme": "", "language": ""})
    assert language_of(ada.get("/tidewater/", headers={"accept-language": "de"})) == "de"


def test_nobody_is_led_elsewhere_or_into_a_language_there_is_not(hall: Hall) -> None:
    away = hall.enter().post("/account/language/", {"language": "de", "next": "https://evil.example/"})
    assert away["Location"] == "/"
    assert hall.enter().post("/account/language/", {"language": "xx"}).status_code == 400
    assert hall.enter().get("/account/language/").status_code == 405


def test_two_readers_of_one_kept_page_each_read_their_own_language(hall: Hall) -> None:
    issue = hall.at_talk()
    speak(hall.world.actor("ben"), issue_id=issue.pk, text="Yes.", stance="for")
    at = f"/tidewater/issues/{issue.number}/"
    said = {"de": "Mitgliederaussprache", "es": "Debate de integrantes", "en": "Members’ talk"}
    for _twice in range(2):
        for language, talk in said.items():
            page = hall.enter("eva").get(at, headers={"accept-language": language}).content.decode()
            assert talk in page
            assert not [other for other in said.values() if other != talk and other in page]


def test_what_members_wrote_stands_as_they_wrote_it(hall: Hall) -> None:
    issue = hall.at_talk()
    page = hall.enter("eva").get(f"/tidewater/issues/{issue.number}/", headers={"accept-language": "de"})
    assert "We buy a kettle." in page.content.decode()


def test_a_code_is_mailed_in_the_language_of_whoever_asks_for_it(hall: Hall) -> None:
    browser = hall.enter()
    form = browser.get("/sign-in/", headers={"accept-language": "es"}).content.decode()
    assert "Tu dirección de correo" in form
    browser.post("/sign-in/", {"email": "new@example.org"}, headers={"accept-language": "es"})
    assert Mail.objects.get(to="new@example.org").subject == "Tu código"


def test_an_invitation_is_in_the_language_of_the_account_it_goes_to(hall: Hall) -> None:
    from kollontai.chapters.accounts.steps import account_for

    account_for("una@example.org", at=hall.now.now())
    Account.objects.filter(email="una@example.org").update(language="es")
    ada = hall.enter("ada")
    for name in ("una", "otto"):
        given = {"unit_id": hall.world.unit().pk, "name": name.title(), "email": f"{name}@example.org"}
        ada.post("/tidewater/members/invite/", given, headers={"accept-language": "de"})
    assert Mail.objects.get(to="una@example.org").subject == "Te han invitado"
    assert Mail.objects.get(to="otto@example.org").subject == "Du bist eingeladen"


# --- Dates, numbers, counts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "moment", "full_day"),
    [
        ("en-gb", "Sunday 8 Feb 2015, 20:00", "8 february 2015"),
        ("de", "Sonntag, 8. Feb 2015, 20:00", "8. februar 2015"),
        ("es", "domingo 8 feb 2015, 20:00", "8 de febrero de 2015"),
    ],
)
def test_times_are_said_as_each_language_says_them(language: str, moment: str, full_day: str) -> None:
    then = datetime(2015, 2, 8, 20, tzinfo=UTC)
    with translation.override(language):
        assert times.moment(then).lower() == moment.lower()
        assert times.full_day(then).lower() == full_day


@pytest.mark.parametrize(
    ("language", "whole", "exact", "share", "sum_"),
    [
        ("en-gb", "48,212", "1,234.5", "12.5 %", "1,200.00"),
        ("de", "48.212", "1.234,5", "12,5 %", "1.200,00"),
        ("es", "48\xa0212", "1\xa0234,5", "12,5 %", "1\xa0200,00"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(
    language: str, whole: str, exact: str, share: str, sum_: str
) -> None:
    with translation.override(language):
        assert numbers.whole(48_212) == whole
        assert numbers.exact(Fraction(2469, 2)) == exact
        assert numbers.exact(Fraction(1000)) == numbers.whole(1000)
        assert numbers.exact(Fraction(1, 3)).endswith("33333")
        assert numbers.per_cent(1250) == share
        assert numbers.money(120_000) == sum_


def test_a_tie_of_a_count_is_told_in_the_language_of_the_reader() -> None:
    count = {
        "kind": "ranked", "valid": 2, "rule": "scottish-stv", "quota": "2", "by_lot": True, "by_default": [1],
        "candidates": {"1": "aa", "2": "bb"}, "elected_in_order": [1], "left_out": [], "reopened": 0,
        "stages": [
            {"action": None, "candidates": [], "elected": [], "tallies": {"1": "1", "2": "1"},
             "non_transferable_with_lost": "0", "notes": []},
            {"action": "exclude", "candidates": [2], "elected": [1], "tallies": {"1": "2", "2": "0"},
             "non_transferable_with_lost": "0",
             "notes": ["aa, bb are tied on whom to exclude; it is bb, by the published lot."]},
        ],
    }  # fmt: skip
    names = {"aa": "Ada", "bb": "Ben"}
    english, german = (said(count, names, language) for language in ("en-gb", "de"))
    assert "Ada, Ben are tied on whom to exclude; it is Ben, by the published lot." in english
    assert "Gleichstand zwischen Ada, Ben bei der Frage, wer ausscheidet; es trifft Ben:" in german
    assert "tied" not in german


def said(count: dict[str, Any], names: dict[str, str], language: str) -> str:
    """The sentences of a count in one language."""
    with translation.override(language):
        shown = counts.count_shown(count, names)
    assert shown
    return " ".join(shown.sentences)
