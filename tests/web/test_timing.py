# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions that come again, letters that shorten, quiet days and the voting day, as members meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.support_shortening import support_shortening
from kollontai.chapters.deliberation.models import Issue, Shortening
from tests.web.hall import LEADER, Hall
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db
WORDS = {"title": "Time", "text": "We work shifts.", "draft_title": "A day", "draft_text": "1. A day."}
RAISE = "/tidewater/issues/new/"


def page(hall: Hall, issue: Issue, name: str = "ben") -> str:
    return says(hall.enter(name).get(f"/tidewater/issues/{issue.number}/"))


def test_a_decided_question_names_the_issue_that_decided_it_and_the_number_it_needs(hall: Hall) -> None:
    hall.at("decided")
    again = hall.issue()
    said = page(hall, again)
    assert "The same question was decided not long ago. Issue 1: A kettle" in said
    assert "It comes again early when 2 members who don’t lead stand behind it" in said
    assert "The same question" not in page(hall, Issue.objects.get(number=1))
    again = hall.move_on(again, "talk")
    assert "2 of 2 members stand behind it for the ballot." in page(hall, again)
    assert "Support this draft" in page(hall, again, "ida")


def with_a_letter(hall: Hall) -> Issue:
    issue = hall.at_talk()
    post_letter(
        hall.world.actor(LEADER), issue_id=issue.pk, sender="The harbour", text="By Friday.",
        received_at=hall.now.time,
    )  # fmt: skip
    return issue


def test_members_find_the_way_to_shorten_where_a_letter_lies_and_leaders_do_not(hall: Hall) -> None:
    way = "Shorten it, because of a date in a letter"
    assert way not in page(hall, hall.at_talk())
    issue = with_a_letter(hall)
    assert way in page(hall, issue)
    assert way not in page(hall, issue, LEADER)
    answer = hall.enter(LEADER).get(f"/tidewater/issues/{issue.number}/shorten/")
    assert answer.status_code == 403
    assert "Only members who don’t lead on a matter shorten it." in says(answer)


def test_five_members_shorten_by_the_pages_and_each_finds_it_among_what_needs_them(hall: Hall) -> None:
    issue = with_a_letter(hall)
    form = f"/tidewater/issues/{issue.number}/shorten/"
    letter = issue.letters.get()
    late = (hall.now.time + timedelta(days=90)).strftime("%Y-%m-%dT%H:%M")
    soon = (hall.now.time + timedelta(days=6)).strftime("%Y-%m-%dT%H:%M")
    answer = send(hall.enter("ada"), form, letter_id=letter.pk, before=late)
    assert "The vote ends before that date anyway." in says(answer)
    assert "Which date does it name?" in says(send(hall.enter("ada"), form, letter_id=letter.pk, before="x"))
    answer = send(hall.enter("ada"), form, letter_id=letter.pk, before=soon)
    assert "You have proposed to shorten it." in says(answer)
    proposal = Shortening.objects.get()
    assert "A date from outside" in says(hall.enter("ben").get("/tidewater/"))
    assert "A date from outside" not in says(hall.enter("ada").get("/tidewater/"))
    assert "A date from outside" not in says(hall.enter(LEADER).get("/tidewater/"))
    assert "1 of 5 members who don’t lead stand behind it; Ada proposed it." in page(hall, issue)
    answer = send(hall.enter("ben"), f"{form}{proposal.pk}/")
    assert "You stand behind shortening it." in says(answer)
    for name in ("cleo", "dai", "eva"):
        support_shortening(hall.world.actor(name), shortening_id=proposal.pk)
    said = page(hall, issue)
    assert "by 5 members who don’t lead. Letter 1 names" in said
    assert "Members shortened this: the text is fixed." in said
    assert "call it a big decision" not in said
    assert hall.enter("ida").get(f"{form}{proposal.pk}/").status_code == 403
    assert hall.enter("ida").get(f"{form}nothing/").status_code == 404


def test_quiet_days_and_a_voting_day_are_declared_and_stand_on_the_charter_page(hall: Hall) -> None:
    given = {**WORDS, "unit_id": hall.world.unit().pk}
    year = str(hall.now.time.year + 2)
    wrong = send(hall.enter("ada"), RAISE, **given, effect0="set_quiet_days", year0=year, quiet0="August")
    assert "These quiet days can’t be read." in says(wrong)
    send(
        hall.enter("ada"), RAISE, **given, effect0="set_quiet_days", year0=year,
        quiet0=f"{year}-08-01..{year}-08-14 {year}-12-24",
    )  # fmt: skip
    issue = Issue.objects.get()
    assert f"Quiet days of {year}, which make stages longer" in page(hall, issue)
    assert "Quiet days and the voting day" not in says(hall.enter().get("/tidewater/charter/"))
    hall.move_on(issue, "decided")
    send(hall.enter("ada"), RAISE, **given, effect0="set_voting_day", day0="15")
    hall.move_on(Issue.objects.get(number=2), "decided")
    shown = says(hall.enter().get("/tidewater/charter/"))
    assert f"1 August {year} – 14 August {year}" in shown
    assert f"24 December {year}" in shown
    assert "Votes on issues open together, on day 15 of a month at 20:00" in shown
