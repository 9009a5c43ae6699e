# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the software's back: units that become part of others without a vote."""

from __future__ import annotations

from datetime import timedelta

from kollontai.chapters.members.models import Member, Unit

from .abuses import Seen, abuse
from .by_sql import ROWS, entry
from .forgery import Story
from .organisation import Tidewater
from .sql import change, sql


@abuse("sql", ROWS, "UPDATE members_unit SET merged_into_id, merged_at")
def a_unit_is_taken_over_in_the_rows(org: Tidewater) -> Seen:
    kiln, ferry = org.world.unit("Kiln Lane"), org.world.unit("Ferry Crews")
    change(kiln, merged_into_id=ferry.pk, merged_at=org.world.organisation.founded_at)
    return Seen(kiln.pk, entry("unit.created", kiln.pk), "says merged_into is")


@abuse("sql", ROWS, "UPDATE members_member SET unit_id")
def the_members_of_a_unit_are_moved_into_another(org: Tidewater) -> Seen:
    member = Member.objects.filter(unit=org.world.unit("Kiln Lane"), standing="member").first()
    assert member is not None
    change(member, unit_id=org.world.unit("Ferry Crews").pk)
    return Seen(member.pk, entry("member.invited", member.pk), "says unit is")


@abuse("sql", ROWS, "INSERT INTO members_mergeyes")
def a_yes_to_a_merger_is_made_up(org: Tidewater) -> Seen:
    kiln, ferry = org.world.unit("Kiln Lane"), org.world.unit("Ferry Crews")
    at = org.world.organisation.founded_at
    sql(
        "INSERT INTO members_mergeyes (organisation_id, unit_id, merged_id, into_id, issue, draft, at, until) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        org.world.id, kiln.pk, kiln.pk, ferry.pk, org.plain, "d" * 16, at, at + timedelta(days=180),
    )  # fmt: skip
    return Seen(org.plain, None, "stands behind no entry")


def _units(org: Tidewater) -> tuple[Unit, Unit]:
    return org.world.unit("Kiln Lane"), org.world.unit("Ferry Crews")


@abuse("forged", "units_merged", "unit.merged, by the clock, without a vote")
def a_unit_is_merged_in_the_record_without_a_vote(story: Story, org: Tidewater) -> Seen:
    kiln, ferry = _units(org)
    at = story.insert(
        len(story.entries), "unit.merged", "clock", unit=kiln.pk, into=ferry.pk, members=1, issues=0,
        issue=org.plain, draft="d" * 16, agreed_before=org.plain,
    )  # fmt: skip
    return Seen(kiln.pk, at, "without a vote")


@abuse("forged", "units_merged", "unit.merge_agreed, by the clock, in the name of a unit that never voted")
def a_yes_is_put_into_a_units_mouth(story: Story, org: Tidewater) -> Seen:
    kiln, ferry = _units(org)
    until = org.world.organisation.founded_at
    assert until is not None
    at = story.insert(
        len(story.entries), "unit.merge_agreed", "clock", unit=kiln.pk, merged=kiln.pk, into=ferry.pk,
        until=f"{until + timedelta(days=900):%Y-%m-%dT%H:%M:%SZ}", issue=org.plain, draft="d" * 16,
    )  # fmt: skip
    return Seen(kiln.pk, at, "no vote said so")
