# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program with a key reads and sets how notices come, and makes and ends the address of a calendar."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kollontai.followers import feed, wishes
from tests.api.test_api import HERE, Program, eight_days_old

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now: Any) -> Any:
    return eight_days_old(now)


def send(program: Program, method: str, path: str, **data: Any) -> Any:
    return getattr(program.client, method)(
        f"{HERE}/settings/{path}", json.dumps(data), content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}"},
    )  # fmt: skip


def test_a_key_that_may_act_sets_how_notices_come(client: Any, now: Any, world: Any) -> None:
    ada = Program(client, "ada@example.org", now, "read", "act")
    assert ada.get("settings/notices").json() == {"how": "each"}
    assert send(ada, "put", "notices", how="daily").json() == {"how": "daily"}
    assert wishes.way_of(world.member("ada")) == "daily"
    assert send(ada, "put", "notices", how="hourly").status_code == 422


def test_a_key_that_may_only_read_sets_nothing(client: Any, now: Any, world: Any) -> None:
    ada = Program(client, "ada@example.org", now, "read")
    assert send(ada, "put", "notices", how="none").status_code == 403
    assert send(ada, "put", "calendar").status_code == 403
    assert send(ada, "delete", "calendar").status_code == 403
    assert (wishes.way_of(world.member("ada")), feed.address_of(world.member("ada"))) == ("each", "")


def test_the_address_of_a_calendar_is_made_told_changed_and_ended(client: Any, now: Any, world: Any) -> None:
    ada = Program(client, "ada@example.org", now, "read", "act")
    assert ada.get("settings/calendar").json() == {"address": ""}
    first = send(ada, "put", "calendar").json()["address"]
    assert ada.get("settings/calendar").json() == {"address": first}
    assert send(ada, "put", "calendar").json()["address"] != first
    assert send(ada, "delete", "calendar").json() == {"address": ""}


def test_strangers_have_no_settings_here(client: Any, now: Any, world: Any) -> None:
    stranger = Program(client, "zoe@example.org", now, "read", "act")
    assert stranger.get("settings/notices").status_code == 404
