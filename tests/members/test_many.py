# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked for every act does not grow with how many belong."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.charter import articles
from kollontai.chapters.members import queries
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.invite import Invitee, invite
from tests.world import founded

pytestmark = pytest.mark.django_db


def test_limits_count_no_further_than_a_small_house_goes():
    world = founded()
    with CaptureQueriesContext(connection) as captured:
        queries.limits_now(world.id)
    [counted] = [one["sql"] for one in captured if "COUNT" in one["sql"]]
    assert f"LIMIT {articles.most_in_a_small_house()}" in counted


def test_addresses_that_are_known_are_found_among_many_whether_in_use_or_asked_for():
    world = founded()
    unit = world.unit().pk
    invite(
        world.actor("ada"),
        invitees=[Invitee(f"Nobody {n}", f"n{n}@example.org", unit) for n in range(600)],
    )
    ask_contact_change(world.actor("ben"), email="new@example.org")
    asked = [f"n{n}@example.org" for n in range(0, 1_200, 2)] + ["new@example.org", "ada@example.org", ""]
    with CaptureQueriesContext(connection) as captured:
        known = queries.addresses_known(world.id, asked)
    found = {f"n{n}@example.org" for n in range(0, 600, 2)} | {"new@example.org", "ada@example.org"}
    assert known == found
    assert len(captured) == 3
