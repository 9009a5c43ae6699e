# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever holds a post gives it back, at any time; nobody does so for another."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.record.act import Refused
from tests.elections.hall import elected_house

pytestmark = pytest.mark.django_db


def code(world, by: str, term_id: str) -> str:
    with pytest.raises(Refused) as refused:
        resign(world.actor(by), term_id=term_id)
    return refused.value.refusal.code


def test_a_holder_gives_a_post_back_once_and_nobody_for_another(now):
    world, _done = elected_house(now)
    term = Term.objects.get(member=world.people["ada"])
    assert code(world, "ben", term.pk) == "not-your-post"
    assert code(world, "ada", "nothing") == "no-such-term"
    assert resign(world.actor("ada"), term_id=term.pk).value.ended_why == "resigned"
    assert code(world, "ada", term.pk) == "term-already-ended"
    assert world.kinds().count("term.ended") == 1
