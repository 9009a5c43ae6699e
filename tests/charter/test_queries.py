# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits in force, and that nobody moves them."""

import ast
from pathlib import Path

import pytest
from django.db import transaction

import kollontai
from kollontai.chapters.charter import articles
from kollontai.chapters.charter.changing import may_set_limit
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.charter.queries import (
    charter_in_force,
    charter_now,
    limits_in_force,
    what_stands_beside,
)
from kollontai.chapters.members.queries import accepted_count, limits_now
from kollontai.chapters.record.guard import OutsideFrame, opened_for
from kollontai.followers.keeping import operating
from kollontai.followers.keeping.backup import NotNow
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


def test_an_organisation_goes_on_under_the_articles_it_adopted_whatever_a_release_brings(monkeypatch, client):
    (old,) = [one for one in articles.every().values() if one.version == 1]
    with monkeypatch.context() as before:
        before.setattr(articles, "read", lambda: old)
        world = founded(slug="older", origin="localhost/older")
    assert articles.read().limits["S5.within"].normal.floor == 14
    now = charter_now(world.id, members=4)
    assert (now.articles, may_set_limit("S5.within", 5, None, now)) == (old, None)
    assert not operating.unknown_articles(world.organisation)
    newer = founded()
    assert [_bound_shown(client, one) for one in ("older", "tidewater")] == [
        "open",
        "not below 14 days, not above 183 days",
    ]
    refusal = may_set_limit("S5.within", 13, None, charter_now(newer.id, members=4))
    assert refusal is not None
    assert refusal.code == "limit-at-its-floor"


def _bound_shown(client, slug):
    shown = client.get(f"/{slug}/charter/").context["articles"]
    words = articles.read().limits["S5.within"].words
    (bound,) = [limit.bound for article in shown for limit in article.limits if limit.words == words]
    return bound


def test_what_nobody_here_adopted_is_kept_by_a_release_that_carries_it():
    world = founded()
    with opened_for("all"):
        Charter.objects.update(articles_sha256="0" * 64)
    with pytest.raises(NotNow, match="does not carry"):
        operating.refuse_unknown_articles(world.organisation)
    with opened_for("all"):
        Charter.objects.update(articles_sha256=articles.read().sha256)


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
