# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts on pages: every line bears its own number, titles of parts are titles, nothing else is read."""

from __future__ import annotations

import re

import pytest

from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.web import texts
from tests.web.hall import Hall

RULES = "# Tea\n\nThere is tea.\n\n## The kettle ##\n#hash\n  * It is full.\n#\n####### Seven"


def test_titles_are_lines_with_marks_and_words() -> None:
    told = {line.number: line.text for line in texts.parts(RULES)}
    assert told == {1: "Tea", 5: "The kettle"}
    assert [line.text for line in texts.lines(RULES)] == [
        "Tea", "", "There is tea.", "", "The kettle", "#hash", "  * It is full.", "#", "####### Seven",
    ]  # fmt: skip
    assert texts.title_in("#" * 50_000 + " x") == ""
    assert texts.title_in("# C#") == "C#"
    assert texts.title_in("# " + " #" * 900 + "x").endswith("x")
    assert texts.title_in("# ##") == ""


@pytest.mark.django_db
def test_a_line_has_one_number_wherever_it_is_shown(hall: Hall) -> None:
    issue = hall.at_talk()
    draft = issue.drafts.get()
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Rules", text=RULES)
    member = hall.enter("finn")
    at = f"/tidewater/issues/{issue.number}/"
    for place in (at, f"{at}print/"):
        page = member.get(place).content.decode()
        assert '<li value="3">There is tea.</li>' in page
        assert '<li value="5" class="titled">The kettle</li>' in page
    page = member.get(f"{at}drafts/A/").content.decode()
    assert re.search(r'<li id="l3">There is tea\.</li>', page)
    assert re.search(r'<li id="l5" class="titled">The kettle</li>', page)
    assert '<a href="#l5">The kettle</a>' in page
