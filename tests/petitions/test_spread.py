# SPDX-License-Identifier: AGPL-3.0-or-later
"""From how many units signatures come, at every moment: the rows, the page and the auditor say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.petitions_counted import enough
from kollontai.auditor.read import Export
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.petitions import facts, queries
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import EntryRow
from kollontai.followers.export import export_to
from tests.world import founded

from .street import KILN, asked, fresh, in_units

pytestmark = pytest.mark.django_db


def test_whoever_takes_back_leaves_or_comes_back_elsewhere_counts_where_they_signed_last(now, tmp_path: Path):
    world = founded(listed=in_units(whole=["ada", "ben"], ferry=["cleo", "eva"], kiln=["dai", "finn"]))
    petition = asked(world)
    seen: list[tuple[int, bool, int]] = []

    def look() -> int:
        """How many units are missing; noted, for the auditor."""
        tick()
        shown = queries.progress(fresh(petition), at=now.time)
        has = facts.has_enough(fresh(petition))
        assert has == (not shown.missing and not shown.units_missing)
        seen.append((EntryRow.objects.count(), has, shown.signed))
        return shown.units_missing

    assert look() == 2
    sign_petition(world.actor("ada"), petition_id=petition.pk)
    assert look() == 1
    withdraw_signature(world.actor("cleo"), petition_id=petition.pk)
    assert look() == 2
    leave(world.actor("cleo"))
    leave(world.actor("ada"))
    assert look() == 2, "who has left is still counted, in the unit from which they signed"
    apply(world.actor("cleo"), unit_id=world.unit(KILN).pk, name="Cleo")
    now.move(days=8)
    sign_petition(world.actor("cleo"), petition_id=petition.pk)
    assert look() == 1
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    assert look() == 1, "two of one unit are one unit"
    leave(world.actor("dai"))
    leave(world.actor("cleo"))
    leave(world.actor("finn"))
    assert look() == 0
    assert fresh(petition).state == "reached"

    export_to(world.organisation, tmp_path / "export")
    audit = Audit(Export(tmp_path / "export"))
    judged = audit.state.petitions[petition.pk]
    for size, has, names in seen[:-1]:
        between = size - 0.5  # after the last entry there was, before the next one
        assert enough(audit, judged, between) == (names, has)
    assert enough(audit, judged, judged.reached.position) == (seen[-1][2], True)
