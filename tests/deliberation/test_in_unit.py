# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the roll of a matter of one branch is who has belonged to it for some days: nobody fills a hall overnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation import majority
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Unit
from kollontai.chapters.members.queries import limits_now
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.deliberation.hall import FERRY, Hall

pytestmark = pytest.mark.django_db
BRANCH = "Ferry Crews"


def voters(hall: Hall, issue: Issue) -> set[str]:
    """Who stands on the roll of its vote, by first name."""
    names = {member: name for name, member in hall.world.people.items()}
    return {names[voter.member_id] for voter in issue.poll.voters.all()}


def put_to_vote(hall: Hall, issue: Issue) -> Issue:
    while issue.stage != "vote":
        issue = hall.turned(issue)
    return issue


def test_friends_brought_into_a_branch_do_not_vote_on_its_matters_a_fortnight_later(hall: Hall) -> None:
    hall.now.pass_days(40)
    hall.world.move_in(["nell", "otto"], unit=BRANCH)
    hall.now.move(minutes=1)
    issue = put_to_vote(hall, hall.talked("kit", BRANCH))
    assert issue.limits["R1.unit"] == limits_now(hall.world.id)["R1.unit"] == 30
    assert voters(hall, issue) == set(FERRY)
    choice = {"poll_id": issue.poll_id, "choice": "yes"}
    assert hall.refused(cast_ballot, "nell", **choice) == "not-on-the-roll"


def test_who_has_been_in_the_branch_for_thirty_days_at_the_opening_votes(hall: Hall) -> None:
    hall.now.pass_days(40)
    hall.world.move_in(["nell"], unit=BRANCH)
    hall.now.pass_days(1)
    hall.world.move_in(["otto"], unit=BRANCH)
    joined = hall.world.member("otto").joined_at
    assert joined is not None
    issue = hall.talked("kit", BRANCH)
    days = (hall.turned(hall.turned(hall.turned(issue))).poll.opens_at - issue.raised_at).days
    hall.now.pass_to(joined + timedelta(days=30 - days))
    later = put_to_vote(hall, hall.talked("lou", BRANCH, title="A clock", draft_title="One clock"))
    assert (later.poll.opens_at - joined).days == 30
    assert voters(hall, later) == {*FERRY, "nell", "otto"}
    assert voters(hall, hall.fresh(issue)) == set(FERRY)


def test_a_matter_of_all_asks_for_no_days(hall: Hall) -> None:
    hall.now.pass_days(40)
    hall.world.move_in(["nell"], unit=BRANCH)
    hall.now.move(minutes=1)
    assert "nell" in voters(hall, put_to_vote(hall, hall.talked()))


def test_in_a_young_organisation_whoever_was_there_before_it_was_raised_votes(hall: Hall) -> None:
    hall.world.move_in(["nell"], unit=BRANCH)
    hall.now.move(minutes=1)
    assert voters(hall, put_to_vote(hall, hall.talked("kit", BRANCH))) == {*FERRY, "nell"}


def test_where_nobody_has_been_there_so_long_whoever_was_there_before_it_was_raised_votes(hall: Hall) -> None:
    hall.now.pass_days(40)
    for name in FERRY:
        leave(hall.world.actor(name))
    hall.world.move_in(["nell", "otto", "pia"], unit=BRANCH)
    hall.now.move(minutes=1)
    issue = hall.raised("nell", BRANCH)
    for name in ("otto", "pia"):
        if hall.fresh(issue).stage == "gathering":
            support_issue(hall.world.actor(name), issue_id=issue.pk)
    assert Unit.objects.get(pk=issue.unit_id).created_at < hall.now.time - timedelta(days=40)
    assert voters(hall, put_to_vote(hall, hall.fresh(issue))) == {"nell", "otto", "pia"}


MOMENT, DAY, MINUTE = datetime(2026, 5, 1, 19, tzinfo=UTC), timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("raised", "began", "since"),
    [
        (MOMENT + DAY, MOMENT - DAY, MOMENT),
        (MOMENT - DAY, MOMENT - 2 * DAY, MOMENT - DAY),  # it was raised before that day
        (MOMENT + DAY, MOMENT + MINUTE, MOMENT + DAY),  # younger than that
        (MOMENT + DAY, MOMENT, MOMENT + DAY),  # they vote who were there from the first minute on
        (MOMENT + DAY, None, MOMENT + DAY),
    ],
)
def test_before_which_moment_somebody_came_who_votes(
    raised: datetime, began: datetime | None, since: datetime
) -> None:
    assert majority.came_before(raised, MOMENT, began) == since
