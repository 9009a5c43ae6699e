# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter box: a document from outside, whole, without comment, within a day."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.models import Letter

pytestmark = pytest.mark.django_db


def given(hall, issue, **more):
    return {
        "issue_id": issue.pk, "sender": "The city", "text": "Closed from May.",
        "received_at": hall.now.time, **more,
    }  # fmt: skip


def test_whoever_received_it_posts_it_a_leader_too(hall):
    issue = hall.talked()
    post_letter(
        hall.world.actor("hal"), **given(hall, issue, received_at=hall.now.time - timedelta(hours=24))
    )
    letter = Letter.objects.get()
    assert (str(letter.sender), str(letter.text)) == ("The city", "Closed from May.")
    assert letter.received_at == hall.now.time - timedelta(hours=24)


def test_the_time_that_somebody_typed_is_kept_in_utc_whatever_their_zone(hall):
    issue = hall.talked()
    typed = hall.now.time.astimezone(ZoneInfo("Asia/Kolkata"))
    post_letter(hall.world.actor("hal"), **given(hall, issue, received_at=typed))
    assert Letter.objects.get().received_at == hall.now.time


def test_an_old_letter_is_not_kept_for_the_right_moment(hall):
    issue = hall.talked()
    old = hall.now.time - timedelta(hours=24, minutes=1)
    assert hall.refused(post_letter, "hal", **given(hall, issue, received_at=old)) == "letter-too-old"
    ahead = hall.now.time + timedelta(hours=1)
    assert (
        hall.refused(post_letter, "hal", **given(hall, issue, received_at=ahead)) == "letter-from-the-future"
    )
    naive = hall.now.time.replace(tzinfo=None)
    assert hall.refused(post_letter, "hal", **given(hall, issue, received_at=naive)) == "letter-time-unclear"


def test_there_is_no_room_for_a_comment(hall):
    issue = hall.talked()
    with pytest.raises(TypeError):
        post_letter(hall.world.actor("hal"), **given(hall, issue), comment="I told you so.")
    assert hall.refused(post_letter, "hal", **given(hall, issue, sender="x" * 201)) == "title-too-long"
    assert (
        hall.refused(post_letter, "hal", **given(hall, issue, sender="The city\nI told you"))
        == "text-unreadable"
    )


def test_letters_come_until_the_decision_and_not_from_another_branch(hall):
    branch = hall.stood_in("vote", by="kit", unit="Ferry Crews")
    post_letter(hall.world.actor("lou"), **given(hall, branch))
    assert hall.refused(post_letter, "ada", **given(hall, branch)) == "another-unit"
    branch = hall.turned(branch)
    assert hall.refused(post_letter, "lou", **given(hall, branch)) == "issue-over"
