# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of who may do what says what really happens."""

from __future__ import annotations

import pytest

from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.record.act import Refused
from kollontai.web.pages import stages as pages

SHOWN = [stage for stage in Stage if stage.value not in ("decided", "lapsed")]


def test_everything_that_can_be_done_has_its_line_and_words():
    assert set(pages.DOING_WORDS) == set(Doing)
    assert [len(line.cells) for line in pages.table()] == [len(pages.stages())] * len(Doing)


def cell(doing: Doing, stage: str) -> pages.Cell:
    """What the table says."""
    line = next(line for line in pages.table() if line.words == pages.DOING_WORDS[doing])
    return line.cells[[one.value for one in SHOWN].index(stage)]


def done(act, *args, **given) -> bool:
    """Whether an act is done rather than refused."""
    try:
        act(*args, **given)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("stage", [stage.value for stage in SHOWN])
def test_who_speaks_and_who_puts_drafts_is_as_the_table_says(hall, stage):
    issue = hall.at(stage)
    for doing, act, given in (
        (Doing.SPEAK, speak, {"text": "Words.", "stance": "for"}),
        (Doing.PUT_DRAFT, put_draft, {"title": "Another", "text": "Words."}),
    ):
        did = {who: done(act, hall.world.actor(who), issue_id=issue.pk, **given) for who in ("ben", "hal")}
        who = {"ben": pages.MEMBERS, "hal": pages.LEADERS}
        expected = cell(doing, stage).who
        assert did == {name: expected in (pages.EVERYBODY, role) for name, role in who.items()}, doing


def test_the_page_is_open_to_all_and_reached_from_an_issue(hall):
    issue = hall.at_talk()
    assert (
        "/tidewater/issues/stages/"
        in hall.enter("ben").get(f"/tidewater/issues/{issue.number}/").content.decode()
    )
    answer = hall.enter().get("/tidewater/issues/stages/")
    assert answer.status_code == 200
    assert answer.content.decode().count('<th scope="row">') == len(Doing)
