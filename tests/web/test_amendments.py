# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amendments through the pages, without scripts: moved, read, supported, accepted, combined, voted on."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.support_amendment import support_amendment
from kollontai.chapters.deliberation.models import Amendment, Combination
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from tests.web.hall import Hall

pytestmark = pytest.mark.django_db
FIVE = "One.\nTwo for all.\nThree.\nFour.\nFive."


@pytest.fixture
def issue(hall: Hall):
    """An issue in talk, with a draft of five lines."""
    issue = hall.at_talk()
    draft = issue.drafts.get()
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text=FIVE)
    return issue


def moved(hall: Hall, by: str, issue, line: int, text: str, *supporters: str, **given) -> Amendment:
    words = {"version": 2, "operation": "replace" if text else "delete", "first": line, "last": line}
    draft = issue.drafts.get(letter="A")
    one = move_amendment(hall.world.actor(by), draft_id=draft.pk, text=text, **{**words, **given}).value
    for name in supporters:
        support_amendment(hall.world.actor(name), amendment_id=one.pk)
    return one


def place(issue, rest: str = "") -> str:
    return f"/tidewater/issues/{issue.number}/{rest}"


def said(answer) -> str:
    """What a page says, without its tags."""
    words = re.sub(r"<[^>]+>", "", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


def read(hall: Hall, name: str, path: str) -> str:
    answer = hall.enter(name).get(path)
    assert answer.status_code == 200, path
    return said(answer)


def do(hall: Hall, name: str, path: str, **given):
    client = hall.enter(name)
    return client.post(path, given, follow=True)


def test_somebody_changes_a_line_sees_the_difference_and_moves_it(hall, issue):
    path = place(issue, "drafts/A/amend/")
    page = hall.enter("ben").get(path)
    assert FIVE in page.content.decode()
    given = {
        "text": FIVE.replace("for all", "for each").replace("\n", "\r\n"), "first": 1, "last": 5, "version": 2,
        "reasons": "Clearer.",
    }  # fmt: skip
    look = do(hall, "ben", path, **given, look="1")
    assert "In line 2, “all” is replaced by “each”." in said(look)
    assert not Amendment.objects.exists()
    done = do(hall, "ben", path, **given)
    one = Amendment.objects.get()
    assert (one.first, one.last, one.operation) == (2, 2, "replace")
    assert [str(version.text) for version in one.versions.all()] == ["Two for each."]
    assert "Your amendment is moved." in said(done)
    assert "Clearer." in said(done)


def test_lines_are_inserted_deleted_and_chosen(hall, issue):
    path = place(issue, "drafts/A/amend/")
    do(hall, "ben", path, text="One.\nAnd a half.\n", first=1, last=1, version=2)
    do(hall, "ben", path, text="", first=3, last=4, version=2)
    do(hall, "ben", path, text="Five.\n  - and six", first=5, last=5, version=2)
    found = [
        (one.operation, one.first, one.last, [str(v.text) if v.text else None for v in one.versions.all()])
        for one in Amendment.objects.order_by("number")
    ]
    assert found == [
        ("insert", 2, 1, ["And a half."]), ("delete", 3, 4, [None]), ("insert", 6, 5, ["  - and six"]),
    ]  # fmt: skip
    chosen = hall.enter("ben").get(path, {"first": 2, "last": 3}).content.decode()
    assert ">\nTwo for all.\nThree.</textarea>" in chosen
    assert hall.enter("ben").get(path, {"first": 4, "last": 9}).status_code == 403


def test_a_long_draft_asks_first_which_lines(hall, issue):
    draft = issue.drafts.get()
    long = "\n".join(f"Line {number}." for number in range(1, 200))
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text=long)
    path = place(issue, "drafts/A/amend/")
    page = hall.enter("ben").get(path).content.decode()
    assert "Which lines?" in page
    assert "<textarea" not in page
    assert "Line 120." in page
    part = hall.enter("ben").get(path, {"first": 120, "last": 121}).content.decode()
    assert ">\nLine 120.\nLine 121.</textarea>" in part


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": FIVE}, "The text would be the same as before."),
        ({"version": 7}, "There is no such version; the newest is version 2."),
        ({"first": 1, "last": 40}, "These lines are not in the text."),
        ({"version": 1, "first": 2, "last": 2, "text": "x"}, "These lines have changed since"),
    ],
)
def test_what_cannot_be_moved_is_explained(hall, issue, given, words):
    full = {"text": "Other.", "first": 1, "last": 5, "version": 2, **given}
    answer = do(hall, "ben", place(issue, "drafts/A/amend/"), **full)
    assert answer.status_code == 422
    assert words in said(answer)


def test_a_leader_is_told_when_their_time_comes(hall, issue):
    answer = hall.enter("hal").get(place(issue, "drafts/A/amend/"))
    assert answer.status_code == 403
    one = moved(hall, "ben", issue, 2, "Two.")
    assert "Support it" not in read(hall, "hal", place(issue, "amendments/1/"))
    assert hall.enter("hal").get(place(issue, f"amendments/{one.number}/support/")).status_code == 403


def test_the_draft_shows_its_amendments_where_they_stand(hall, issue):
    moved(hall, "ben", issue, 2, "Two for each.", "cleo", "dai")
    moved(hall, "cleo", issue, 2, "Two or three.")
    accept_amendment(hall.world.actor("ada"), amendment_id=moved(hall, "dai", issue, 5, "Fives.").pk)
    moved(hall, "eva", issue, 1, "Ones.")
    page = hall.enter("finn").get(place(issue, "drafts/A/"))
    words = said(page)
    for expected in (
        "Goes to the vote", "3 supporters, 2 needed", "Accepted", "part of the draft since version 3", "Open",
        "1 supporter, 2 needed", "Red bars: an amendment touches this line.",
        "(touched by amendment 1, 2)", "removed: all; end of removal.", "added: each; end of addition.",
    ):  # fmt: skip
        assert expected in words, expected
    assert re.search(r"conflicts with\s+2", words)
    assert '<li id="l2" class="touched">' in page.content.decode()
    assert "Accept it" not in words
    assert "Accept it" in read(hall, "ada", place(issue, "drafts/A/"))
    assert "4 amendments to this draft" in read(hall, "finn", place(issue))


def test_an_amendment_is_read_in_one_list_and_side_by_side(hall, issue):
    one = moved(hall, "ben", issue, 2, "Two <b>for</b> each.", reasons="So that **each** has two.")
    page = hall.enter("finn").get(place(issue, f"amendments/{one.number}/"))
    assert "<b>for</b>" not in page.content.decode()
    assert "<strong>each</strong>" in page.content.decode()
    sides = hall.enter("finn").get(place(issue, "amendments/1/"), {"as": "sides"}).content.decode()
    assert '<th scope="col">As it is</th><th scope="col">With the amendment</th>' in sides
    assert '<span class="aloud">line </span>2' in sides
    assert hall.enter("finn").get(place(issue, "amendments/9/")).status_code == 404
    assert hall.enter().get(place(issue, "amendments/1/")).status_code == 403


def test_support_acceptance_and_withdrawal_have_their_buttons(hall, issue):
    moved(hall, "ben", issue, 2, "Two.")
    moved(hall, "ben", issue, 4, "Four or five.")
    assert "You support this amendment." in said(do(hall, "cleo", place(issue, "amendments/1/support/")))
    assert "It is part of the text." in said(do(hall, "ada", place(issue, "amendments/1/accept/")))
    assert "The amendment is taken back." in said(do(hall, "ben", place(issue, "amendments/2/withdraw/")))
    assert hall.enter("ben").get(place(issue, "amendments/1/accept/")).status_code == 403
    assert str(issue.drafts.get().versions.get(version=3).text).split("\n")[1] == "Two."
    assert "Taken back" in read(hall, "finn", place(issue, "amendments/2/"))


def test_an_amendment_is_amended_and_combined_with_the_yes_of_its_mover(hall, issue):
    moved(hall, "ben", issue, 2, "Two.\nAnd more.")
    moved(hall, "cleo", issue, 4, "Four or five.")
    child = place(issue, "amendments/1/amend/")
    assert ">\nTwo.\nAnd more.</textarea>" in hall.enter("dai").get(child).content.decode()
    do(hall, "dai", child, text="Two.\nAnd much more.", first=1, last=2, version=1)
    assert Amendment.objects.get(number=3).parent.number == 1
    assert "amendment 3" in read(hall, "finn", place(issue, "amendments/1/"))
    choices = read(hall, "ben", place(issue, "amendments/1/combine/"))
    assert "Amendment 2: " in choices
    assert "Amendment 3: " not in choices  # it speaks of the same lines
    given = {"with_ids": [Amendment.objects.get(number=2).pk]}
    assert "Their movers are asked." in said(do(hall, "ben", place(issue, "amendments/1/combine/"), **given))
    assert "You are asked" in read(hall, "cleo", place(issue, "amendments/2/"))
    assert "You are asked" not in read(hall, "finn", place(issue, "amendments/2/"))
    proposal = Combination.objects.get()
    assert hall.enter("finn").get(place(issue, f"combinations/{proposal.pk}/agree/")).status_code == 403
    do(hall, "cleo", place(issue, f"combinations/{proposal.pk}/agree/"))
    assert "one alternative: amendments 1, 2" in read(hall, "finn", place(issue, "amendments/1/"))


def test_an_overtaken_amendment_says_against_which_text_it_stands(hall, issue):
    moved(hall, "ben", issue, 2, "Two.")
    draft = issue.drafts.get()
    text = FIVE.replace("for all", "for some")
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text=text)
    words = read(hall, "finn", place(issue, "amendments/1/"))
    assert "Overtaken" in words
    assert "it is shown against version 2" in words


def test_versions_of_a_draft_are_compared(hall, issue):
    words = read(hall, "finn", place(issue, "drafts/A/compare/"))
    assert "Versions 1 and 2" in words
    same = read(hall, "finn", place(issue, "drafts/A/compare/?from=2&to=2&as=sides"))
    assert "Nothing changed in the words." in same
    assert hall.enter("finn").get(place(issue, "drafts/A/compare/?from=9")).status_code == 404


def test_the_ballot_shows_an_alternative_against_its_draft_and_the_result_names_it(hall, issue):
    moved(hall, "ben", issue, 2, "Two for each.", "cleo", "dai")
    issue = hall.move_on(issue, "vote")
    ballot = said(hall.enter("finn").get(f"/tidewater/votes/{issue.poll_id}/"))
    for expected in (
        "Buy one, with amendment 1", "draft A with amendment 1", "The whole text", "added: each",
    ):  # fmt: skip
        assert expected in ballot, expected
    printed = read(hall, "finn", place(issue, "print/"))
    assert "On the ballot: A with amendment 1" in printed
    assert "On the ballot" in read(hall, "finn", place(issue, "amendments/1/"))
    paper = read(hall, "finn", f"/tidewater/votes/{issue.poll_id}/print/")
    assert "draft A with amendment 1" in paper
    alternative = issue.alternatives.get()
    for name in ("ada", "ben", "cleo", "dai"):
        ranking = [[alternative.pk], ["status-quo"]]
        cast_ballot(hall.world.actor(name), poll_id=issue.poll_id, ranking=ranking)
    hall.now.pass_to(issue.stage_ends_at)
    result = read(hall, "finn", f"/tidewater/votes/{issue.poll_id}/")
    assert "“Buy one, with amendment 1” is chosen" in result


def test_a_page_of_a_draft_costs_the_same_however_many_amendments(hall, issue, django_assert_max_num_queries):
    for line in (1, 3, 5):
        moved(hall, "ben", issue, line, f"New {line}.", "cleo")
    client = hall.enter("finn")
    path = place(issue, "drafts/A/")
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for line in (1, 2, 3, 4, 5):
        moved(hall, "dai", issue, line, f"Newer {line}.", "cleo")
    client.get(path)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few) + 1
    with django_assert_max_num_queries(40):
        client.get(path)


def test_words_keep_their_lines_as_long_as_the_lines_stay(hall, issue):
    door = place(issue, "drafts/A/speak/?version=2")
    assert "From line" in read(hall, "ben", door)
    given = {"first": 2, "last": 3, "stance": "against", "text": "Why two for all?"}
    assert "Your words stand in the talk." in said(do(hall, "ben", door, **given))
    do(hall, "cleo", door, **{**given, "first": 5, "last": 5, "stance": "question", "text": "Five what?"})
    draft = issue.drafts.get()
    text = "Nought.\n" + FIVE.replace("Five.", "Five pounds.")
    revise_draft(hall.world.actor("ada"), draft_id=draft.pk, title="Buy one", text=text)
    words = read(hall, "finn", place(issue, "drafts/A/"))
    assert "Lines 3 to 4: what Ben says" in words
    assert "Lines 5 to 5 of version 2, which have changed since: what Cleo says (a question)" in words
    assert do(hall, "ben", door, **{**given, "last": 9}).status_code == 422
    assert hall.enter("hal").get(door).status_code == 403
