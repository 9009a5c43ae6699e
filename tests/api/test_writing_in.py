# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing in through a program: the code of the slip comes in the answer, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kollontai.chapters.accounts import slips
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.record.models import Content, EntryRow
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.chapters.writing_in.models import WriteIn
from tests.api.test_api import Program, eight_days_old, raised
from tests.writing_in.street import move_in_without_mail

pytestmark = pytest.mark.django_db


def test_the_code_of_a_slip_comes_once_and_undoes_by_program_too(client: Client, now: Any) -> None:
    world = eight_days_old(now)
    move_in_without_mail(world, ("rosa",))
    rosa = world.people["rosa"]
    name_writer(world.actor("rosa"), writer_id=world.people["ben"])
    ben = Program(client, "ben@example.org", now, "act")
    ada = Program(client, "ada@example.org", now, "act")
    raised(ada, world)
    issue = Issue.objects.get()
    support_issue(world.actor("cleo"), issue_id=issue.pk)
    given = {"issue_id": issue.pk, "member_id": rosa, "stance": "for", "text": "It is cold."}
    answer = ben.post("writing_in/write_in_words", **given)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    said, made = answer.json(), WriteIn.objects.get()
    assert said["id"] == made.pk
    assert slips.fits(said["slip"], made.pk)
    code = said["slip"].replace(" ", "")[4:].encode()
    assert not any(code in bytes(row.data) for row in EntryRow.objects.all())
    assert not any(code in bytes(one.value or b"") for one in Content.objects.all())

    refused = ada.post("writing_in/write_in_words", **given)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-named-by-them")
    refused = ben.post("writing_in/undo_writing", write_in_id=made.pk, slip=said["slip"])
    assert (refused.status_code, refused.json()["code"]) == (409, "not-written-for-you")
    refused = ben.post("writing_in/write_in_support", member_id=rosa, to="poll", of_id="x")
    assert (refused.status_code, refused.json()["code"]) == (409, "support-of-nothing")
