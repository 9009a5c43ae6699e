# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a law compels is voted, shown where it bites, and over on its day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.charter.models import LawNote
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.effects import Effect
from tests.deliberation.hall import Hall
from tests.deliberation.test_charter import LONGER, READY, carried

pytestmark = pytest.mark.django_db
NOTE = Effect(
    "law_note", article=1, touches="term", country="Utopia", statute="Co-operatives Act", section="§ 24",
    adviser="The auditing union", text="The board is elected for five years at most.",
    change="A term of the board ends in the fifth year at the latest.",
)  # fmt: skip


def test_a_law_note_is_voted_stands_and_is_over_by_the_clock(hall: Hall) -> None:
    issue = carried(hall, NOTE)
    assert (issue.weight, issue.poll.majority_num, issue.poll.majority_den) == ("big", 2, 3)
    assert hall.world.kinds()[-1] == "law_note.voted"
    note = LawNote.objects.get()
    assert (note.article, note.touches, note.until - note.since) == (1, "term", timedelta(days=730))
    assert json.loads(str(note.words))["section"] == "§ 24"
    hall.now.pass_to(note.until - timedelta(minutes=1))
    assert LawNote.objects.get().lapsed_at is None
    hall.now.pass_to(note.until)
    assert LawNote.objects.get().lapsed_at == note.until
    assert "law_note.lapsed" in hall.world.kinds()


def test_too_few_vote_no_law_note(hall: Hall) -> None:
    carried(hall, NOTE, yes=5, no=3)
    assert not LawNote.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"article": 3}, "law-note-never-here"),
        ({"article": 13}, "law-note-never-here"),
        ({"article": 14}, "law-note-never-here"),
        ({"article": 15}, "law-note-elsewhere"),
        ({"touches": "recall"}, "law-note-elsewhere"),
        ({"text": " "}, "law-note-incomplete"),
        ({"adviser": ""}, "law-note-incomplete"),
        ({"country": None}, "effect-incomplete"),
    ],
)
def test_what_no_law_note_says(hall: Hall, changed: dict[str, Any], code: str) -> None:
    given = {"unit_id": hall.world.unit().pk, "effects": [replace(NOTE, **changed)], **READY}
    assert hall.refused(raise_issue, "ada", **given) == code


def test_a_law_note_comes_alone(hall: Hall) -> None:
    given = {"unit_id": hall.world.unit().pk, "effects": [NOTE, LONGER], **READY}
    assert hall.refused(raise_issue, "ada", **given) == "one-subject"
