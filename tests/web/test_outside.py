# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scrutineers' pages: what they take along from a ballot held outside, and what they bring back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kollontai.chapters.voting.models import OutsideEntry, Poll
from tests.elections.test_outside import BALLOTS, file_of, poll, voting, world
from tests.web.hall import Hall
from tests.web.test_elections import recounts, says, send

__all__ = ["poll", "voting", "world"]
pytestmark = pytest.mark.django_db


def ballots(text: str | bytes) -> SimpleUploadedFile:
    data = text.encode() if isinstance(text, str) else text
    return SimpleUploadedFile("board.blt", data, "text/plain")


def test_the_ballot_is_not_cast_here_and_everybody_reads_where_it_stands(world, poll, now) -> None:
    hall = Hall(world, now)
    page = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/"))
    assert "you get your paper from them" in page
    assert "For scrutineers" not in says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/outside/"))
    assert "For scrutineers" in says(hall.enter("eva").get(f"/tidewater/votes/{poll.pk}/outside/"))
    assert "Enter the ballots of a vote held outside" in says(hall.enter().get("/tidewater/posts/powers/"))


def test_roll_and_paper_are_taken_along_by_scrutineers_alone(world, poll, now) -> None:
    hall = Hall(world, now)
    for name in ("roll.csv", "paper.csv", "ballots.blt"):
        address = f"/tidewater/votes/{poll.pk}/outside/files/{name}"
        answer = hall.enter("eva").get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert hall.enter("ada").get(address).status_code == 404
        assert hall.enter().get(address).status_code == 403
    assert hall.enter("eva").get(f"/tidewater/votes/{poll.pk}/outside/files/keys").status_code == 404


def test_two_enter_the_same_and_it_is_counted_here(world, poll, now, tmp_path) -> None:
    hall, address = Hall(world, now), f"/tidewater/votes/{poll.pk}/outside/"
    early = hall.enter("eva").get(address + "enter/")
    assert early.status_code == 403
    now.pass_to(poll.closes_at)
    now.move(minutes=1)
    assert hall.enter("ada").get(address + "enter/").status_code == 403
    right = file_of(world, poll, *BALLOTS)
    eva, finn = hall.enter("eva"), hall.enter("finn")
    no_text = send(eva, address + "enter/", report="Held.", file=ballots(b"\xff\xfe"))
    assert "This is no text in UTF-8: byte 1" in says(no_text)
    answer = send(eva, address + "enter/", report="Held at the town hall.", file=ballots(right))
    assert "It waits for the second one." in says(answer)
    assert "Held at the town hall." in says(hall.enter("ada").get(address))
    now.move(minutes=5)
    other = send(
        finn, address + "enter/", report="Held.", file=ballots(file_of(world, poll, "5 ada", "1 ben"))
    )
    assert other.status_code == 422
    assert "The two counts differ" in says(other)
    now.move(minutes=5)
    assert "It is taken back." in says(send(eva, address + "take-back/"))
    assert eva.get(address + "take-back/").status_code == 403
    for client in (eva, finn):
        now.move(minutes=5)
        send(client, address + "enter/", report="Held.", file=ballots(right))
    assert Poll.objects.get(pk=poll.pk).state == "counted"
    assert OutsideEntry.objects.count() == 3
    result = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/"))
    assert "Held outside" in result
    assert "Ada and Ben are elected" in result
    assert "Their reports" in result
    recounts(hall, Poll.objects.get(pk=poll.pk), tmp_path)
    blt = hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/files/count.blt").content.decode()
    assert blt.split("\n")[0] == f"{len(poll.options)} 2"
    for other in ("ballots.json", "sealed.json", "keys"):
        assert hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/files/{other}").status_code == 404
