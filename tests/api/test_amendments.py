# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments by a program: the acts have their routes, the rows their lists, the words their contents."""

from __future__ import annotations

import pytest

from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db
HERE = "/api/v1/tidewater"


@pytest.fixture
def draft(now):
    """The draft of an issue in talk."""
    world = founded(listed=founders("ada", "ben", "cleo", "dai", "eva"), posts=(held_by("dai"),), units=())
    now.pass_days(8)
    issue = raise_issue(
        world.actor("ada"), unit_id=world.unit().pk, title="A kettle", text="It leaks.",
        draft_title="Buy one", draft_text="One.\nTwo.\nThree.",
    ).value  # fmt: skip
    support_issue(world.actor("ben"), issue_id=issue.pk)
    return issue.drafts.get()


@pytest.fixture
def ben(client, now, draft):
    """What ben's program sends and reads."""
    account = account_for("ben@example.org", at=now.time)
    _, secret = tokens.make(account, label="test", scopes=("read", "act"), days=30, at=now.time)
    headers = {"Authorization": f"Bearer {secret}"}

    def send(path, **data):
        if data:
            return client.post(
                f"{HERE}/acts/deliberation/{path}", data, content_type="application/json", headers=headers
            )
        return client.get(f"{HERE}/{path}", headers=headers)

    return send


def test_an_amendment_is_moved_read_and_refused_by_a_program(ben, draft):
    given = {
        "draft_id": draft.pk,
        "version": 1,
        "operation": "replace",
        "first": 2,
        "last": 2,
        "text": "Two!",
    }
    moved = ben("move_amendment", **given)
    assert moved.status_code == 200
    (row,) = ben("lists/amendments").json()["rows"]
    assert (row["amendment"], row["number"], row["first"], row["newest"]) == (moved.json()["id"], 1, 2, 1)
    assert ben("lists/amendment_supporters").json()["total"] == 1
    refused = ben("move_amendment", **{**given, "first": 9, "last": 9})
    assert (refused.status_code, refused.json()["code"]) == (409, "lines-not-there")
    assert refused.json()["sentence"] == "These lines are not in the text."
    not_theirs = ben("accept_amendment", amendment_id=row["amendment"])
    assert not_theirs.json()["code"] == "not-your-draft"


@pytest.mark.parametrize(
    ("field", "value"),
    [("first", 2**70), ("last", -5), ("version", 2**40), ("version", -1), ("operation", "x" * 500)],
)
def test_numbers_beyond_all_bounds_are_refused_and_break_nothing(ben, draft, field, value):
    given = {"draft_id": draft.pk, "version": 1, "operation": "replace", "first": 2, "last": 2, "text": "X."}
    answer = ben("move_amendment", **{**given, field: value})
    assert answer.status_code == 409
    assert answer.json()["code"] in {"lines-not-there", "version-unknown", "operation-unknown"}


def test_a_long_list_of_others_to_combine_with_is_refused(ben, draft):
    given = {"draft_id": draft.pk, "version": 1, "operation": "delete", "first": 2, "last": 2}
    one = ben("move_amendment", **given).json()["id"]
    answer = ben("propose_combination", amendment_id=one, with_ids=["x" * 16] * 1_000)
    assert (answer.status_code, answer.json()["code"]) == (409, "no-such-amendment")
    same = ben("propose_combination", amendment_id=one, with_ids=[one] * 1_000)
    assert same.json()["code"] == "two-to-four"
