# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits in force, and that nobody moves them."""

import ast
from pathlib import Path

import pytest
from django.db import transaction

import kollontai
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.charter.queries import charter_in_force, limits_in_force, what_stands_beside
from kollontai.chapters.members.queries import accepted_count, limits_now
from kollontai.chapters.record.guard import OutsideFrame
from tests.agreement import the_auditor_agrees
from tests.world import founded, founders

pytestmark = pytest.mark.django_db
__all__ = ["the_auditor_agrees"]


def test_a_small_organisation_outgrows_its_small_limits_with_its_fiftieth_member():
    names = [f"p{number}" for number in range(46)]
    world = founded(preset="small", listed=founders("ada", "ben", "cleo"))
    world.move_in(names)
    assert accepted_count(world.id) == 49
    assert (limits_now(world.id)["D1.ordinary"], limits_now(world.id)["D5.other"]) == (3, 3)
    world.move_in(["last"])
    assert accepted_count(world.id) == 50
    assert (limits_now(world.id)["D1.ordinary"], limits_now(world.id)["D5.other"]) == (7, 5)


def test_a_charter_has_the_organisations_own_words():
    world = founded(words="We work on the water and by it.")
    assert str(charter_in_force(world.id).text) == "We work on the water and by it."
    assert (what_stands_beside(demo=True), what_stands_beside(demo=False)) == ("real", "")


def test_limits_of_one_organisation_are_not_those_of_another():
    normal = founded(slug="normal", origin="localhost/normal")
    small = founded(slug="small", origin="localhost/small", preset="small")
    assert limits_in_force(normal.id, members=4)["D1.big"] == 21
    assert limits_in_force(small.id, members=4)["D1.big"] == 7


@pytest.mark.parametrize(
    "write",
    [
        lambda: Limit.objects.filter(key="D1.big").update(value=1),
        lambda: Limit.objects.filter(key="D1.big").delete(),
        lambda: Charter.objects.update(articles_sha256="0" * 64),
    ],
    ids=["a limit changed", "a limit dropped", "another version of the articles"],
)
def test_nothing_outside_an_act_moves_a_limit_or_an_article(write):
    world = founded()
    with pytest.raises(OutsideFrame), transaction.atomic():
        write()
    assert limits_in_force(world.id, members=4)["D1.big"] == 21


def test_only_the_founding_writes_limits():
    package = Path(kollontai.__file__).parent
    writers = set()
    for path in package.rglob("*.py"):
        if "migrations" in path.parts or path == package / "chapters/charter/models.py":
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "kollontai.chapters.charter.models":
                writers.add(path.relative_to(package).as_posix())
            if isinstance(node, ast.Attribute) and node.attr == "adopt":
                writers.add(path.relative_to(package).as_posix())
    acts = {path for path in writers if path.startswith("chapters/") and "/charter/" not in path}
    assert acts == {"chapters/bodies/acts/open_founding.py"}
