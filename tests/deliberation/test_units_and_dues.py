# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units are made and named, and dues are set, by the members' vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from kollontai.auditor import audit_export
from kollontai.chapters.charter.models import Dues
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Unit
from kollontai.chapters.record.guard import opened_for
from kollontai.chapters.record.models import EntryRow, Outbox
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.followers.export import export_to
from kollontai.web.pages import undone
from tests.deliberation.amended import accepted, moved
from tests.deliberation.hall import MEMBERS, Hall
from tests.deliberation.test_charter import READY, carried
from tests.web.hall import Hall as Reader

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


def test_an_accepted_amendment_makes_a_matter_big_whose_dues_have_become_a_leap(hall: Hall) -> None:
    carried(hall, DUES)
    fewer = hall.stood_in("vote", by="ben", effects=[Effect("set_dues", dues=4_00)], title="Less")
    for name in MEMBERS:
        cast_ballot(hall.world.actor(name), poll_id=fewer.poll_id, choice="yes")
    assert fewer.stage_ends_at is not None
    hall.now.pass_to(fewer.stage_ends_at - timedelta(days=1))
    more = [Effect("set_dues", dues=6_20)]
    issue = hall.talked("cleo", draft_text="1. Six twenty.\n2. From May.", effects=more)
    assert issue.weight == "ordinary"
    hall.turned(fewer)
    accepted(hall, "cleo", moved(hall, "dai", issue.drafts.get(), 2, 2, "2. From June."))
    issue = hall.fresh(issue)
    assert (issue.weight, issue.made_big_why, issue.stage_began_at) == ("big", "effect", hall.now.time)


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


def both_carried(hall: Hall, first: Issue, second: Issue, voters: Sequence[str]) -> tuple[Issue, Issue]:
    """Two issues that carry on one evening: the one that was done, and the one that could not be any more."""
    while hall.fresh(second).stage != "vote":
        hall.turned(second)
    for issue in (first, second):
        for name in voters:
            cast_ballot(hall.world.actor(name), poll_id=hall.fresh(issue).poll_id, choice="yes")
    hall.turned(second)
    counted = EntryRow.objects.filter(kind="issue.decided", subject__in=[first.pk, second.pk])
    done, left = counted.order_by("position").values_list("subject", flat=True)
    assert hall.fresh(first).outcome == hall.fresh(second).outcome == "carried"
    return Issue.objects.get(pk=done), Issue.objects.get(pk=left)


def test_of_two_votes_that_make_the_same_unit_the_second_makes_none(hall: Hall, tmp_path: Path) -> None:
    first, second = hall.talked(effects=[KILN]), hall.talked(effects=[KILN], title="Again")
    done, left = both_carried(hall, first, second, ("ada", "ben", "cleo", "dai"))
    assert Unit.objects.filter(name__value=b"Kiln Lane").count() == 1
    assert hall.world.kinds().count("unit.decided") == 1
    said = "A new part of the organisation: “Kiln Lane”."
    is_said_to_be_left_undone(hall, done, left, said, "ada", tmp_path)


def test_of_two_votes_on_one_name_for_a_unit_the_second_changes_nothing(hall: Hall, tmp_path: Path) -> None:
    given = {"by": "kit", "unit": "Ferry Crews", "effects": [Effect("rename_unit", unit_name="Ferries")]}
    first, second = hall.talked(**given), hall.talked(**given, title="Again")
    done, left = both_carried(hall, first, second, ("kit", "lou", "mia"))
    assert hall.world.kinds().count("unit.decided") == 1
    said = "This part of the organisation is called “Ferries”."
    is_said_to_be_left_undone(hall, done, left, said, "kit", tmp_path)


def test_of_two_names_for_a_unit_both_are_given_one_after_the_other(hall: Hall, tmp_path: Path) -> None:
    given = {"by": "kit", "unit": "Ferry Crews"}
    first = hall.talked(**given, effects=[Effect("rename_unit", unit_name="Ferries")])
    second = hall.talked(**given, effects=[Effect("rename_unit", unit_name="Boats")], title="Boats")
    both_carried(hall, first, second, ("kit", "lou", "mia"))
    assert hall.world.kinds().count("unit.decided") == 2
    page = Reader(hall.world, hall.now).enter("kit").get("/tidewater/issues/?show=ended").content.decode()
    assert "Its change was left undone" not in page
    export_to(hall.world.organisation, tmp_path / "export")
    assert not [one for one in audit_export(tmp_path / "export").observations if "undone" in one.sentence]


def test_while_the_count_waits_for_its_place_on_the_record_nothing_is_said(hall: Hall) -> None:
    issue = carried(hall, KILN)
    assert undone.of_issues([issue]) == {}
    rows = EntryRow.objects.filter(kind="unit.decided")
    [row] = rows.values("organisation_id", "kind", "subject", "actor", "at", "ticket", "data")
    with opened_for("all"), transaction.atomic():
        rows.delete()
        assert undone.of_issues([issue]) == {issue.pk: ["A new part of the organisation: “Kiln Lane”."]}
        Outbox.objects.create(**row)
        assert undone.of_issues([issue]) == {}
        transaction.set_rollback(True)


def is_said_to_be_left_undone(
    hall: Hall, done: Issue, left: Issue, said: str, reader: str, folder: Path
) -> None:
    """On its pages, in the list of what has ended, and by the auditor; of the other nothing of the kind."""
    browser, notice = Reader(hall.world, hall.now).enter(reader), "It carried, and this was left undone:"
    for address in (f"issues/{left.number}/", f"votes/{left.poll_id}/"):
        page = browser.get(f"/tidewater/{address}").content.decode()
        assert said in page[page.index(notice) :]
    for address in (f"issues/{done.number}/", f"votes/{done.poll_id}/"):
        assert notice not in browser.get(f"/tidewater/{address}").content.decode()
    listed = browser.get("/tidewater/issues/?show=ended").content.decode()
    assert listed.count("Its change was left undone") == 1
    export_to(hall.world.organisation, folder / "export")
    report = audit_export(folder / "export")
    assert report.findings == []
    observed = {one.subject: one.sentence for one in report.observations}
    assert observed[left.pk].startswith(f"{left.pk} carried and was left undone, as the articles say:")
    assert done.pk not in observed
