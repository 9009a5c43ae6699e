# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is sent to a page, it answers: with what was wrong, and never with a fault of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from kollontai import clock
from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.record.models import Organisation
from tests.web.hall import BACKEND, Hall
from tests.web.test_pages import is_well_set

NUMBERS = ("9" * 19, "9" * 5_000)
WORDS = ("\0", "x" * 3_000, "é\u202e")
QUERY = {"page": "9" * 30, "unit": "\0", "before": "²", "next": "//evil", "of": "\0"}
FILLED_IN = ("", "\0", "9" * 5_000, "x" * 200_000, "0001-01-01T00:00")
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')


def patterns() -> dict[str, dict[str, object]]:
    """Every address outside the API, with what stands in it."""
    found: dict[str, dict[str, object]] = {}

    def walk(resolver: URLResolver, prefix: str, given: dict[str, object]) -> None:
        for one in resolver.url_patterns:
            here = {**given, **one.pattern.converters}
            if isinstance(one, URLPattern):
                found[f"/{prefix}{one.pattern}"] = here
            elif one.namespace != "api":
                walk(one, f"{prefix}{one.pattern}", here)

    walk(get_resolver(), "", {})
    return found


def filled_in(pattern: str, values: dict[str, str]) -> str:
    """An address with its blanks filled in."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: values[blank[1]], pattern)


def addresses(hall: Hall) -> Iterator[tuple[str, list[str]]]:
    """Every address with what is really there, and the same with nonsense in each blank."""
    issue = hall.at("vote")
    real = {
        "slug": "tidewater", "number": str(issue.number), "letter": "A", "position": "3", "step": "name",
        "member_id": hall.world.people["ben"], "poll_id": str(issue.poll_id),
    }  # fmt: skip
    for pattern, blanks in patterns().items():
        if pattern == "/healthz":
            continue  # it says 503 where nothing keeps the house: test_health.py
        values = {name: real.get(name, "1") for name in blanks}
        nonsense = []
        for name, kind in blanks.items():
            if name != "slug" or len(blanks) == 1:
                wrong = NUMBERS if isinstance(kind, IntConverter) else WORDS
                nonsense += [filled_in(pattern, {**values, name: one}) for one in wrong]
        yield filled_in(pattern, values), nonsense


def content_of(answer: Any) -> bytes:
    """All of an answer; what comes in pieces is read to its end, which closes it."""
    return b"".join(answer) if answer.streaming else bytes(answer.content)


def asked(client: Client, method: str, path: str, data: Any = None) -> str:
    """Ask for a page; what broke in one line, or nothing."""
    client.raise_request_exception = False
    answer = getattr(client, method)(path, data)
    content_of(answer)
    told = getattr(answer, "exc_info", None)
    return (
        f"{method} {path[:60]}: {told[1] if told else answer.status_code}"
        if answer.status_code >= 500
        else ""
    )


def test_no_address_breaks_a_page(hall: Hall) -> None:
    client = hall.enter("ada")
    broken = [
        asked(client, "get", path, query)
        for real, nonsense in addresses(hall)
        for path in (real, *nonsense)
        for query in ({}, QUERY)
        if path == real or not query
    ]
    assert list(filter(None, broken)) == []


def test_nothing_that_is_filled_in_breaks_a_page(hall: Hall) -> None:
    broken = []
    for path, _nonsense in addresses(hall):
        if "/out/" in path or "everywhere" in path or "/leave/" in path:
            continue
        client = hall.enter("ada")
        page = content_of(client.get(path)).decode("utf-8", "replace")
        fields = set(FIELD.findall(page)) - {"csrfmiddlewaretoken", "form_key"} | {"rows", "choice", "rank0"}
        broken += [asked(client, "post", path, dict.fromkeys(fields, value)) for value in FILLED_IN]
    assert list(filter(None, broken)) == []


# --- founding ---


def founder() -> Client:
    """Somebody who begins to found."""
    client = Client()
    client.force_login(account_for("rosa@example.org", at=clock.now()), backend=BACKEND)
    return client


NAME = {"name": "Quarry House", "slug": "quarry", "unit_word": "house", "zone": "Pacific/Kiritimati",
        "preset": "small", "joining": "open"}  # fmt: skip
FOUNDERS = "Rosa, rosa@example.org\nTeo, teo@example.org\nUma, uma@example.org\n"
POST = {"title": "Treasurer", "unit": "", "duty": "", "seats": "1", "term_days": "365",
        "holder": "teo@example.org", "elected_on": "2025-10-22", "ends_on": "2026-10-21",
        "minutes": "Elected."}  # fmt: skip


def founds(**wrong: Any) -> list[int]:
    """Walk through the founding with one thing filled in wrongly; how each step was answered."""
    client, statuses = founder(), []
    posts = {"rows": "1", **{f"p0-{name}": value for name, value in POST.items()}}
    for step, sent in (
        ("name", NAME), ("founders", {"founders": FOUNDERS, "units": ""}), ("posts", posts),
        ("words", {"words": "Stone by stone."}), ("look", {}),
    ):  # fmt: skip
        sent = {name: wrong.get(name, value) for name, value in sent.items()}
        answer = client.post(f"/found/{step}/", sent)
        statuses.append(answer.status_code)
        if answer.status_code not in (302, 303):
            assert answer.status_code == 422, answer.content[:500]
            is_well_set(answer.content.decode())
            break
    return statuses


def test_a_founding_without_faults_goes_through(db: None, now: Any) -> None:
    assert founds() == [302] * 5
    assert Organisation.objects.get().slug == "quarry"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "\0"}, {"name": "x" * 5_000}, {"slug": "../etc"}, {"slug": "API"}, {"zone": "Moon/Sea"},
        {"preset": "huge"}, {"joining": "never"}, {"unit_word": "\0"},
        {"founders": "\0"}, {"founders": "Rosa"}, {"founders": FOUNDERS + "Rosa, rosa@example.org"},
        {"founders": FOUNDERS + "Vic, not-an-address@"}, {"founders": FOUNDERS + ", vic@example.org"},
        {"founders": FOUNDERS + f"{'V' * 1_500}, vic@example.org"},
        {"founders": FOUNDERS + f"Vic, {'v' * 400}@example.org"},
        {"founders": FOUNDERS + "Vic, vic@example.org, Nowhere"},
        {"founders": "".join(f"M{n}, m{n}@example.org\n" for n in range(5_001))},
        {"units": "x" * 3_000}, {"units": "\n".join(["Twice"] * 2)}, {"units": "\n".join(map(str, range(3_000)))},
        {"rows": "9" * 5_000, "p0-seats": "x"}, {"p0-seats": "9" * 5_000}, {"p0-seats": "-1"},
        {"p0-term_days": "1e9"}, {"p0-holder": "nobody@example.org"},         {"p0-elected_on": "9999-12-31", "p0-ends_on": "9999-12-31"}, {"p0-ends_on": "0001-01-01"},
        {"p0-title": "x" * 500}, {"p0-minutes": "x" * 200_000}, {"words": "x" * 200_000}, {"words": "y\n" * 3_000},
    ],
    ids=lambda wrong: " ".join(f"{name}={str(value)[:12]!r}" for name, value in wrong.items()),
)  # fmt: skip
def test_a_fault_in_the_founding_is_named_where_it_is(db: None, now: Any, wrong: dict[str, str]) -> None:
    assert founds(**wrong)[-1] == 422
    assert not Organisation.objects.exists()


# --- lists of people ---

ROWS = "name,email\n" + "".join(f"M{n},m{n}@example.org\n" for n in range(5_001))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\xff\xfename,email\nMi", "UTF-16"),
        (bytes(range(256)) * 40, "NUL byte"),
        (b"PK\x03\x04" + bytes(100), "spreadsheet"),
        (b"name,email\nMia,mia@example.org\n" + b"x" * 6_000_000, "5 MB"),
        (b"name,email\nMi\0a,mia@example.org\n", "Line 2 holds a NUL byte"),
        (ROWS.encode(), "more than 5,000 rows"),
        (b"\x81\x8d\x8f\n", "neither UTF-8 nor Windows-1252"),
        (b'name,email\n"Mia,mia@example.org\n', "quotes"),
        (b"name,email\n=cmd|'/C calc'!A0,=1+1\n", "cannot be used"),
        (b"name,email\n" + b'"' * 100_001, "quotes"),
        (b"name,email\n" + b"M" * 200_000 + b",mia@example.org\n", "line"),
        (b"email\nmia@example.org\n", "none is called"),
        (b"a," * 100_000, "none of them is called"),
    ],
    ids=lambda one: str(one)[:24],
)
def test_a_list_that_cannot_be_read_is_told_why(hall: Hall, data: bytes, said: str) -> None:
    upload = SimpleUploadedFile("list.csv", data, content_type="text/csv")
    answer = hall.enter("ada").post("/tidewater/members/invite-list/", {"file": upload})
    page = answer.content.decode()
    assert answer.status_code < 500
    assert said in page
    is_well_set(page)
    assert len(page) < 150_000
    assert not Mail.objects.filter(to__startswith="m").exists()


def test_a_cell_that_looks_like_a_formula_is_a_name_like_any_other(hall: Hall) -> None:
    rows = b"name,email\n=cmd|'/C calc'!A0,mia@example.org\n"
    ada = hall.enter("ada")
    page = ada.post("/tidewater/members/invite-list/", {"file": SimpleUploadedFile("l.csv", rows)}).content
    assert "=cmd|&#x27;/C calc&#x27;!A0" in page.decode()
    ada.post("/tidewater/members/invite-list/send/")
    assert Mail.objects.get(to="mia@example.org")
