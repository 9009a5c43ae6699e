# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars: what stands in them, that programs can read them, and that an address ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from icalendar import Calendar

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.deliberation.acts.call_big import call_big
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.models import Election
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.followers import feed
from tests.elections import hall as elections
from tests.web.hall import NAMES, Hall, built

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    return built(now)


def events(data: bytes) -> dict[str, Any]:
    return {str(one["UID"]).partition("@")[0]: one for one in Calendar.from_ical(data).walk("VEVENT")}


def of(hall: Hall, name: str) -> dict[str, Any]:
    return events(feed.of_member(hall.world.member(name), at=hall.now.time))


def start(event: Any) -> datetime:
    found: datetime = event["DTSTART"].dt
    return found


def test_the_end_of_a_stage_stands_in_it_in_utc_without_a_title(hall: Hall) -> None:
    issue = hall.at_talk()
    event = of(hall, "ada")[f"issue-{issue.pk}-talk-ends"]
    assert start(event) == issue.stage_ends_at
    assert start(event).utcoffset() is not None
    assert str(event["SUMMARY"]) == "Issue 1 (Tidewater Federation): the members’ talk ends"
    assert str(event["URL"]).endswith("/tidewater/issues/1/")
    data = feed.of_member(hall.world.member("ada"), at=hall.now.time)
    assert b"DTSTART:20" in data
    assert b"kettle" not in data
    assert b"Ada" not in data


def test_a_talk_that_begins_anew_keeps_its_uid_moves_and_says_so(hall: Hall) -> None:
    issue = hall.at_talk()
    uid = f"issue-{issue.pk}-talk-ends"
    before = of(hall, "ada")[uid]
    hall.now.move(days=1)
    for name in ("ada", "ben"):
        call_big(hall.world.actor(name), issue_id=issue.pk)
    after = of(hall, "ada")[uid]
    assert start(after) == Issue.objects.get(pk=issue.pk).stage_ends_at > start(before)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_vote_opens_and_closes_in_the_calendars_of_its_roll(hall: Hall) -> None:
    issue = hall.at("vote")
    poll = Poll.objects.get(pk=issue.poll_id)
    found = of(hall, "ada")
    assert start(found[f"vote-{poll.pk}-opens"]) == poll.opens_at
    assert start(found[f"vote-{poll.pk}-closes"]) == poll.closes_at
    assert str(found[f"vote-{poll.pk}-closes"]["TRANSP"]) == "TRANSPARENT"


def test_a_vote_that_closes_because_all_have_voted_moves(hall: Hall) -> None:
    poll = Poll.objects.get(pk=hall.at("vote").poll_id)
    for name in NAMES:
        cast_ballot(hall.world.actor(name), poll_id=poll.pk, choice="yes")
    hall.now.move(minutes=1)
    hall.now.pass_to(hall.now.time)
    event = of(hall, "ada")[f"vote-{poll.pk}-closes"]
    assert start(event) == Poll.objects.get(pk=poll.pk).closed_at < poll.closes_at
    assert int(event["SEQUENCE"]) == 1


def test_what_is_over_for_a_month_stands_there_no_longer(hall: Hall) -> None:
    poll = Poll.objects.get(pk=hall.at("vote").poll_id)
    hall.now.pass_to(poll.closes_at + feed.KEPT)
    assert f"vote-{poll.pk}-closes" in of(hall, "ada")
    hall.now.move(minutes=1)
    assert f"vote-{poll.pk}-closes" not in of(hall, "ada")


def test_the_world_sees_nominations_alone(hall: Hall, now: Any) -> None:
    hall.at("vote")
    found = events(feed.of_world(hall.world.organisation, at=now.time))
    assert {uid.partition("-")[0] for uid in found} <= {"election"}


def test_nominations_stand_in_both(now: Any) -> None:
    world = elections.house()
    election = Election.objects.get()
    for data in (
        feed.of_world(world.organisation, at=now.time), feed.of_member(world.member("ada"), at=now.time),
    ):  # fmt: skip
        found = events(data)
        assert start(found[f"election-{election.pk}-opens"]) == election.opened_at
        assert start(found[f"election-{election.pk}-closes"]) == election.closes_at


def test_of_a_post_that_members_ended_no_calendar_says_that_nominations_close(now: Any) -> None:
    world, of = elections.ended_while_nominating(now)
    for data in (
        feed.of_world(world.organisation, at=now.time), feed.of_member(world.member("ada"), at=now.time),
    ):  # fmt: skip
        assert not [uid for uid in events(data) if of.pk in uid]


def test_the_same_calendar_is_the_same_bytes(hall: Hall) -> None:
    hall.at_talk()
    ada = hall.world.member("ada")
    assert feed.of_member(ada, at=hall.now.time) == feed.of_member(ada, at=hall.now.time)


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says(now: Any) -> None:
    from tests.world import founded

    world = founded(
        name="Föderation der Fähren, Bäckereien; und aller, die früh aufstehen müssen, an der Küste"
    )
    data = feed.of_member(world.member("ada"), at=now.time)
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert str(Calendar.from_ical(data)["X-WR-CALNAME"]) == str(world.organisation.name)


def test_a_calendar_in_which_nothing_stands_is_a_valid_one(now: Any) -> None:
    from tests.world import founded

    world = founded()
    for data in (
        feed.of_world(world.organisation, at=now.time), feed.of_member(world.member("ada"), at=now.time),
    ):  # fmt: skip
        assert not events(data)
        Calendar.from_ical(data).validate()


# --- Its address ---------------------------------------------------------------------------------------


def path_of(address: str) -> str:
    assert address.startswith("http://localhost:8000/")
    return address.removeprefix("http://localhost:8000")


def test_whoever_knows_the_address_can_read_it_until_it_is_changed_or_ended(hall: Hall, client: Any) -> None:
    ada = hall.world.member("ada")
    assert feed.address_of(ada) == ""
    first = feed.make(ada)
    answer = client.get(path_of(first))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "private" in answer["Cache-Control"]
    second = feed.make(ada)
    assert client.get(path_of(first)).status_code == 404
    assert client.get(path_of(second)).status_code == 200
    feed.end(ada)
    assert client.get(path_of(second)).status_code == 404
    third = feed.make(ada)
    assert third not in (first, second)


def test_an_address_cannot_be_guessed_from_another(hall: Hall, client: Any) -> None:
    ada, ben = hall.world.member("ada"), hall.world.member("ben")
    address = path_of(feed.make(ada))
    feed.make(ben)
    assert client.get(address.replace(ada.pk, ben.pk)).status_code == 404
    assert client.get("/tidewater/calendar/x.ics").status_code == 404


def test_who_has_left_has_no_calendar(hall: Hall, client: Any) -> None:
    address = path_of(feed.make(hall.world.member("leo")))
    leave(hall.world.actor("leo"))
    assert client.get(address).status_code == 404


def test_the_calendar_for_the_world_is_open(hall: Hall, client: Any) -> None:
    answer = client.get("/tidewater/calendar/public.ics")
    assert answer.status_code == 200
    assert Calendar.from_ical(answer.content)["VERSION"] == "2.0"
