# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known to be refused is offered to nobody, and what can be done is found where it belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.acts.sign_charter import sign_charter
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.answer_fact import answer_fact
from kollontai.chapters.deliberation.acts.post_letter import post_letter
from kollontai.chapters.deliberation.acts.propose_shortening import propose_shortening
from kollontai.chapters.deliberation.acts.put_draft import put_draft
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.seal_statement import seal_statement
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_draft import support_draft
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.members.acts.apply import apply
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.acts.decline_invitation import decline_invitation
from kollontai.chapters.members.acts.invite import Invitee, invite
from kollontai.chapters.petitions import facts
from kollontai.chapters.petitions.rules import PETITIONS_A_DAY
from kollontai.chapters.record.act import Actor, tick
from kollontai.chapters.voting import lots
from kollontai.chapters.voting.acts.add_to_lot import add_to_lot
from kollontai.chapters.writing_in.acts.name_writer import name_writer
from kollontai.ids import new_id
from tests.deliberation.two_units import merged, two_branches
from tests.elections.hall import (
    candidates,
    council,
    elected_house,
    house,
    offer,
    to_the_count,
    to_the_vote,
    vote,
)
from tests.elections.test_ways_round import elect, filling, post
from tests.petitions.street import FERRY, asked, in_units, seated, treasurer
from tests.web.hall import LEADER, Hall
from tests.web.test_elections import says, send
from tests.world import opened
from tests.writing_in.street import move_in_without_mail

pytestmark = pytest.mark.django_db
HOUSE = "/tidewater/"


def page(hall: Hall, name: str, address: str = "") -> str:
    """What somebody is sent."""
    answer = hall.enter(name).get(HOUSE + address)
    assert answer.status_code == 200, says(answer)
    return str(answer.content.decode())


def asks_to_join(hall: Hall, name: str) -> None:
    hall.world.people[name] = new_id()
    who = Actor(hall.world.id, hall.world.people[name], "code")
    apply(who, unit_id=hall.world.unit().pk, name=name.title(), email=f"{name}@example.org")


# --- Posts and petitions -----------------------------------------------------------------------------


def test_a_recall_is_offered_to_whom_it_is_open(now) -> None:
    listed = in_units(ferry=("ada", "ben", "cleo", "dai"), kiln=("eva", "finn"))
    world, term = seated(now, post=treasurer(unit=FERRY), listed=listed, voters=4)
    hall = Hall(world, now)
    for name, offered in (("cleo", True), ("eva", False)):
        for address in ("posts/", f"posts/{term.post_id}/"):
            assert (f"/terms/{term.pk}/recall/" in page(hall, name, address)) is offered


def test_where_a_recall_rests_the_page_of_the_post_says_until_when(now, monkeypatch) -> None:
    world, term = seated(now)
    limits = {**facts.limits_now(world.id), "S5.grace": 30}
    monkeypatch.setattr(facts, "limits_now", lambda organisation: limits)
    said = page(Hall(world, now), "cleo", f"posts/{term.post_id}/")
    assert f"/terms/{term.pk}/recall/" not in said
    assert "A recall from this post can be asked for from" in said
    assert "can be asked for" not in page(Hall(world, now), "ada", f"posts/{term.post_id}/")


def test_whoever_opened_enough_questions_today_is_told_so_above_the_list(now) -> None:
    world, _term = seated(now)
    hall, door = Hall(world, now), f"{HOUSE}petitions/new/"
    for _time in range(PETITIONS_A_DAY):
        assert door in page(hall, "cleo", "petitions/")
        asked(world)
        now.move(minutes=2)
    assert door not in page(hall, "cleo", "petitions/")
    assert "a day can be opened by one member" in page(hall, "cleo", "petitions/")


def test_when_a_petition_is_over_no_signature_is_taken_back(now) -> None:
    world, _term = seated(now)
    petition, hall = asked(world), Hall(world, now)
    assert "take-back/" in page(hall, "cleo", f"petitions/{petition.pk}/")
    now.move(petition.closes_at)  # and the clock is late
    assert "take-back/" not in page(hall, "cleo", f"petitions/{petition.pk}/")


# --- Elections ---------------------------------------------------------------------------------------


def test_when_nominations_are_over_nothing_is_revised_or_taken_back(now) -> None:
    world = house(council())
    of = candidates(world, "ada")
    nominate(world.actor("ada"), election_id=of.pk, nominee=world.people["ben"])
    hall, at = Hall(world, now), f"elections/{of.pk}/"
    doors = {"ada": ("revise/", "withdraw/"), "ben": ("no/", "stand/")}
    for name, ways in doors.items():
        for way in ways:
            assert f'href="{HOUSE}{at}{way}"' in page(hall, name, at)
    now.move(of.closes_at)  # and the clock is late
    for name, ways in doors.items():
        for way in ways:
            assert f'href="{HOUSE}{at}{way}"' not in page(hall, name, at)


def test_who_holds_enough_already_is_asked_to_act_and_told_why_they_can_only_say_no(now) -> None:
    world = house(post("Chair"), post("Treasurer"), post("Editor"))
    candidates(world, "ben", "ada", of=filling("Chair"))
    poll = to_the_vote(now, filling("Chair"))
    for voter in ("ada", "ben", "cleo", "dai"):
        vote(world, poll, voter, "ben", "ada")
    to_the_count(now, poll)
    now.pass_days(31)
    elect(world, now, Treasurer="ada", Editor="ada")
    left = Term.objects.get(member=world.people["ben"], ended_at=None)
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["ada"]
    for address in ("posts/", f"posts/{left.post_id}/"):
        said = page(Hall(world, now), "ada", address)
        assert f"/terms/{left.pk}/not-act/" in said
        assert f"/terms/{left.pk}/act/" not in said
    assert 'id="refusal"' in said
    assert 'id="refusal"' not in page(Hall(world, now), "cleo", f"posts/{left.post_id}/")


def test_a_sentence_is_not_asked_for_when_the_vote_is_over(now) -> None:
    world = house(council())
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    add_to_lot(world.actor("ada"), poll_id=poll.pk, sha256=lots.digest("Seven gulls."))
    hall, at = Hall(world, now), f"votes/{poll.pk}/lot/"
    now.pass_to(poll.secret_box.lots_until)
    assert f"{at}show/" in page(hall, "ada", at)
    now.move(poll.closes_at)  # and the clock is late
    assert f"{at}show/" not in page(hall, "ada", at)


def test_the_world_is_led_to_no_result_of_few_ballots(now) -> None:
    world, of = elected_house(now)
    hall, way = Hall(world, now), f"{HOUSE}votes/{of.poll}/"
    assert way in page(hall, "finn", f"elections/{of.pk}/")
    assert way not in page(hall, "", f"elections/{of.pk}/")
    assert hall.enter().get(way).status_code == 403


# --- Oneself, and the way in -------------------------------------------------------------------------


def test_while_an_address_waits_everything_else_on_ones_page_stays(hall: Hall) -> None:
    ask_contact_change(hall.world.actor("ada"), email="ada@example.net")
    said = page(hall, "ada", "mine/")
    assert f"{HOUSE}mine/notices/" in said
    assert f'"{HOUSE}mine/address/"' not in said
    assert hall.enter("ada").get(f"{HOUSE}mine/address/").status_code == 403
    assert f"{HOUSE}mine/address/stop/" in said
    hall.now.move(days=8)  # it has taken effect, though the clock is late
    assert f"{HOUSE}mine/address/stop/" not in page(hall, "ada", "mine/")
    assert hall.enter("ada").get(f"{HOUSE}mine/address/stop/").status_code == 403


def test_who_waits_to_be_admitted_is_led_to_no_page_for_members(hall: Hall) -> None:
    asks_to_join(hall, "rosa")
    for address in ("", "charter/", "mine/", "export/"):
        said = page(hall, "rosa", address)
        for way in ("issues/", "members/", "petitions/"):
            assert f'href="{HOUSE}{way}"' not in said
    kept_out = hall.enter("rosa").get(f"{HOUSE}issues/")
    assert kept_out.status_code == 403
    assert f"{HOUSE}join/" not in kept_out.content.decode()
    assert f"{HOUSE}join/" in hall.enter("nobody").get(f"{HOUSE}issues/").content.decode()
    assert f'href="{HOUSE}issues/"' in page(hall, "")


def test_who_just_asked_to_join_is_not_led_to_an_entry_for_members(hall: Hall) -> None:
    answer = send(hall.enter("rosa"), f"{HOUSE}join/", unit_id=hall.world.unit().pk, name="Rosa")
    assert "You have asked to join." in says(answer)
    assert "/record/" not in answer.content.decode().partition("<main")[2].partition("<section")[0]


def test_an_answer_that_was_given_is_not_asked_for_again(hall: Hall) -> None:
    asks_to_join(hall, "rosa")
    [uma] = invite(
        hall.world.actor("ada"), invitees=[Invitee("Uma", "uma@example.org", hall.world.unit().pk)]
    ).value
    hall.world.people["uma"] = uma.pk
    ways = {"ada": ("join/yes/", "join/no/", "sign/"), "rosa": ("join/yes/", "sign/"), "uma": ("sign/",)}
    for name, closed in ways.items():
        for way in closed:
            assert hall.enter(name).get(HOUSE + way).status_code == 403
    for name, way in (("rosa", "join/no/"), ("uma", "join/yes/"), ("uma", "join/no/")):
        page(hall, name, way)


def test_who_was_asked_into_a_branch_that_is_no_more_finds_the_way_into_another(now) -> None:
    hall = two_branches(now)
    kiln = hall.world.unit("Kiln Lane").pk
    [zoe] = invite(hall.world.actor("ola"), invitees=[Invitee("Zoe", "zoe@example.org", kiln)]).value
    decline_invitation(Actor(hall.world.id, zoe.pk, "code"))
    merged(hall)
    said = page(Hall(hall.world, now), "zoe", "join/")
    assert kiln not in said
    assert hall.world.unit("Ferry Crews").pk in said


def test_who_held_a_post_reads_when_they_may_take_their_name_along(hall: Hall) -> None:
    for name in ("ben", LEADER):
        leave(hall.world.actor(name))
    way = f"{HOUSE}mine/name/"
    assert way in page(hall, "ben")
    said = page(hall, LEADER)
    assert way not in said
    assert 'id="refusal"' in said
    assert f"{HOUSE}mine/data/" in said


def test_founders_who_signed_are_not_asked_whether_they_say_no(db: None, now) -> None:
    world = opened()
    hall = Hall(world, now)
    assert f"{HOUSE}join/no/" in page(hall, "ada", "mine/")
    sign_charter(world.actor("ada"))
    assert f"{HOUSE}join/no/" not in page(hall, "ada", "mine/")
    assert f"{HOUSE}join/" not in hall.enter("nobody").get(f"{HOUSE}issues/").content.decode()


# --- Issues, for whom and from where -----------------------------------------------------------------


def test_writing_in_is_offered_where_it_is_the_turn_of_both(hall: Hall) -> None:
    move_in_without_mail(hall.world, ("rosa",))
    name_writer(hall.world.actor("rosa"), writer_id=hall.world.people["ben"])
    issue = hall.issue()
    at = f"issues/{issue.number}/"
    found = {}
    for stage in ("gathering", "talk", "answer", "reply", "vote"):
        hall.move_on(issue, stage)
        said = page(hall, "ben", at)
        found[stage] = [way for way in ("words", "support") if f"/write-in/{way}/" in said]
        for way in found[stage]:
            page(hall, "ben", f"{at}write-in/{way}/")
    assert found == {
        "gathering": ["support"],
        "talk": ["words", "support"],
        "answer": ["support"],
        "reply": ["words", "support"],
        "vote": [],
    }


def test_the_world_reads_the_charter_without_ways_to_issues(hall: Hall) -> None:
    effect = Effect("set_limit", key="D1.ordinary", value=14)
    issue = raise_issue(
        hall.world.actor("ada"), unit_id=hall.world.unit().pk, title="Time", text="We work shifts.",
        draft_title="14 days", draft_text="1. 14 days.", effects=[effect],
    ).value  # fmt: skip
    hall.move_on(issue, "decided")
    way = f"{HOUSE}issues/{issue.number}/"
    assert way in page(hall, "ben", "charter/")
    assert way not in page(hall, "", "charter/")


def test_a_letter_is_posted_and_an_issue_shortened_by_whom_it_is_open_to(hall: Hall) -> None:
    issue, world = hall.at_talk(), hall.world
    letter = post_letter(
        world.actor("ada"), issue_id=issue.pk, sender="The town", text="By Friday.",
        received_at=hall.now.time,
    ).value  # fmt: skip
    at = f"issues/{issue.number}/"
    before = hall.now.time + timedelta(days=9)
    made = propose_shortening(world.actor("ben"), issue_id=issue.pk, letter_id=letter.pk, before=before).value
    shorten, back = f"{HOUSE}{at}shorten/", f"{HOUSE}{at}shorten/{made.pk}/"

    def ways(name: str) -> list[bool]:
        said = page(hall, name, at)
        return [f'href="{way}"' in said for way in (f"{HOUSE}{at}letter/", shorten, back)]

    assert [ways(name) for name in ("cleo", "ben", LEADER)] == [
        [True, True, True],
        [True, False, False],
        [True, False, False],
    ]
    second = put_draft(world.actor("dai"), issue_id=issue.pk, title="Mend it", text="We mend it.").value
    for name in ("dai", "eva", "finn"):
        if name != "dai":
            support_draft(world.actor(name), draft_id=second.pk)
    assert ways("cleo") == [True, False, False], "there are two texts now"
    hall.now.move(issue.stage_ends_at)  # and the clock is late
    assert ways("cleo") == [False, False, False]


def test_a_leader_is_not_led_to_change_what_stays(hall: Hall) -> None:
    issue, world = hall.at_talk(), hall.world
    asked = speak(world.actor("ada"), issue_id=issue.pk, stance="question", text="How much?").value
    fact = answer_fact(world.actor(LEADER), contribution_id=asked.pk, text="Thirty.").value
    told = speak(world.actor("ada"), issue_id=issue.pk, stance="against", text="It costs forty.").value
    way = f"{HOUSE}issues/{issue.number}/"

    def offered() -> list[bool]:
        said = page(hall, LEADER, f"issues/{issue.number}/")
        ways = (f"{way}voices/{fact.pk}/revise/", f"{way}voices/{told.pk}/correct/")
        return [f'href="{one}"' in said for one in ways]

    assert offered() == [True, True]
    issue = hall.move_on(issue, "answer")
    mine = speak(world.actor(LEADER), issue_id=issue.pk, stance="for", text="I am for it.").value
    assert offered() == [True, True]
    said = page(hall, LEADER, f"issues/{issue.number}/")
    assert f'href="{way}voices/{mine.pk}/revise/"' in said
    hall.move_on(issue, "reply")
    assert offered() == [False, True], "a fact of the talk stays as it was stated"


def test_a_leader_who_has_sealed_a_statement_is_not_led_to_another(hall: Hall) -> None:
    issue = hall.at_talk()
    way = f'href="{HOUSE}issues/{issue.number}/statement/"'
    assert way in page(hall, LEADER, f"issues/{issue.number}/")
    seal_statement(hall.world.actor(LEADER), issue_id=issue.pk, text="I drink tea.")
    assert way not in page(hall, LEADER, f"issues/{issue.number}/")
