# SPDX-License-Identifier: AGPL-3.0-or-later
"""A row that is read by hand is the row that Django would have read, with those that it names."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.models import Unit
from kollontai.chapters.record.rows import one_of
from tests.elections.hall import elected_house

pytestmark = pytest.mark.django_db


def columns(row: Model | None, paths: tuple[str, ...]) -> list[Any]:
    """What a row holds, and those that it names, without asking anew."""
    found: list[Any] = [row and [getattr(row, field.attname) for field in row._meta.concrete_fields]]
    for path in paths:
        at: Any = row
        for name in path.split("__"):
            at = at and at._state.fields_cache[name]
        found.append(at and [getattr(at, field.attname) for field in at._meta.concrete_fields])
    return found


@pytest.mark.parametrize(("model", "paths"), [
    (Term, ("post__unit__parent", "post__title", "member")),
    (Election, ("post__unit", "post__title", "organisation")),
    (Unit, ("parent", "parent__name", "merged_into", "name")),  # what is named may be nothing
], ids=lambda one: getattr(one, "__name__", ""))  # fmt: skip
def test_it_is_the_row_that_django_reads(now, django_assert_num_queries, model, paths):
    world, _done = elected_house(now)
    rows = list(model.objects.select_related(*paths))
    assert rows
    for row in rows:
        with django_assert_num_queries(1):
            by_hand = one_of(model, world.id, row.pk, *paths)
        assert by_hand == row
        assert columns(by_hand, paths) == columns(row, paths)


def test_what_is_elsewhere_or_nowhere_is_not_found(now):
    world, _done = elected_house(now)
    term = Term.objects.first()
    assert one_of(Term, world.id, "nothing", "member") is None
    assert one_of(Term, "another", term.pk, "member") is None
