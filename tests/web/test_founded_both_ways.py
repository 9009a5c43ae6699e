# SPDX-License-Identifier: AGPL-3.0-or-later
"""One founding with posts that were filled before and posts that nobody held: both on pages, side by side."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.act import tick
from kollontai.chapters.voting.models import Poll
from tests.elections.hall import council, election, holders, treasurer
from tests.web.hall import Hall
from tests.web.test_elections import ranks, says, send
from tests.world import founded, founders, held_by

pytestmark = pytest.mark.django_db
NAMES = ("ada", "ben", "cleo", "dai", "eva", "finn")


def test_who_was_elected_before_is_confirmed_and_what_is_left_is_filled_by_election(now) -> None:
    board = held_by("ada ben", title="Board", seats=3)
    world = founded(listed=founders(*NAMES), posts=(board, treasurer(), council(title="Press", seats=2)))
    tick()
    hall = Hall(world, now)
    of = {str(post.title): post for post in Post.objects.select_related("title")}
    page = says(hall.enter("eva").get("/tidewater/posts/"))
    assert "At the members’ vote" in page
    assert holders() == [], "nobody holds anything yet"
    opened = {one.post_id for one in Election.objects.all()}
    assert opened == {of["Treasurer"].pk, of["Press"].pk}, (
        "what nobody held is filled at once; the board waits"
    )

    # Both are voted on by page; ada is confirmed, ben is not.
    asked = {poll.pk: poll for poll in Poll.objects.filter(about="confirmation")}
    for claim in of["Board"].claims.all():
        name = next(name for name, pk in world.people.items() if pk == claim.member_id)
        for voter in ("ben", "cleo", "dai"):  # who signed after the founding came too late for this
            choice = "yes" if name == "ada" else "no"
            form = {"choice": choice, "form_key": f"{claim.poll}{voter}"}
            answer = hall.enter(voter).post(f"/tidewater/votes/{claim.poll}/cast/", form, follow=True)
            assert "It is in the box" in says(answer)
    now.pass_to(max(poll.closes_at for poll in asked.values()))
    assert holders() == [world.people["ada"]]
    page = says(hall.enter("eva").get(f"/tidewater/posts/{of['Board'].pk}/"))
    assert "lected before" in page

    # In the same minute nominations open for what is free in the board: two seats.
    found = {one.post_id: one.seats for one in Election.objects.all()}
    assert found == {of["Board"].pk: 2, of["Treasurer"].pk: 1, of["Press"].pk: 2}
    home = says(hall.enter("ben").get("/tidewater/"))
    assert "Nominations" in home or "nominations" in home

    # ben, who was not confirmed, may stand like anybody; ada keeps her seat meanwhile.
    for name in ("ben", "cleo"):
        answer = send(
            hall.enter(name), f"/tidewater/elections/{election(post=of['Board']).pk}/stand/", statement="Me."
        )
        assert "You stand." in says(answer)
    send(
        hall.enter("dai"), f"/tidewater/elections/{election(post=of['Treasurer']).pk}/stand/", statement="Me."
    )
    now.pass_to(election(post=of["Board"]).closes_at)
    for title, names in (("Board", ("cleo", "ben")), ("Treasurer", ("dai",))):
        poll = Poll.objects.get(pk=election(post=of[title]).poll)
        for voter in ("ada", "eva", "finn"):
            answer = hall.enter(voter).post(f"/tidewater/votes/{poll.pk}/cast/", ranks(hall, poll, *names))
            assert "It is in the box" in says(answer)
    now.pass_to(max(poll.closes_at for poll in Poll.objects.all()))
    board_holders = {
        term.member_id: term.how for term in Term.objects.filter(post=of["Board"], ended_at=None)
    }
    assert board_holders == {
        world.people["ada"]: "confirmed", world.people["cleo"]: "elected", world.people["ben"]: "elected",
    }  # fmt: skip
    assert holders(of["Treasurer"]) == [world.people["dai"]]
    assert election(post=of["Press"]).state == "empty", "nobody stood; it opens again by itself"

    # The confirmed term ends on its own day, and is followed by an election of that one seat.
    confirmed = Term.objects.get(how="confirmed")
    now.pass_to(confirmed.ends_at)
    after = Election.objects.get(post=of["Board"], why="term-over", begins_at=confirmed.ends_at)
    assert (after.seats, after.fills) == (1, [confirmed.pk])
    page = says(hall.enter("eva").get("/tidewater/posts/"))
    for words in ("Board", "Treasurer", "Press", "Cleo", "Dai"):
        assert words in page
