# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever sits in a body raises something in its name, briefly, and is no less a leader for that."""

from __future__ import annotations

from typing import Any

import pytest

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.acts.erase_draft import erase_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests import prepared
from tests.deliberation.hall import Hall
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db
READY = {"title": "The roof", "text": "It leaks.", "draft_title": "Mend it", "draft_text": "1. We mend it."}
NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "hal", "iva")


@prepared.once
def opened(now: Any) -> Hall:
    """A board of two that leads, a chair, and a committee in a branch."""
    world = founded(
        listed=(*founders("kit", "lou", "mia", unit="Ferry Crews"), *founders(*reversed(NAMES))),
        units=("Ferry Crews",),
        posts=(
            held_by("hal", title="Chair"),
            held_by("gus iva", title="Board", seats=2),
            held_by("kit", title="Ropes", unit="Ferry Crews", seats=2, leading=False),
        ),
    )
    now.move(minutes=1)
    now.pass_to(now.time)
    for poll in Poll.objects.filter(about="confirmation"):
        for voter in poll.voters.order_by("pk")[:4]:
            actor = world.actor(next(name for name, pk in world.people.items() if pk == voter.member_id))
            cast_ballot(actor, poll_id=poll.pk, choice="yes")
    now.pass_days(8)
    return Hall(world, now)


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return opened(now)


def body(title: str) -> str:
    return next(post.pk for post in Post.objects.select_related("title") if str(post.title) == title)


def test_a_board_raises_something_and_its_member_stays_silent_on_it(hall: Hall) -> None:
    issue = raise_issue(
        hall.world.actor("gus"), unit_id=hall.world.unit().pk, body_id=body("Board"), **READY
    ).value
    assert (issue.for_body_id, issue.raised_by_id, issue.by_leader) == (
        body("Board"), hall.world.people["gus"], True
    )  # fmt: skip
    assert hall.world.kinds()[-3:] == ["issue.raised", "draft.put", "issue.raised_for"]
    assert issue.supporters.count() == 0
    for name in ("ada", "ben"):
        support_issue(hall.world.actor(name), issue_id=issue.pk)
    assert hall.fresh(issue).stage == "talk"
    for name in ("gus", "iva"):
        given = {"issue_id": issue.pk, "stance": "for", "text": "Yes."}
        assert hall.refused(speak, name, **given) == "leaders-after-members"


def test_a_committee_that_does_not_lead_raises_as_briefly_and_its_member_may_speak(hall: Hall) -> None:
    given = {"unit_id": hall.world.unit("Ferry Crews").pk, "body_id": body("Ropes")}
    long = {**READY, "text": "x " * 1_000}
    assert hall.refused(raise_issue, "kit", **given, **long) == "body-raises-briefly"
    issue = raise_issue(hall.world.actor("kit"), **given, **READY).value
    assert not issue.by_leader
    assert issue.supporters.get().member_id == hall.world.people["kit"]
    support_issue(hall.world.actor("lou"), issue_id=issue.pk)
    hall.said("kit", issue)


@pytest.mark.parametrize(
    ("by", "unit", "title", "code"),
    [
        ("ada", "", "Board", "not-of-this-body"),
        ("hal", "", "Board", "not-of-this-body"),
        ("hal", "", "Chair", "no-such-body"),
        ("kit", "", "Ropes", "body-of-another-unit"),
    ],
)
def test_what_is_refused(hall: Hall, by: str, unit: str, title: str, code: str) -> None:
    given = {"unit_id": hall.world.unit(unit).pk, "body_id": body(title), **READY}
    assert hall.refused(raise_issue, by, **given) == code


def test_nobody_speaks_for_a_body_that_is_none_or_after_their_term(hall: Hall) -> None:
    given = {"unit_id": hall.world.unit().pk, **READY}
    assert hall.refused(raise_issue, "gus", body_id="a" * 16, **given) == "no-such-body"
    hall.now.pass_days(300)
    assert hall.refused(raise_issue, "gus", body_id=body("Board"), **given) == "not-of-this-body"


def test_what_was_put_in_the_name_of_a_committee_is_erased_by_nobody(hall: Hall) -> None:
    given = {"unit_id": hall.world.unit("Ferry Crews").pk, "body_id": body("Ropes"), **READY}
    issue = raise_issue(hall.world.actor("kit"), **given).value
    draft = issue.drafts.get()
    assert hall.turned(issue).stage == "lapsed"
    assert hall.refused(erase_draft, "kit", draft_id=draft.pk) == "bodys-words-stay"
