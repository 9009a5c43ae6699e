# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a program sends, it is told what was wrong; nothing is done, and the server does not stumble."""

from __future__ import annotations

import json
from functools import cache

import pytest

from kollontai.api.urls import api
from kollontai.chapters.record.models import EntryRow
from tests.api.test_api import HERE, ada, world

__all__ = ["ada", "world"]
pytestmark = pytest.mark.django_db

BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "another encoding": '{"issue_id": "é"}'.encode("latin-1"),
    "a list": b"[]",
    "a word": b'"issue"',
    "null": b"null",
    "NaN": b"NaN",
    "unknown fields": b'{"issue_id": "x", "as_leader": true}',
    "deep": b"[" * 100_000,
    "deep and closed": b'{"ranking":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a number without end": b'{"issue_id": ' + b"9" * 10_000 + b"}",
    "binary": bytes(range(256)),
}
VALUES = (
    None, True, -1, 10**30, 1e308, [], {}, [[[[]]]], ["x"] * 5_000, "", "\0", "\ud800", "x" * 200_000,
    "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-19T12:00:00",
    "=cmd|'/C calc'!A0", [{"name": "\0", "email": "\ud800", "unit_id": "\0"}],
)  # fmt: skip


@cache
def routes(method):
    """Every route of a method, with the fields its body has."""
    schema, found = api.get_openapi_schema(), []
    shapes = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        if method in methods:
            body = methods[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            shape = shapes.get(body.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
            found.append((path.replace("/api/v1/{slug}", HERE), list(shape.get("properties", {}))))
    return found


def send(program, path, body):
    """Send bytes as they are; say what broke."""
    program.client.raise_request_exception = False
    answer = program.client.post(
        path, body, content_type="application/json", headers={"Authorization": f"Bearer {program.secret}"}
    )
    told = getattr(answer, "exc_info", None)
    assert answer.status_code < 500, f"{path} {body[:60]!r}: {told[1]!r}"[:500]
    return answer


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_cannot_be_read_is_refused_by_every_act(ada, body):
    before = EntryRow.objects.count()
    for path, fields in routes("post"):
        if not fields and body in (b"null", b""):
            continue  # an act without arguments needs no body
        answer = send(ada, path, body)
        assert answer.status_code in (400, 422), (path, answer.status_code)
        assert answer.json()["detail"]
    assert EntryRow.objects.count() == before


def test_no_value_breaks_an_act(ada, world):
    for path, fields in routes("post"):
        if path.endswith("/leave"):
            continue
        for value in VALUES:
            answer = send(ada, path, json.dumps(dict.fromkeys(fields, value)).encode())
            assert answer.status_code in (200, 400, 403, 404, 409, 422), (path, str(value)[:40])


@pytest.mark.parametrize(
    "path",
    [
        "record/entries/-1", f"record/entries/-{10**30}", f"record/entries/{10**30}", "record/entries/x",
        "record/entries/" + "9" * 5_000, "lists/nothing", "lists/%00", "contents/%00", "contents/" + "x" * 3_000,
        f"lists/members?start={10**30}", "lists/members?most=-1", "lists/members?most=x", "lists/members?start=",
    ],
)  # fmt: skip
def test_no_address_breaks_a_read(ada, path):
    ada.client.raise_request_exception = False
    assert ada.get(path).status_code in (200, 400, 404, 422)


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer \0", "Bearer " + "x" * 5_000, "Basic YTpi", "Bearer é"]
)
def test_a_key_that_is_none_is_refused(client, world, key):
    assert client.get(f"{HERE}/me", headers={"Authorization": key}).status_code == 401
