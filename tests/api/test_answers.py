# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under the API's address everything is said as JSON: also what no route of it has said."""

from __future__ import annotations

import pytest

from kollontai.api import reads
from tests.api.test_api import HERE, Program, ada, world

__all__ = ["ada", "world"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/", 404),
        ("get", "/api/v2/tidewater/me", 404),
        ("get", "/api/v1/a/b/c/d/e", 404),
        ("get", f"{HERE}/contents/%00", 400),
        ("get", f"{HERE}/lists?x=%00", 400),
        ("post", f"{HERE}/me", 405),
        ("get", f"{HERE}/acts/deliberation/speak", 405),
        ("delete", f"{HERE}/record", 405),
    ],
)
def test_what_is_not_there_is_said_as_json(ada, method, path, status):
    kind = {} if method == "get" else {"content_type": "application/json"}
    answer = getattr(ada.client, method)(path, headers={"Authorization": f"Bearer {ada.secret}"}, **kind)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["detail"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_fault_of_ours_is_said_as_json_and_tells_nothing_of_itself(ada, monkeypatch):
    def breaks(*given):
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr(reads.claims, "LISTS", {"members": breaks})
    ada.client.raise_request_exception = False
    answer = ada.get("lists/members")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/json")
    assert b"inside" not in answer.content


def test_pages_keep_their_own_errors(client, world):
    answer = client.get("/tidewater/nothing/here/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_keys_are_not_tried_without_end(client, now, world, monkeypatch):
    from datetime import timedelta

    from kollontai.chapters.accounts import tries

    monkeypatch.setattr(tries, "FALSE_KEY", tries.Limit("false-key", 3, timedelta(hours=1)))
    good = Program(client, "ada@example.org", now, "read")
    asked = [client.get(f"{HERE}/me", headers={"Authorization": f"Bearer kol_{n}"}) for n in range(5)]
    assert [one.status_code for one in asked] == [401, 401, 401, 429, 429]
    assert int(asked[-1].headers["Retry-After"]) > 0
    assert good.get("me").status_code == 200  # whoever holds a key is not shut out by others' tries
    now.move(hours=1)
    assert client.get(f"{HERE}/me", headers={"Authorization": "Bearer kol_x"}).status_code == 401
