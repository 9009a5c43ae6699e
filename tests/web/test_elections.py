# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections as people walk through them: put forward, stand, vote in secret, the result, the vacancy."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.bodies.rules import Founder
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.voting import lots
from kollontai.chapters.voting.acts.add_to_lot import add_to_lot
from kollontai.chapters.voting.models import LotShare, Poll, Voter
from kollontai.cli.count import count
from kollontai.web.pages import results
from tests.elections import hall as halls
from tests.elections.hall import candidates, council, elected_house, house, to_the_count, to_the_vote, vote
from tests.web.hall import NAMES, Hall, form_key
from tests.web.test_cost import queries
from tests.world import founded, founders

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db, now) -> Hall:
    """An organisation whose council is being nominated."""
    return Hall(house(council()), now)


def says(answer: Any) -> str:
    """The page in one line of words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client: Any, address: str, **fields: Any) -> Any:
    """Send the form of a page."""
    page = client.get(address)
    assert page.status_code == 200, says(page)
    return client.post(address, {"form_key": form_key(page.content.decode()), **fields}, follow=True)


def at(of: Election, way: str = "") -> str:
    return f"/tidewater/elections/{of.pk}/{way}"


def a_picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(file, "PNG")
    return SimpleUploadedFile("me.png", file.getvalue(), "image/png")


# --- Nominations -------------------------------------------------------------------------------------


def test_a_member_is_looked_for_put_forward_asked_and_stands_by_their_own_yes(hall: Hall) -> None:
    of, ada, ben = halls.election(), hall.enter("ada"), hall.enter("ben")
    assert "Put somebody forward" in says(ada.get(at(of)))
    assert "Nobody who can stand here" in says(ada.get(at(of, "put-forward/"), {"q": "zz"}))
    found = ada.get(at(of, "put-forward/"), {"q": "bE"})
    assert "Ben" in says(found)
    assert "Cleo" not in says(found)
    answer = send(ada, at(of, "put-forward/") + "?q=ben", q="ben", nominee=hall.world.people["ben"])
    assert "They are put forward, and asked." in says(answer)
    assert "Put forward, and not answered yet" in says(answer)

    needs = says(ben.get("/tidewater/"))
    assert "Ada has put you forward" in needs
    assert "has put you forward" in says(ben.get(at(of)))
    answer = send(ben, at(of, "stand/"), statement="I mend *nets*.", picture=a_picture())
    assert "You stand." in says(answer)
    page = hall.enter("cleo").get(at(of))
    assert "<em>nets</em>" in page.content.decode()
    assert "put forward by Ada" in says(page)


def test_nobody_is_put_forward_without_being_chosen_or_twice(hall: Hall) -> None:
    of, ada = halls.election(), hall.enter("ada")
    answer = send(ada, at(of, "put-forward/") + "?q=ben", q="ben")
    assert answer.status_code == 422
    assert "Choose one of them." in says(answer)
    nominate(hall.world.actor("cleo"), election_id=of.pk, nominee=hall.world.people["ben"])
    assert "Nobody who can stand here" in says(ada.get(at(of, "put-forward/"), {"q": "ben"}))


def test_who_is_put_forward_may_say_no(hall: Hall) -> None:
    of, ben = halls.election(), hall.enter("ben")
    assert ben.get(at(of, "no/")).status_code == 403
    nominate(hall.world.actor("ada"), election_id=of.pk, nominee=hall.world.people["ben"])
    assert "You said no." in says(send(ben, at(of, "no/")))
    assert "has put you forward" not in says(ben.get("/tidewater/"))
    assert "1 said no, or stands no longer" in says(ben.get(at(of)))


def test_a_statement_is_put_anew_keeps_its_picture_and_every_version_stays_readable(hall: Hall) -> None:
    of, ada = halls.election(), hall.enter("ada")
    send(ada, at(of, "stand/"), statement="I mend nets.", picture=a_picture())
    answer = send(ada, at(of, "revise/"), statement="I mend nets and roofs.")
    assert "Your new statement stands." in says(answer)
    first, second = CandidacyVersion.objects.order_by("version")
    assert second.picture is not None
    page = hall.enter("ben").get(at(of, f"candidates/{hall.world.people['ada']}/"))
    assert "What version 2 changed" in says(page)
    send(ada, at(of, "revise/"), statement="No face.", without="on")
    assert CandidacyVersion.objects.order_by("-version")[0].picture is None
    assert first.version == 1


def test_a_picture_is_a_small_square_for_members_alone_and_for_ever(hall: Hall) -> None:
    of, ada = halls.election(), hall.enter("ada")
    send(ada, at(of, "stand/"), statement="I mend nets.", picture=a_picture())
    shown = CandidacyVersion.objects.get().picture
    assert shown is not None
    address = at(of, f"pictures/{shown.commitment}.jpg")
    assert address in hall.enter("ben").get(at(of)).content.decode()
    answer = hall.enter("ben").get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "image/jpeg", "private, max-age=31536000, immutable",
    )  # fmt: skip
    assert Image.open(io.BytesIO(answer.content)).size == (320, 320)
    assert hall.enter().get(address).status_code == 403
    assert hall.enter("ben").get(at(of, "pictures/nothing.jpg")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"statement": ""}, "a few lines are enough"),
        ({"statement": "x" * 1_900 + "\n" + "y" * 1_900 + "\n" + "z" * 1_900}, "there is room for 5,000"),
        (
            {"statement": "Me.", "picture": SimpleUploadedFile("me.png", b"no picture")},
            "can’t be read as a picture",
        ),
    ],
)
def test_what_cannot_be_used_is_said_and_what_was_written_is_kept(
    hall: Hall, fields: Any, words: str
) -> None:
    answer = send(hall.enter("ada"), at(halls.election(), "stand/"), **fields)
    assert answer.status_code == 422
    assert words in says(answer)
    assert not Candidacy.objects.exists()


def test_a_candidate_stands_no_longer(hall: Hall) -> None:
    of, ada = candidates(hall.world, "ada"), hall.enter("ada")
    assert hall.enter("ben").get(at(of, "withdraw/")).status_code == 403
    assert "You stand no longer." in says(send(ada, at(of, "withdraw/")))
    assert Candidacy.objects.get().state == "withdrawn"


def test_a_closed_door_says_why(hall: Hall, now) -> None:
    of = candidates(hall.world, "ada")
    to_the_vote(now, of)
    for way in ("stand/", "put-forward/", "withdraw/", "revise/"):
        answer = hall.enter("ada").get(at(of, way))
        assert answer.status_code == 403
        assert "Nominations closed Sunday 15 Feb, 20:00." in says(answer)


def test_everybody_may_read_the_list_and_the_world_no_names(hall: Hall) -> None:
    of = candidates(hall.world, "ada")
    for client in (hall.enter(), hall.enter("ben")):
        assert "Council, 3 seats" in says(client.get("/tidewater/elections/"))
        assert client.get(at(of)).status_code == 200
    assert "I am ada." in says(hall.enter("ben").get(at(of)))
    assert "I am ada." not in says(hall.enter().get(at(of)))
    assert "Ada" not in says(hall.enter().get(at(of)))
    notice = says(hall.enter("ben").get(at(of, "notice/")))
    assert "Notice of election" in notice
    assert f"localhost:8000{at(of)}" in notice
    assert "from Sunday 15 Feb, 20:00 until Sunday 22 Feb, 20:00" in notice
    assert "Ada" in notice


def test_nobody_stands_is_said_with_what_comes_next(hall: Hall, now) -> None:
    of = halls.election()
    now.pass_to(of.closes_at)
    page = says(hall.enter("ada").get(at(of)))
    assert "Nobody stood, so nobody was voted on." in page
    assert "Nominations open again about 17 March" in page
    assert "After 2 such rounds the members are asked whether to drop the post." in page
    now.pass_days(31)
    again = halls.election()
    page = says(hall.enter("ada").get(at(again)))
    assert "round 2" in page
    assert "members who have served their terms may stand too, for half a term" in page
    assert "The next round" in says(hall.enter("ada").get(at(of)))


def test_the_page_of_a_post_that_ended_says_so_in_place_of_its_buttons(now) -> None:
    world, of = halls.ended_while_nominating(now)
    hall = Hall(world, now)
    finn = hall.enter("finn")
    assert finn.get(at(of)).status_code == 200
    page = says(finn.get(at(of)))
    assert "nobody is elected to it any more" in page
    assert "Closed without a vote, for the post has ended" in page
    assert "Stand yourself" not in page
    assert "Put somebody forward" not in page
    for way in ("stand/", "put-forward/"):
        refused = finn.get(at(of, way))
        assert refused.status_code == 403
        assert "nobody is elected to it any more" in says(refused)
    assert "Nominations close without a vote" in says(finn.get("/tidewater/elections/"))
    assert str(of.post.title) not in says(finn.get("/tidewater/notices/print/"))
    asked = says(hall.enter("cleo").get(at(of)))
    assert "Say no" in asked
    assert "Say yes, and stand" not in asked
    assert "has put you forward" not in says(hall.enter("cleo").get("/tidewater/"))
    standing = says(hall.enter("ben").get(at(of)))
    assert "Stand no longer" in standing
    assert "nobody is elected to it any more" in standing
    now.pass_to(of.closes_at)
    over = says(finn.get(at(of)))
    assert "The post has ended; nobody was voted on." in over
    assert "Nobody stood" not in over
    assert "Nominations open again" not in over
    assert "The post had ended" in says(finn.get("/tidewater/elections/"))


def test_pages_of_elections_take_few_queries_however_many_stand(hall: Hall, now) -> None:
    of = candidates(hall.world, "ada")
    ben = hall.enter("ben")
    few = queries(ben, at(of))
    candidates(hall.world, "cleo", "dai", "eva", of=of)
    assert queries(ben, at(of)) == few <= 26
    poll = to_the_vote(now, of)
    assert queries(ben, f"/tidewater/votes/{poll.pk}/") <= 26
    assert queries(ben, "/tidewater/elections/") <= 16


# --- The ballot --------------------------------------------------------------------------------------


@pytest.fixture
def poll(hall: Hall, now) -> Poll:
    """An open vote on four who stand for three seats."""
    return to_the_vote(now, candidates(hall.world, "ada", "ben", "cleo", "dai"))


def ranks(hall: Hall, poll: Poll, *names: str) -> dict[str, str]:
    """Numbers beside names, in their order."""
    places = {option: place for place, option in enumerate(poll.options)}
    return {
        f"rank{places[hall.world.people.get(name, name)]}": str(number)
        for number, name in enumerate(names, 1)
    }


def test_the_paper_stands_as_it_was_frozen_with_re_open_nominations_last(hall: Hall, poll: Poll) -> None:
    pages = [hall.enter(name).get(f"/tidewater/votes/{poll.pk}/").content.decode() for name in ("ada", "eva")]
    for page in pages:
        names = re.findall(r'<label for="id_rank\d">(\w[\w -]*)', page)
        people = {pk: name.title() for name, pk in hall.world.people.items()}
        assert [name.strip() for name in names] == [
            people.get(pk, "Re-open nominations") for pk in poll.options
        ]
        assert page.count("I am ") == 4
        assert "Secret (server trusted)" in page
        assert "look at ballots as they come in" in page
        assert "This paper has 5 ranks" in page


def test_people_of_one_name_are_told_apart_by_unit_and_place_on_the_paper(now) -> None:
    world = founded(
        posts=[council(seats=1)],
        listed=(*founders("ada", "ben", "eva"), Founder("ADA", "other@example.org", "Kiln Lane")),
    )
    tick()
    poll = to_the_vote(now, candidates(world, "ada", "ben", "other"))
    page = Hall(world, now).enter("eva").get(f"/tidewater/votes/{poll.pk}/").content.decode()
    place = {name: poll.options.index(world.people[name]) + 1 for name in ("ada", "other")}
    assert f"Ada, {world.organisation.name}, Number {place['ada']} on the paper" in page
    assert f"ADA, Kiln Lane, Number {place['other']} on the paper" in page
    assert page.count(" on the paper") == 4, "each beside the field and over their words; Ben is Ben"


def test_a_ballot_is_looked_over_cast_and_its_receipt_stands_in_that_one_answer(
    hall: Hall, poll: Poll
) -> None:
    ada, address = hall.enter("ada"), f"/tidewater/votes/{poll.pk}/"
    fields = {**ranks(hall, poll, "ada", "ron"), "code": "Tram"}
    look = ada.post(address + "look/", fields)
    assert "Re-open nominations" in says(look)
    assert "Your check code will begin with tram" in says(look)
    assert look["Cache-Control"] == "no-store"
    answer = ada.post(address + "cast/", fields)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    code = re.search(r'aria-hidden="true">(\w{4}) (\w{5})</span></b>', answer.content.decode())
    assert code is not None
    assert code[1] == "tram"
    assert "kollontai/promise/v1" in answer.content.decode()
    assert re.search(r"\b[0-9a-f]{64}\b", answer.content.decode())


def test_whoever_comes_to_vote_for_the_first_time_costs_few_queries(hall: Hall, poll: Poll) -> None:
    """In a crowd nearly everybody does: what is alike for all is asked once, the rest by hand."""
    address = f"/tidewater/votes/{poll.pk}/"
    hall.enter("eva").get(address)
    ada, fields, taken = hall.enter("ada"), ranks(hall, poll, "ben", "cleo"), {}
    for way in ("", "look/", "cast/"):
        with CaptureQueriesContext(connection) as captured:
            answer = ada.post(address + way, fields) if way else ada.get(address)
        assert answer.status_code == 200
        taken[way] = len(captured)
    assert "It is in the box" in says(answer)
    most = {"": 11, "look/": 4, "cast/": 24}
    assert {way: many for way, many in taken.items() if many > most[way]} == {}


def test_one_thing_less_waits_as_soon_as_a_secret_ballot_is_cast(hall: Hall, poll: Poll) -> None:
    """It leaves no entry by which a page could see that something has changed."""

    def waiting(name: str) -> list[str]:
        page = hall.enter(name).get("/tidewater/charter/").content.decode()
        return re.findall(r"<b>(\d+)<span", page)

    before = {name: waiting(name) for name in ("ada", "ben")}
    vote(hall.world, poll, "ada", "ben")
    now_waiting = {name: waiting(name) for name in ("ada", "ben")}
    assert before == {"ada": ["1"], "ben": ["1"]}
    assert now_waiting == {"ada": [], "ben": ["1"]}
    assert "Number those who stand" not in says(hall.enter("ada").get("/tidewater/"))
    assert "Number those who stand" in says(hall.enter("ben").get("/tidewater/"))


def test_the_paper_that_members_share_is_no_strangers_and_ends_with_the_vote(
    hall: Hall, poll: Poll, now
) -> None:
    address = f"/tidewater/votes/{poll.pk}/"
    for _ in range(2):  # kept by then
        assert "Look it over" in says(hall.enter("ada").get(address))
        assert hall.enter().get(address).status_code == 403
    assert "Not yours to vote here" not in says(hall.enter("ada").get(address))
    vote(hall.world, poll, "ada", "ben")
    assert "Your ballot is in the box already" in says(hall.enter("ada").get(address))
    assert "Look it over" in says(hall.enter("ben").get(address))
    now.pass_to(poll.closes_at)
    for name in ("ada", "ben"):
        assert "Look it over" not in says(hall.enter(name).get(address))


def test_a_paper_is_read_in_the_language_of_its_reader(hall: Hall, poll: Poll) -> None:
    address = f"/tidewater/votes/{poll.pk}/"
    ada, ben = hall.enter("ada"), hall.enter("ben")
    ada.post("/account/language/", {"language": "de", "next": address})
    for _ in range(2):  # kept by then
        assert "Durchsehen" in says(ada.get(address))
        assert "Look it over" not in says(ada.get(address))
        assert "Look it over" in says(ben.get(address))


def test_code_and_promise_are_kept_nowhere(hall: Hall, poll: Poll, django_assert_num_queries) -> None:
    ada, address = hall.enter("ada"), f"/tidewater/votes/{poll.pk}/"
    fields = {**ranks(hall, poll, "ada"), "code": "qxzj"}
    answer = ada.post(address + "cast/", fields)
    page = answer.content.decode()
    server = re.search(r'aria-hidden="true">qxzj (\w{5})</span></b>', page)
    sealed = re.search(r"\b[0-9a-f]{64}\b", page)
    assert server is not None
    assert sealed is not None
    assert "Set-Cookie" not in answer or "qxzj" not in str(answer.cookies)
    kept = "".join(str(one.get_decoded()) for one in Session.objects.all())
    for secret in (f"qxzj{server[1]}", server[1], sealed[0], "promise"):
        assert secret not in kept
        assert secret not in says(ada.get(address))
        assert secret not in says(ada.get("/tidewater/mine/"))
        assert secret not in says(ada.get("/tidewater/"))
    assert not EntryRow.objects.filter(kind="ballot.cast").exists()


def test_a_second_sending_says_that_the_ballot_is_in_the_box(hall: Hall, poll: Poll) -> None:
    ada, address = hall.enter("ada"), f"/tidewater/votes/{poll.pk}/"
    assert "It is in the box" in says(ada.post(address + "cast/", ranks(hall, poll, "ada")))
    answer = ada.post(address + "cast/", ranks(hall, poll, "ben"))
    assert "Your ballot is in the box already" in says(answer)
    assert answer["Cache-Control"] == "no-store"
    assert Voter.objects.filter(poll=poll, marked=True).count() == 1
    page = says(ada.get(address))
    assert "since" not in re.sub(r"members since", "", page).split("in the box already")[1][:200]


def test_the_list_of_votes_tells_each_where_they_stand(hall: Hall, poll: Poll) -> None:
    ada = hall.enter("ada")
    assert "Read and vote" in says(ada.get("/tidewater/votes/"))
    vote(hall.world, poll, "ada", "ada")
    page = says(ada.get("/tidewater/votes/"))
    assert "Your ballot is in the box." in page
    assert "Read and vote" not in page
    assert "Your ballot is in the box." not in says(hall.enter("ben").get("/tidewater/votes/"))


def test_a_second_press_on_the_same_paper_still_tells_how_its_code_begins(
    hall: Hall, poll: Poll, now
) -> None:
    """Without scripts nothing holds the second press back, and the browser shows its answer alone."""
    ada, address = hall.enter("ada"), f"/tidewater/votes/{poll.pk}/"
    review = ada.post(address + "look/", ranks(hall, poll, "ada")).content.decode()
    own = re.search(r'name="code" value="([a-z0-9]{4})"', review)
    assert own is not None, "drawn before it is sent"
    assert f"Your check code will begin with {own[1]}" in says(ada.post(address + "look/", {
        **ranks(hall, poll, "ada"), "code": own[1]
    }))  # fmt: skip
    fields = {**ranks(hall, poll, "ada"), "code": own[1]}
    first = ada.post(address + "cast/", fields).content.decode()
    code = re.search(rf'aria-hidden="true">{own[1]} (\w{{5}})</span></b>', first)
    assert code is not None
    second = says(ada.post(address + "cast/", fields))
    assert f"its code begins with {own[1]}" in second
    assert code[1] not in second, "what the server drew is kept nowhere"
    now.pass_to(poll.closes_at)
    assert f"{own[1]}{code[1]}" in ada.get(address + "files/ballots.json").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Number at least one of the options."),
        ({"rank0": "1", "rank1": "1"}, "both carry the number 1"),
        ({"rank0": "6"}, "This paper has 5 ranks: number from 1 to 5."),
        ({"rank0": "1", "code": "ab c"}, "Four letters from a to z or digits"),
        ({"rank0": "1", "code": "abcde"}, "Four letters from a to z or digits"),
    ],
)
def test_a_clash_on_the_paper_is_named(hall: Hall, poll: Poll, fields: dict[str, str], words: str) -> None:
    for step in ("look/", "cast/"):
        answer = hall.enter("ada").post(f"/tidewater/votes/{poll.pk}/{step}", fields)
        assert answer.status_code == 422
        assert words in says(answer)
    assert not Voter.objects.filter(marked=True).exists()


def test_who_watches_sees_how_many_have_voted_and_nothing_else(hall: Hall, poll: Poll) -> None:
    vote(hall.world, poll, "ada", "ada")
    vote(hall.world, poll, "ben", "ben")
    page = says(hall.enter("eva").get(f"/tidewater/votes/{poll.pk}/turnout/"))
    assert "2 of 6 have voted" in page
    for name in ("Ada", "Ben", "Cleo"):
        assert name not in page
    assert hall.enter().get(f"/tidewater/votes/{poll.pk}/turnout/").status_code == 403


def test_the_paper_can_be_printed(hall: Hall, poll: Poll) -> None:
    page = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/print/"))
    assert "This sheet is no vote" in page
    assert page.count("I am ") == 4


# --- The lot -----------------------------------------------------------------------------------------


def test_a_sentence_is_added_by_its_hash_and_shown_in_the_second_half(hall: Hall, poll: Poll, now) -> None:
    ada, address = hall.enter("ada"), f"/tidewater/votes/{poll.pk}/lot/"
    sentence = "Seven gulls on the crane, and none of them mine."
    assert "Add to the lot" in says(ada.get(address))
    wrong = send(ada, address + "add/", sha256="seven gulls")
    assert "This is no SHA-256" in says(wrong)
    answer = send(ada, address + "add/", sha256=lots.digest(sentence).upper())
    assert "Keep your sentence" in says(answer)
    assert LotShare.objects.get().sha256 == lots.digest(sentence)
    assert ada.get(address + "add/").status_code == 403
    assert ada.get(address + "show/").status_code == 403

    now.pass_to(poll.secret_box.lots_until)
    assert "Show your sentence" in says(ada.get("/tidewater/"))
    assert hall.enter("ben").get(address + "add/").status_code == 403
    assert "its hash is another one" in says(send(ada, address + "show/", sentence=sentence + " "))
    assert "Your sentence is shown." in says(send(ada, address + "show/", sentence=sentence))
    assert sentence in says(hall.enter("ben").get(address))
    assert "Show your sentence" not in says(ada.get("/tidewater/"))


# --- The result --------------------------------------------------------------------------------------


@pytest.fixture
def counted(hall: Hall, poll: Poll, now) -> Poll:
    """The same vote counted: ada, cleo and ben elected."""
    add_to_lot(hall.world.actor("eva"), poll_id=poll.pk, sha256="0" * 64)
    for name, order in (
        ("ada", ("ada", "ben")), ("ben", ("ada", "ben")), ("cleo", ("cleo",)), ("dai", ("ada", "cleo")),
        ("eva", ("dai", "ben", "ron")),
    ):  # fmt: skip
        vote(hall.world, poll, name, *order, code="abcd")
    to_the_count(now, poll)
    return Poll.objects.get(pk=poll.pk)


def test_many_names_make_no_heading(hall: Hall, counted: Poll, monkeypatch: Any) -> None:
    monkeypatch.setattr(results, "NAMED_IN_HEADING", 2)
    page = says(hall.enter("ada").get(f"/tidewater/votes/{counted.pk}/"))
    assert "3 people are elected" in page
    assert "Ada, Cleo and Dai are elected" not in page
    assert page.index("3 people are elected") < page.index("Ada") < page.index("Cleo") < page.index("Dai")


def test_a_result_says_who_is_seated_and_every_stage(hall: Hall, counted: Poll) -> None:
    answer = hall.enter("ada").get(f"/tidewater/votes/{counted.pk}/")
    page = says(answer)
    assert "Ada, Cleo and Dai are elected" in page
    assert "5 of 6 voted." in page
    for words in (
        "First choices", "No further choice", "Where votes went", "The same in words", "holds it from",
        "The server’s secret", "Did not show their sentence, and count as zeros: Eva", "Recount it yourself",
    ):  # fmt: skip
        assert words in page, words
    assert 'class="moved"' in answer.content.decode()
    assert "style=" not in answer.content.decode()


def recounts(hall: Hall, counted: Poll, folder: Path) -> None:
    """Take the ballots home from a result's page, and count them by the command that it shows."""
    ada = hall.enter("ada")
    page = says(ada.get(f"/tidewater/votes/{counted.pk}/"))
    command = re.search(r"kollontai count (\S+) --rule (\S+) --seed (\S+)", page)
    assert command is not None
    file = ada.get(f"/tidewater/votes/{counted.pk}/files/count.json")
    assert file["Content-Disposition"] == f'attachment; filename="{command[1]}"'
    (folder / command[1]).write_bytes(file.content)
    told = CliRunner().invoke(
        count, [str(folder / command[1]), "--rule", command[2], "--seed", command[3], "--json"]
    )
    recount, own = json.loads(told.output), json.loads(str(counted.count))
    for key in ("elected_in_order", "quota", "reopened", "by_default", "left_out"):
        assert recount[key] == own[key]
    assert [one["tallies"] for one in recount["stages"]] == [one["tallies"] for one in own["stages"]]


def test_the_published_files_recount_to_the_same_with_one_command(
    hall: Hall, counted: Poll, tmp_path
) -> None:
    recounts(hall, counted, tmp_path)
    ada = hall.enter("ada")
    blt = ada.get(f"/tidewater/votes/{counted.pk}/files/count.blt").content.decode()
    assert blt.startswith("5 3\n")
    assert '"Re-open nominations"' in blt
    assert len(json.loads(ada.get(f"/tidewater/votes/{counted.pk}/files/sealed.json").content)) == 5
    assert (
        len(json.loads(ada.get(f"/tidewater/votes/{counted.pk}/files/ballots.json").content)["ballots"]) == 5
    )
    assert ada.get(f"/tidewater/votes/{counted.pk}/files/secrets.json").status_code == 404


def test_every_voter_finds_their_code(hall: Hall, poll: Poll, now) -> None:
    receipts = {
        name: vote(hall.world, poll, name, name if name in ("ada", "ben") else "ron").value
        for name in ("ada", "ben", "cleo", "dai")
    }
    assert hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/codes/").status_code == 404
    assert hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/files/ballots.json").status_code == 404
    to_the_count(now, poll)
    page = hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/codes/").content.decode()
    rows = dict(re.findall(r'<th scope="row"><code>(\w+)</code></th><td>([^<]+)</td>', page))
    assert {one.code for one in receipts.values()} == set(rows)
    assert rows[receipts["ada"].code] == "Ada"
    assert list(rows) == sorted(rows)


def test_many_codes_are_read_by_their_first_sign(hall: Hall, counted: Poll, monkeypatch) -> None:
    monkeypatch.setattr("kollontai.web.pages.results.MOST_CODES", 3)
    page = hall.enter("ada").get(f"/tidewater/votes/{counted.pk}/codes/?sign=zz").content.decode()
    assert '<a href="?sign=a" aria-current="page">' in page


def test_small_results_are_not_for_the_world(hall: Hall, counted: Poll) -> None:
    stranger = hall.enter()
    for way in ("", "codes/", "files/count.json"):
        answer = stranger.get(f"/tidewater/votes/{counted.pk}/{way}")
        assert answer.status_code == 403, (
            "elections and posts name it to everybody: so it is said whose it is"
        )
        assert "This page is for members" in says(answer)
        assert "Cleo" not in says(answer)
    assert stranger.get(f"/tidewater/votes/{'a' * 16}/").status_code == 404


def test_from_ten_ballots_the_world_reads_who_was_elected_and_nobody_else(now) -> None:
    names = NAMES
    hall = Hall(house(council(seats=2), names=names), now)
    poll = to_the_vote(now, candidates(hall.world, "ada", "ben", "cleo"))
    for name in names[:11]:
        vote(hall.world, poll, name, "ada", "ben")
    to_the_count(now, poll)
    stranger = hall.enter()
    page = stranger.get(f"/tidewater/votes/{poll.pk}/").content.decode()
    assert "Ada and Ben are elected" in page
    assert "Cleo" not in page
    assert "on the paper" in page
    assert "All who voted said the same." in page
    assert "Cleo" not in stranger.get(f"/tidewater/votes/{poll.pk}/files/count.json").content.decode()
    for way in ("codes/", "files/ballots.json", "files/sealed.json"):
        assert stranger.get(f"/tidewater/votes/{poll.pk}/{way}").status_code == 403, (
            "nobody buys a vote by its code"
        )
        assert way not in page
        assert hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/{way}").status_code == 200
    assert "Ada" in says(stranger.get("/tidewater/posts/"))


def test_where_all_could_and_did_vote_alike_the_page_warns(hall: Hall, poll: Poll) -> None:
    for name in halls.NAMES:
        vote(hall.world, poll, name, "ada", "ben", "cleo")
    tick()
    page = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/"))
    assert "All who could vote did, and all voted alike. So everybody knows how each of them voted." in page


def test_nobody_voted_and_every_seat_opens_again(hall: Hall, poll: Poll, now) -> None:
    to_the_count(now, poll)
    page = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/"))
    assert "Nobody is elected" in page
    assert "Nobody voted, so nobody is elected; nominations open again by themselves." in page
    assert "Recount it yourself" not in page, "there is nothing to count, and no code to find"
    assert "Stage by stage" not in page


def test_a_spoilt_box_is_said_to_be_annulled(hall: Hall, poll: Poll, now) -> None:
    from kollontai.chapters.voting.boxes import sealing

    vote(hall.world, poll, "ada", "ada")
    sealing.destroy(hall.world.organisation, poll.pk)
    now.pass_to(poll.closes_at)
    page = says(hall.enter("ada").get(f"/tidewater/votes/{poll.pk}/"))
    assert "Annulled" in page
    assert "Another one about the same opened at once." in page


def test_a_spoilt_box_without_anybody_left_leads_to_the_next_round(hall: Hall, poll: Poll, now) -> None:
    from kollontai.chapters.bodies.acts.leave import leave
    from kollontai.chapters.voting.boxes import sealing

    first = Election.objects.get(poll=poll.pk)
    gone = [name for name in NAMES if hall.world.people.get(name) in poll.options]
    for name in gone:
        leave(hall.world.actor(name))
    sealing.destroy(hall.world.organisation, poll.pk)
    now.pass_to(poll.closes_at)
    reader = hall.enter(next(name for name in NAMES if name not in gone))
    page = says(reader.get(f"/tidewater/votes/{poll.pk}/"))
    assert "Nobody who stood in it is left, so no other opens: the election ended with it." in page
    page = reader.get(f"/tidewater/elections/{first.pk}/")
    assert "The ballots were lost, and nobody who stood is left" in says(page)
    assert f"/tidewater/elections/{Election.objects.get(after=first.pk).pk}/" in page.content.decode()


# --- Posts and vacancies -----------------------------------------------------------------------------


def test_posts_say_who_holds_them_by_which_count_and_until_when(now) -> None:
    world, done = elected_house(now)
    hall, post = Hall(world, now), Post.objects.get()
    for address in ("/tidewater/posts/", f"/tidewater/posts/{post.pk}/"):
        page = hall.enter("finn").get(address)
        assert "until 22 February 2027" in says(page)
        assert f"/tidewater/votes/{done.poll}/" in page.content.decode()
        assert hall.enter().get(address).status_code == 200
    powers = hall.enter().get("/tidewater/posts/powers/")
    assert "Speak when the leaders answer Ada".replace(" Ada", "") in says(powers)
    assert "Ada, Council" in says(powers)
    assert hall.enter("ada").get("/tidewater/posts/nothing/").status_code == 404


def test_who_gives_a_post_back_leaves_a_vacancy_and_the_next_in_line_is_asked(now) -> None:
    world, _done = elected_house(now)
    hall, term = Hall(world, now), Term.objects.get(member=world.people["ada"])
    address = f"/tidewater/terms/{term.pk}/give-back/"
    assert hall.enter("ben").get(address).status_code == 403
    assert "You have given it back." in says(send(hall.enter("ada"), address))
    tick()
    offer = Offer.objects.get()
    name = next(name for name, pk in world.people.items() if pk == offer.member_id)
    mine = hall.enter(name)
    assert "It would be you" in says(mine.get("/tidewater/"))
    assert "asked to act until members have elected" in says(hall.enter("finn").get("/tidewater/posts/"))
    assert hall.enter("finn").get(f"/tidewater/terms/{term.pk}/act/").status_code == 403
    answer = send(mine, f"/tidewater/terms/{term.pk}/act/")
    assert "You hold it until the election." in says(answer)
    assert "Acting" in says(answer)
    assert "gave it back" in says(answer)
    assert mine.get(f"/tidewater/terms/{term.pk}/not-act/").status_code == 403
    by_election = says(hall.enter("finn").get(f"/tidewater/elections/{halls.election().pk}/"))
    assert "Ada left before the end of the term; this election is for the rest" in by_election


def test_the_page_says_that_a_by_election_fills_two_seats_together(now) -> None:
    world, _done = elected_house(now)
    hall = Hall(world, now)
    for name in ("ada", "ben"):
        resign(world.actor(name), term_id=Term.objects.get(member=world.people[name]).pk)
        tick()
    page = says(hall.enter("finn").get(f"/tidewater/elections/{halls.election().pk}/"))
    assert "Their seats are filled together" in page


def test_the_next_in_line_may_say_no(now) -> None:
    world, _done = elected_house(now)
    hall, term = Hall(world, now), Term.objects.get(member=world.people["ada"])
    resign(world.actor("ada"), term_id=term.pk)
    tick()
    name = next(name for name, pk in world.people.items() if pk == Offer.objects.get().member_id)
    assert "You said no." in says(send(hall.enter(name), f"/tidewater/terms/{term.pk}/not-act/"))
    assert "It would be you" not in says(hall.enter(name).get("/tidewater/"))


def test_a_post_past_its_term_is_said_to_be_kept_running(now) -> None:
    world, _done = elected_house(now)
    hall = Hall(world, now)
    now.pass_days(370)
    page = says(hall.enter("finn").get("/tidewater/posts/"))
    assert "nobody is elected yet. Until then only what keeps things running is done" in page


def test_mine_lists_what_i_stand_for(hall: Hall) -> None:
    candidates(hall.world, "ada")
    assert "Council, 3 seats Stands" in says(hall.enter("ada").get("/tidewater/mine/"))


def test_mine_says_what_came_of_what_i_stood_for(hall: Hall, now) -> None:
    of = candidates(hall.world, "ada", "ben", "cleo", "dai")
    nominate(hall.world.actor("ada"), election_id=of.pk, nominee=hall.world.people["finn"])
    assert "Council, 3 seats Put forward" in says(hall.enter("finn").get("/tidewater/mine/"))
    poll = to_the_vote(now, of)
    for name in NAMES[:5]:
        vote(hall.world, poll, name, "ada", "ben", "cleo")
    assert "Council, 3 seats Stands" in says(hall.enter("dai").get("/tidewater/mine/"))
    to_the_count(now, poll)
    for name, came_of in (("ada", "Elected"), ("dai", "Not elected"), ("finn", "Did not answer")):
        assert f"Council, 3 seats {came_of}" in says(hall.enter(name).get("/tidewater/mine/")), name
    page = hall.enter("ben").get(at(of, f"candidates/{hall.world.people['dai']}/"))
    assert "Not elected. Put themself forward." in says(page)


def test_what_needs_me_names_the_ballot_until_it_is_in_the_box(hall: Hall, poll: Poll) -> None:
    ada = hall.enter("ada")
    assert "Council, 3 seats" in says(ada.get("/tidewater/"))
    assert "Number them" in says(ada.get("/tidewater/"))
    vote(hall.world, poll, "ada", "ada")
    assert "Number them" not in says(ada.get("/tidewater/"))
