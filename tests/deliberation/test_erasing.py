# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who withdrew a draft or an amendment erases its words; what came to a vote, or carries others', stays."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation import rules
from kollontai.chapters.deliberation.acts.accept_amendment import accept_amendment
from kollontai.chapters.deliberation.acts.erase_amendment import erase_amendment
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.erase_draft import erase_draft
from kollontai.chapters.deliberation.acts.move_amendment import move_amendment
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.withdraw_amendment import withdraw_amendment
from kollontai.chapters.deliberation.acts.withdraw_draft import withdraw_draft
from kollontai.chapters.deliberation.erasing import of_amendment, of_draft
from kollontai.chapters.deliberation.models import Amendment, Draft, Issue
from kollontai.chapters.record.models import EntryRow
from tests.deliberation.amended import FIVE, moved, talked, voted
from tests.deliberation.files import pdf
from tests.deliberation.hall import Hall
from tests.web.hall import Hall as Reader

pytestmark = pytest.mark.django_db
STUB = "Erased by its author"


def put(hall: Hall, by: str, issue: Issue, text: str = FIVE) -> Draft:
    words = {"issue_id": issue.pk, "title": "Lamps", "text": text, "files": [pdf()]}
    made: Draft = put_draft(hall.world.actor(by), **words).value
    return made


def take_back(hall: Hall, by: str, what: Draft | Amendment) -> None:
    if isinstance(what, Draft):
        withdraw_draft(hall.world.actor(by), draft_id=what.pk)
    else:
        withdraw_amendment(hall.world.actor(by), amendment_id=what.pk)


def gone(hall: Hall, by: str, what: Draft | Amendment) -> None:
    """Erase something, and see that nothing is left of it."""
    fresh = type(what).objects.get(pk=what.pk)
    if isinstance(fresh, Draft):
        erase_draft(hall.world.actor(by), draft_id=fresh.pk)
        words = of_draft(fresh)
    else:
        erase_amendment(hall.world.actor(by), amendment_id=fresh.pk)
        words = of_amendment(fresh)
    assert words
    assert all(said.erased and said.value is None and said.salt is None for said in words)
    assert EntryRow.objects.order_by("-position").first().kind == "content.erased"


def no_draft(hall: Hall, by: str, draft: Draft) -> str:
    return hall.refused(erase_draft, by, draft_id=draft.pk)


def no_amendment(hall: Hall, by: str, row: Amendment) -> str:
    return hall.refused(erase_amendment, by, amendment_id=row.pk)


# --- The rule ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"own": False}, "not-your-words"),
        ({"erased": True}, "erased-already"),
        ({"as_leader": True}, "leaders-words-stay"),
        ({"wordless": True}, "nothing-to-erase"),
        ({"for_body": True}, "bodys-words-stay"),
        ({"on_ballot": True}, "words-on-the-ballot"),
        ({"accepted": True}, "amendment-accepted"),
        ({"stands": True}, "take-it-back-first"),
        ({"built_on": True}, "others-rest-on-it"),
    ],
)
def test_the_rule_names_what_stands_in_the_way(given: dict[str, bool], code: str | None) -> None:
    refusal = rules.may_erase_text(rules.ErasingText(**{"own": True, **given}))
    assert (refusal and refusal.code) == code
    assert refusal is None or refusal.article == 7


# --- Drafts ------------------------------------------------------------------------------------------


def test_a_draft_goes_with_every_version_and_its_files_once_it_is_taken_back(hall: Hall) -> None:
    issue = hall.talked()
    draft = put(hall, "ben", issue)
    given = {"draft_id": draft.pk, "title": "More lamps", "files": [pdf()]}
    revise_draft(hall.world.actor("ben"), text=f"{FIVE}\nSix.", **given)
    lines = {"draft_id": draft.pk, "version": 1, "first": 4, "last": 5}
    speak(hall.world.actor("eva"), issue_id=issue.pk, stance="for", text="Just so.", **lines)
    overtaken = moved(hall, "cleo", draft, 4, 5, "Nine.")
    assert no_draft(hall, "ben", draft) == "take-it-back-first"
    take_back(hall, "ben", draft)
    assert no_draft(hall, "cleo", draft) == "not-your-words"
    assert no_draft(hall, "ben", draft) == "others-rest-on-it"
    take_back(hall, "cleo", overtaken)
    gone(hall, "ben", draft)
    assert no_draft(hall, "ben", draft) == "erased-already"
    assert hall.refused(erase_draft, "ben", draft_id="nothing") == "no-such-draft"
    at = f"/tidewater/issues/{issue.number}"
    reader = Reader(hall.world, hall.now).enter("eva")
    for page in (
        f"/drafts/{draft.letter}/", f"/drafts/{draft.letter}/compare/", f"/drafts/{draft.letter}/compare/?as=sides",
        "/print/",
    ):  # fmt: skip
        assert STUB in reader.get(at + page).content.decode(), page
    for page in ("/", f"/amendments/{overtaken.number}/", f"/amendments/{overtaken.number}/?as=sides"):
        assert reader.get(at + page).status_code == 200, page
    page = reader.get(f"{at}/amendments/{overtaken.number}/").content.decode()
    assert "Nine." in page  # another's words stay
    assert reader.get(f"{at}/paper.pdf").content.startswith(b"%PDF")
    assert voted(hall, issue).poll is not None  # the vote opens all the same


def test_what_stood_on_the_paper_stays_and_what_nobody_wanted_there_goes(hall: Hall) -> None:
    issue, first = talked(hall)
    wanted = put(hall, "ben", issue, "One lamp.")
    hall.drafted("cleo", issue, "ada", "ben", "dai", "eva", "finn", title="Two lamps")
    lonely, carrying = put(hall, "dai", issue, FIVE), put(hall, "finn", issue, "A\nB")
    moved(hall, "gus", carrying, 1, 1, "C", "ada", "ben", "cleo", "dai", "eva")
    take_back(hall, "finn", carrying)
    alone = moved(hall, "eva", first, 1, 1, "Another.", reasons="I like it.")
    liked = moved(hall, "gus", first, 2, 2, "Liked.", "ada", "ben", "cleo", "dai", "eva")
    issue = voted(hall, issue)
    assert issue.alternatives.count() == 2
    assert no_draft(hall, "ada", first) == "words-on-the-ballot"
    assert no_draft(hall, "finn", carrying) == "words-on-the-ballot"
    assert no_amendment(hall, "gus", liked) == "words-on-the-ballot"
    for by, draft in (("dai", lonely), ("ben", wanted)):
        gone(hall, by, draft)
    gone(hall, "eva", alone)
    reader = Reader(hall.world, hall.now).enter("kit")
    at = f"/tidewater/issues/{issue.number}"
    assert STUB in reader.get(f"{at}/?draft={lonely.letter}").content.decode()
    assert STUB in reader.get(f"{at}/amendments/{alone.number}/").content.decode()
    assert STUB in reader.get(f"{at}/drafts/{first.letter}/").content.decode()
    assert reader.get(f"{at}/paper.pdf").content.startswith(b"%PDF")
    issue = hall.turned(issue)
    assert issue.stage == "decided"
    assert reader.get(f"{at}/").status_code == 200


def test_what_lapsed_goes_except_for_what_a_leader_raised(hall: Hall) -> None:
    issue, by_leader = hall.raised(), hall.raised("hal")
    draft, led = issue.drafts.get(), by_leader.drafts.get()
    assert hall.turned(issue).stage == "lapsed"
    assert hall.fresh(by_leader).stage == "lapsed"
    assert no_draft(hall, "hal", led) == "leaders-words-stay"
    gone(hall, "ada", draft)
    reader = Reader(hall.world, hall.now).enter("kit")
    page = reader.get(f"/tidewater/issues/{issue.number}/").content.decode()
    assert STUB in page
    assert "An erased draft" in page


def test_what_a_leader_put_as_one_stays_though_it_is_taken_back(hall: Hall) -> None:
    issue = hall.stood_in("answer")
    draft = put(hall, "hal", issue)
    change = moved(hall, "hal", issue.drafts.get(first=True), 1, 1, "Hal's.")
    for one in (draft, change):
        take_back(hall, "hal", one)
    assert no_draft(hall, "hal", draft) == "leaders-words-stay"
    assert no_amendment(hall, "hal", change) == "leaders-words-stay"


# --- Amendments --------------------------------------------------------------------------------------


def test_an_amendment_goes_with_its_reasons_once_it_is_taken_back(hall: Hall) -> None:
    issue, draft = talked(hall)
    row = moved(hall, "ben", draft, 2, 2, "Twice.", reasons="Shorter.", files=[pdf()])
    assert no_amendment(hall, "ben", row) == "take-it-back-first"
    child = move_amendment(
        hall.world.actor("cleo"), draft_id=draft.pk, parent_id=row.pk, version=1, operation="insert", first=2,
        last=1, text="And again.",
    ).value  # fmt: skip
    take_back(hall, "ben", row)
    assert no_amendment(hall, "cleo", row) == "not-your-words"
    assert no_amendment(hall, "ben", row) == "others-rest-on-it"
    take_back(hall, "cleo", child)
    reader = Reader(hall.world, hall.now).enter("ben")
    at = f"/tidewater/issues/{issue.number}"
    assert "erase/" in reader.get(f"{at}/amendments/{row.number}/").content.decode()
    gone(hall, "ben", row)
    assert no_amendment(hall, "ben", row) == "erased-already"
    assert hall.refused(erase_amendment, "ben", amendment_id="nothing") == "no-such-amendment"
    for page in (f"/amendments/{row.number}/", f"/amendments/{row.number}/?as=sides", "/drafts/A/"):
        assert STUB in reader.get(at + page).content.decode(), page
    assert "And again." in reader.get(f"{at}/amendments/{child.number}/").content.decode()
    assert "erase/" not in reader.get(f"{at}/amendments/{row.number}/").content.decode()
    bare = moved(hall, "dai", draft, 3, 3)
    take_back(hall, "dai", bare)
    assert no_amendment(hall, "dai", bare) == "nothing-to-erase"
    assert voted(hall, issue).poll is not None


def test_what_was_accepted_stays_with_its_text(hall: Hall) -> None:
    issue, draft = talked(hall)
    taken = moved(hall, "ben", draft, 2, 2, "Twice.")
    accept_amendment(hall.world.actor("ada"), amendment_id=taken.pk)
    assert no_amendment(hall, "ben", taken) == "amendment-accepted"
    voted(hall, issue)
    assert no_amendment(hall, "ben", taken) == "words-on-the-ballot"


def test_what_was_accepted_into_a_text_that_ended_goes(hall: Hall) -> None:
    issue, _ = talked(hall)
    other = put(hall, "cleo", issue)
    taken = moved(hall, "ben", other, 2, 2, "Twice.")
    accept_amendment(hall.world.actor("cleo"), amendment_id=taken.pk)
    take_back(hall, "cleo", other)
    assert no_draft(hall, "cleo", other) == "others-rest-on-it"
    voted(hall, issue)
    gone(hall, "ben", taken)
    gone(hall, "cleo", other)
    page = Reader(hall.world, hall.now).enter("kit").get(f"/tidewater/issues/{issue.number}/drafts/B/")
    assert STUB in page.content.decode()


# --- The page ----------------------------------------------------------------------------------------


def test_whoever_took_a_draft_back_finds_where_to_erase_it(hall: Hall) -> None:
    issue = hall.talked()
    draft = put(hall, "ben", issue)
    reader = Reader(hall.world, hall.now).enter("ben")
    at = f"/tidewater/issues/{issue.number}/drafts/{draft.letter}/"
    assert f"{at}erase/" not in reader.get(at).content.decode()
    assert reader.get(f"{at}erase/").status_code == 403
    take_back(hall, "ben", draft)
    assert f"{at}erase/" in reader.get(at).content.decode()
    assert "Erase draft B" in reader.get(f"{at}erase/").content.decode()


def test_whoever_has_left_erases_by_the_same_rule(hall: Hall) -> None:
    issue = hall.talked()
    said, draft, kept = hall.said("ben", issue), put(hall, "ben", issue), put(hall, "ben", issue, "Two.")
    take_back(hall, "ben", draft)
    leave(hall.world.actor("ben"))
    erase_contribution(hall.world.actor("ben"), contribution_id=said.pk)
    gone(hall, "ben", draft)
    assert no_draft(hall, "ben", kept) == "take-it-back-first"
