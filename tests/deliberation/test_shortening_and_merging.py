# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was shortened in a unit that has become part of another is looked at, and counted, there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_shortening import propose_shortening
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.acts.support_shortening import support_shortening
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.record.act import tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.hall import Hall
from tests.deliberation.two_units import merger, to_the_vote
from tests.world import founded, founders

pytestmark = pytest.mark.django_db
KILN = ("ola", "pam", "quin", "ria", "sol", "tam", "uma")
FERRY = ("kit", "lou", "mia", "ned", "oda", "pip", "ray")
OF = {"Kiln Lane": KILN, "Ferry Crews": FERRY}
HOUR = timedelta(hours=1)


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    """Two branches of seven each; nobody leads."""
    of = [one for unit, names in OF.items() for one in founders(*names, unit=unit)]
    world = founded(listed=(*of, *founders("ada", "ben")), units=tuple(OF))
    now.pass_days(1)
    return Hall(world, now)


def talked(hall: Hall, unit: str, title: str, *effects: Effect) -> Issue:
    by, second = OF[unit][:2]
    issue: Issue = raise_issue(
        hall.world.actor(by), unit_id=hall.world.unit(unit).pk, title=title, text="Why.", draft_title=title,
        draft_text=f"1. {title}.", effects=list(effects),
    ).value  # fmt: skip
    support_issue(hall.world.actor(second), issue_id=issue.pk)
    return hall.fresh(issue)


def proposal(hall: Hall, issue: Issue) -> dict[str, Any]:
    """What ola proposes it with: her letter, and a date six days ahead."""
    given = {"sender": "The landlord", "text": "We sell.", "received_at": hall.now.time - HOUR}
    letter = post_letter(hall.world.actor("ola"), issue_id=issue.pk, **given).value
    before = hall.now.time + timedelta(days=6)
    return {"issue_id": issue.pk, "letter_id": letter.pk, "before": before}


def shortened(hall: Hall, issue: Issue) -> Issue:
    made = propose_shortening(hall.world.actor("ola"), **proposal(hall, issue)).value
    for name in KILN[1:5]:
        support_shortening(hall.world.actor(name), shortening_id=made.pk)
    issue = hall.fresh(issue)
    assert issue.shortened_at == hall.now.time
    return issue


def decided(hall: Hall, issue: Issue) -> Issue:
    while issue.stage != "decided":
        issue = hall.turned(issue)
    return issue


def almost_one(hall: Hall, hours: int = 3) -> Issue:
    """Both branches have voted to be one; so many hours are left until the count."""
    both = [talked(hall, unit, "Together", merger(hall)) for unit in OF]
    both = [to_the_vote(hall, issue) for issue in both]
    for issue in both:
        for name in OF[str(issue.unit.name)][:6]:
            cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, choice="yes")
    hall.now.pass_to(hall.fresh(both[-1]).stage_ends_at - hours * HOUR)
    return both[-1]


def test_what_was_shortened_before_a_merger_is_looked_at_in_what_the_branch_has_become(hall):
    last = almost_one(hall)
    issue = shortened(hall, talked(hall, "Kiln Lane", "A lamp"))
    hall.turned(last)
    assert hall.world.unit("Kiln Lane").merged_at is not None
    assert decided(hall, hall.fresh(issue)).unit == hall.world.unit("Ferry Crews")
    review = Issue.objects.get(raised_by=None)
    assert (review.unit, review.stage) == (hall.world.unit("Ferry Crews"), "talk")


def test_an_outage_over_its_end_and_over_the_merger_puts_the_question_where_members_are(hall):
    last = almost_one(hall, hours=48 + 12 + 12 + 48 + 1)
    issue = shortened(hall, talked(hall, "Kiln Lane", "A lamp"))
    while issue.stage != "vote":
        issue = hall.turned(issue)
    end = hall.fresh(last).stage_ends_at
    assert issue.stage_ends_at == end - HOUR
    hall.now.move(end + HOUR)
    tick()
    assert hall.world.unit("Kiln Lane").merged_at is not None
    review = Issue.objects.get(raised_by=None)
    assert (review.unit, review.stage) == (hall.world.unit("Ferry Crews"), "talk")


def test_what_the_branch_shortened_counts_in_what_it_has_become(hall):
    for number in range(4):
        decided(hall, shortened(hall, talked(hall, "Kiln Lane", f"Lamp {number}")))
    last = almost_one(hall)
    old = talked(hall, "Kiln Lane", "A door")
    assert hall.refused(propose_shortening, "ola", **proposal(hall, old)) == "shortened-often-enough"
    hall.turned(last)
    assert hall.world.unit("Kiln Lane").merged_at is not None
    new = talked(hall, "Ferry Crews", "A window")
    for issue in (old, new):
        assert hall.refused(propose_shortening, "ola", **proposal(hall, issue)) == "shortened-often-enough"
