# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a draft would change is declared in its form, and shown wherever the draft is read."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation import facts
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Draft, Issue
from tests.deliberation.two_units import raised_in, two_branches
from tests.web.hall import Hall
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db
BOARD = {
    "effect0": "create_post", "name0": "Reading Room", "seats0": "3", "term_days0": "365", "leading0": "no",
}  # fmt: skip
WORDS = {"title": "A reading room", "text": "Why not.", "draft_title": "Three of us", "draft_text": "A room."}


def raised(hall: Hall, **more: str) -> Issue:
    answer = send(hall.enter("ada"), "/tidewater/issues/new/", unit_id=hall.world.unit().pk, **WORDS, **more)
    assert answer.status_code == 200, says(answer)
    return Issue.objects.get()


def test_a_new_post_is_declared_shown_on_issue_draft_and_ballot_and_made_by_the_count(hall: Hall) -> None:
    issue = raised(hall, **BOARD)
    said = "A new post, “Reading Room”, filled by election:"
    at = f"/tidewater/issues/{issue.number}/"
    for address in (at, at + "drafts/A/"):
        assert said in says(hall.enter("ben").get(address))
    issue = hall.move_on(issue, "vote")
    page = says(hall.enter("ben").get(f"/tidewater/votes/{issue.poll_id}/"))
    assert "What this would change by itself" in page
    assert said in page
    hall.move_on(issue, "decided")
    assert str(Post.objects.order_by("-created_at")[0].title) == "Reading Room"
    assert "Reading Room" in says(hall.enter("ben").get("/tidewater/elections/"))


def test_a_text_alone_changes_nothing(hall: Hall) -> None:
    issue = raised(hall)
    assert facts.effects_of(Draft.objects.get()) == ()
    assert "would change by itself" not in says(hall.enter("ben").get(f"/tidewater/issues/{issue.number}/"))


def test_effects_are_put_anew_and_another_one_is_added(hall: Hall) -> None:
    issue = hall.move_on(raised(hall, **BOARD), "talk")
    form = hall.enter("ada").get(f"/tidewater/issues/{issue.number}/drafts/A/revise/").context["form"]
    assert form["name0"].value() == "Reading Room"
    assert form.many == 2
    chair = Post.objects.order_by("created_at")[0]
    answer = send(
        hall.enter("ada"), f"/tidewater/issues/{issue.number}/drafts/A/revise/",
        title="Three of us", text="A room.", **{**BOARD, "seats0": "5"}, effect1="end_post", post1=chair.pk,
    )  # fmt: skip
    assert answer.status_code == 200
    assert "A draft declared a change that needs the long times" in says(answer)
    send(
        hall.enter("ada"), f"/tidewater/issues/{issue.number}/drafts/A/revise/",
        title="Three of us", text="A room.", **{**BOARD, "seats0": "5"},
    )  # fmt: skip
    assert facts.effects_of(Draft.objects.get())[0].seats == 5


def test_a_big_decision_may_end_or_change_a_leading_post(hall: Hall) -> None:
    chair = Post.objects.get()
    issue = raised(hall, big="on", effect0="change_post", post0=chair.pk, term_days0="200", pay0="250")
    assert facts.effects_of(Draft.objects.get()) == (
        Effect("change_post", chair.pk, term_days=200, pay=25_000),
    )
    page = says(hall.enter("ben").get(f"/tidewater/issues/{issue.number}/"))
    assert (
        "The post “Chair”, for elections that open later: a term of 200 days; a pay of 250.00 a month."
        in page
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"effect0": "end_post"}, "Something is missing"),
        ({**BOARD, "term_days0": "99999"}, "Ensure this value"),
        ({**BOARD, "term_days0": "3000"}, "lasts at most"),
    ],
)
def test_what_cannot_be_is_said(hall: Hall, fields: dict[str, str], words: str) -> None:
    answer = send(
        hall.enter("ada"), "/tidewater/issues/new/", unit_id=hall.world.unit().pk, **WORDS, **fields
    )
    assert answer.status_code == 422
    assert words in says(answer)
    assert 'value="A reading room"' in answer.content.decode(), "what was typed is beside it"
    assert not Issue.objects.exists()


def offered(hall: Hall, name: str, address: str) -> dict[str, set[str]]:
    """What somebody may choose from in each field of the last change of a form."""
    form = hall.enter(name).get(address).context["form"]
    last = form.rows()[-1]
    return {
        one.name[:-1]: {
            str(value)
            for key, said in one.field.choices
            for value in ([key] if isinstance(said, str) else dict(said))
            if value
        }
        for one in last
        if hasattr(one.field, "choices")
    }


def test_a_draft_is_offered_what_its_unit_may_change_and_posts_of_no_other(now) -> None:
    branches = two_branches(now)
    hall, ferry = Hall(branches.world, now), branches.world.unit("Ferry Crews")
    ours = {Post.objects.get(unit=ferry).pk}
    issue = raised_in(branches, "Ferry Crews")
    found = offered(hall, "kit", f"/tidewater/issues/{issue.number}/drafts/new/")
    assert found["effect"] == {"create_post", "change_post", "end_post", "rename_unit", "merge_units"}
    assert found["post"] == ours
    raising = offered(hall, "kit", "/tidewater/issues/new/")
    assert raising["post"] == ours | {Post.objects.get(unit__parent=None).pk}
    assert "set_limit" in raising["effect"]
    assert raising["joining"] == {"vouched"}, "it is open as it stands"


def test_when_the_talk_is_over_a_draft_declares_what_another_did_or_nothing(hall: Hall) -> None:
    issue = hall.move_on(raised(hall, **BOARD), "reply")
    at = f"/tidewater/issues/{issue.number}/drafts/new/"
    form = hall.enter("ben").get(at).context["form"]
    assert [words.partition(",")[0] for _at, words in form.fields["still"].choices] == [
        "nothing: the text alone",
        "A new post",
    ]
    answer = send(hall.enter("ben"), at, title="As well", text="A room.", still="1")
    assert answer.status_code == 200, says(answer)
    declared = [facts.effects_of(draft) for draft in Draft.objects.order_by("letter")]
    assert declared[0] == declared[1] != ()
