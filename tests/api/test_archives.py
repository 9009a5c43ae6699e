# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old threads by a program: brought along, listed, read, erased, and refused in one breath where they are odd."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation.models import ArchivedThread
from tests.world import founded, founders

pytestmark = pytest.mark.django_db
HERE = "/api/v1/tidewater"
THREAD = {
    "title": "The boiler", "text": "It is old.", "who": "Iris", "at": "2024-03-01T10:00Z",
    "remarks": [{"who": "Max", "at": "", "text": "Very.", "answers": 0}],
    "votes": [{
        "title": "Mend?", "text": "", "who": "", "form": "proposal", "closed_at": "", "voters": 3,
        "options": [{"name": "yes", "votes": 2, "score": None}], "outcomes": [],
    }],
}  # fmt: skip


@pytest.fixture
def ada(client: Any, now: Any) -> Any:
    """What ada's program sends and reads."""
    founded(listed=founders("ada", "ben", "cleo"), units=())
    account = account_for("ada@example.org", at=now.time)
    _, secret = tokens.make(account, label="test", scopes=("read", "act"), days=30, at=now.time)
    headers = {"Authorization": f"Bearer {secret}"}

    def send(path: str, **data: Any) -> Any:
        if data:
            where = f"{HERE}/acts/deliberation/{path}"
            return client.post(where, data, content_type="application/json", headers=headers)
        return client.get(f"{HERE}/{path}", headers=headers)

    return send


def test_a_thread_is_brought_along_listed_and_erased_by_a_program(ada: Any) -> None:
    assert ada("import_archive", source="loomio", threads=[THREAD]).status_code == 200
    [row] = ada("lists/archives").json()["rows"]
    assert row["source"] == "loomio"
    kept = json.loads(str(ArchivedThread.objects.get(pk=row["archive"]).thread))
    assert kept == {"v": 1, **THREAD}
    assert ada("erase_archive", archive_id=row["archive"]).status_code == 200
    assert ada("erase_archive", archive_id=row["archive"]).json()["code"] == "erased-already"


@pytest.mark.parametrize(
    ("bent", "status"),
    [
        ({"title": ""}, 409),
        ({"title": 7}, 422),
        ({"remarks": [{"who": "", "at": "", "text": "", "answers": 5}]}, 409),
        ({"remarks": [{"who": "", "at": "", "text": "", "answers": -1}]}, 409),
        ({"text": "\x07"}, 409),
        ({"text": "\ud800"}, 422),
        ({"votes": "none"}, 422),
    ],
)
def test_an_odd_thread_is_refused_with_its_reason(ada: Any, bent: dict[str, Any], status: int) -> None:
    assert ada("import_archive", source="loomio", threads=[{**THREAD, **bent}]).status_code == status
    assert not ArchivedThread.objects.exists()
