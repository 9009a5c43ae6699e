# SPDX-License-Identifier: AGPL-3.0-or-later
"""No page of an organisation leads anybody to where they are refused; for issues, stage by stage: test_doors.py."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from tests.tampering.organisation import build
from tests.web.hall import Hall
from tests.web.test_doors import words

pytestmark = pytest.mark.django_db

WORLDS = [(0, ("hal", "kit", "tom", "ola", "")), (20, ("ada", "max"))]
"""For how many days the clock has not looked, and who reads: a leader, one who writes in for a neighbour, who waits
to be admitted, who has left, and the world; a member, and one whose address is to change."""
ELSEWHERE = re.compile(r"[?&](stance|order|page|before)=|/(help|static|record)/[a-z]|\.pdf|^/found/|/file/$")
"""Other parts of the same list, and what is no page of the organisation."""
ALIKE = {"issue": 5, "poll": 4, "post": 2, "election": 2}
"""Of pages that are alike, so many are looked at; of all others one."""


def led_to(browser: Client) -> Iterator[tuple[str, str, Any]]:
    """Follow what pages offer, from the first one on: where it was offered, its address, the answer."""
    seen, alike = {"/tidewater/"}, Counter[str]()
    waiting = [("", "/tidewater/")]
    while waiting:
        where, address = waiting.pop(0)
        answer = browser.get(address)
        yield where, address, answer
        page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
        for found in re.findall(r'(?:href|src)="([^"#]+)', page):
            found = html.unescape(found)
            found = address.partition("?")[0] + found if found.startswith("?") else found
            if not found.startswith("/") or found in seen or ELSEWHERE.search(found):
                continue
            seen.add(found)
            name = resolve(found.partition("?")[0]).url_name or ""
            alike[name] += 1
            if alike[name] <= ALIKE.get(name, 1):
                waiting.append((address, found))


def asks_to_sign_in(answer: Any) -> bool:
    """Whether a page for members shows whoever is not signed in the way to it."""
    return answer.status_code == 403 and 'class="button" href="/sign-in/?next=' in answer.content.decode()


@pytest.mark.parametrize(("late", "readers"), WORLDS)
def test_whoever_follows_what_pages_offer_is_not_refused(
    db: None, now: Any, late: int, readers: tuple[str, ...]
) -> None:
    hall = Hall(build(now).world, now)
    cache.clear()
    now.move(days=late)
    refused, followed = [], 0
    for name in readers:
        for where, address, answer in led_to(hall.enter(name)):
            followed += 1
            if answer.status_code not in (200, 202, 302) and not asks_to_sign_in(answer):
                refused.append((name, where, address, words(answer)))
    assert refused == []
    assert followed > 15 * len(readers), followed
