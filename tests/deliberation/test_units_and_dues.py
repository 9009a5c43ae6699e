# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units are made and named, and dues are set, by the members' vote."""

from __future__ import annotations

import pytest

from kollontai.chapters.charter.models import Dues
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.members.models import Unit
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.hall import Hall
from tests.deliberation.test_charter import READY, carried

pytestmark = pytest.mark.django_db
KILN = Effect("create_unit", unit_name="Kiln Lane")
DUES = Effect("set_dues", dues=6_00)


def test_all_members_make_a_unit_and_it_gives_itself_another_name(hall: Hall) -> None:
    issue = carried(hall, KILN)
    assert (issue.weight, hall.world.kinds()[-1]) == ("ordinary", "unit.decided")
    made = Unit.objects.get(name__value=b"Kiln Lane")
    assert made.parent == issue.unit
    ferry = hall.world.unit("Ferry Crews")
    renamed = hall.stood_in(
        "vote", by="kit", unit="Ferry Crews", effects=[Effect("rename_unit", unit_name="Ferries")]
    )
    for name in ("kit", "lou", "mia"):
        cast_ballot(hall.world.actor(name), poll_id=renamed.poll_id, choice="yes")
    hall.turned(renamed)
    ferry = Unit.objects.select_related("name").get(pk=ferry.pk)
    assert str(ferry.name) == "Ferries"


def test_dues_are_kept_with_their_history_and_a_rise_of_more_than_a_twentieth_is_big(hall: Hall) -> None:
    assert carried(hall, DUES).weight == "big"
    assert carried(hall, Effect("set_dues", dues=6_30), title="A little").weight == "ordinary"
    assert hall.raised(effects=[Effect("set_dues", dues=6_62)], title="More").weight == "big"
    assert hall.raised("ben", effects=[Effect("set_dues", dues=5_00)], title="Less").weight == "big"
    assert list(Dues.objects.order_by("number").values_list("number", "amount")) == [(1, 600), (2, 630)]


@pytest.mark.parametrize(
    ("by", "unit", "effects", "code"),
    [
        ("kit", "Ferry Crews", [KILN], "unit-made-by-all"),
        ("kit", "Ferry Crews", [DUES], "dues-are-of-all"),
        ("ada", "", [Effect("rename_unit", unit_name="Everybody")], "unit-names-itself"),
        ("ada", "", [Effect("create_unit", unit_name="ferry crews")], "unit-name-taken"),
        ("ada", "", [Effect("create_unit", unit_name=" ")], "name-unusable"),
        ("ada", "", [KILN, KILN], "effect-twice"),
        ("ada", "", [DUES, DUES], "effect-twice"),
        ("ada", "", [Effect("set_dues", dues=-1)], "dues-unusable"),
        ("ada", "", [Effect("set_dues", dues=6_00, unit_name="x")], "effect-incomplete"),
        ("ada", "", [Effect("create_unit")], "effect-incomplete"),
    ],
)
def test_what_is_refused(hall: Hall, by: str, unit: str, effects: list[Effect], code: str) -> None:
    given = {"unit_id": hall.world.unit(unit).pk, "effects": effects, **READY}
    assert hall.refused(raise_issue, by, **given) == code


def test_of_two_votes_that_make_the_same_unit_the_second_makes_none(hall: Hall) -> None:
    first, second = hall.talked(effects=[KILN]), hall.talked(effects=[KILN], title="Again")
    while hall.fresh(second).stage != "vote":
        hall.turned(second)
    for issue in (first, second):
        for name in ("ada", "ben", "cleo", "dai"):
            cast_ballot(hall.world.actor(name), poll_id=hall.fresh(issue).poll_id, choice="yes")
    hall.turned(second)
    assert Unit.objects.filter(name__value=b"Kiln Lane").count() == 1
    assert hall.world.kinds().count("unit.decided") == 1
