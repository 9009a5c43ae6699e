# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where server and auditor could read a rule differently, both must read it alike."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Draft
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.record.act import Actor
from tests.deliberation.hall import MEMBERS, opened_hall

pytestmark = pytest.mark.django_db


def test_a_supporter_who_becomes_a_leader_counts_no_more(now, db):
    hall = opened_hall(now, seated=False)
    issue = hall.raised("hal")
    assert issue.supporters.count() == 1
    now.pass_days(8)  # hal leads now
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "gathering"
    support_issue(hall.world.actor("cleo"), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "talk"


def test_a_draft_whose_supporter_becomes_a_leader_needs_another(now, db):
    hall = opened_hall(now, seated=False)
    issue = hall.talked()
    alone = hall.drafted("ben", issue, "hal")
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert issue.stage == "vote"
    assert issue.poll.form == "yes_no"
    assert Draft.objects.get(pk=alone.pk).supporters.count() == 2


def test_the_first_draft_stays_on_a_ballot_of_many(hall):
    issue = hall.talked()
    movers = [name for name in MEMBERS for _ in range(2)][:13]
    for number, mover in enumerate(movers):
        others = [name for name in MEMBERS if name != mover][: 1 + number % 3]
        hall.drafted(mover, issue, *others, title=f"Draft {number}")
    issue = hall.turned(hall.turned(hall.turned(issue)))
    assert len(issue.poll.options) == 13
    assert issue.poll.options[0] == issue.drafts.get(first=True).pk


def test_who_comes_back_in_another_unit_had_belonged_to_the_first(hall):
    issue = hall.raised("iva", "Ferry Crews")
    support_issue(hall.world.actor("kit"), issue_id=issue.pk)
    leave(hall.world.actor("kit"))
    hall.now.move(minutes=1)
    kit = Actor(hall.world.id, hall.world.people["kit"], "code")
    apply(kit, unit_id=hall.world.unit().pk, name="Kit", email="")
    hall.now.pass_days(9)
    assert hall.world.member("kit").unit_id == hall.world.unit().pk
