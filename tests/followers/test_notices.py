# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices: who is told what, when, in which words, and each thing once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from kollontai.chapters.accounts import post
from kollontai.chapters.accounts.models import Mail
from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.decline_nomination import decline_nomination
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.models import Candidacy, Election, Offer
from kollontai.chapters.members.acts.ask_contact_change import ask_contact_change
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.record import standing
from kollontai.chapters.record.act import tick
from kollontai.chapters.record.models import EntryRow, Head
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from kollontai.followers import choosing, hours, notices, telling, wishes
from kollontai.followers.models import Due, News, Place
from kollontai.openrecord.facts import KINDS
from kollontai.openrecord.words import five_words
from tests.elections import hall as elections
from tests.elections.test_outside import at_the_vote as voting_outside
from tests.elections.test_outside import enter, file_of, to_the_vote_outside
from tests.web.hall import LEADER, NAMES, Hall, built
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None, now: Any) -> Hall:
    found = built(now)
    notices.keep_up(at=now.time)
    return found


def told(now: Any) -> list[Mail]:
    """What is newly put into the outbox."""
    before = set(Mail.objects.values_list("pk", flat=True))
    notices.keep_up(at=now.time)
    return list(Mail.objects.exclude(pk__in=before).order_by("to", "pk"))


def want(member: Member, how: str, *, at: datetime) -> None:
    """Choose how notices come; the mail that says so is not looked at."""
    choosing.choose(member, how, at=at)
    Mail.objects.filter(subject="Your notices").delete()


def names_of(letters: list[Mail]) -> list[str]:
    return sorted(letter.to.partition("@")[0] for letter in letters)


def to_vote(hall: Hall) -> Poll:
    issue = hall.at("reply")
    hall.now.pass_to(issue.stage_ends_at - timedelta(minutes=10))
    told(hall.now)
    hall.now.pass_to(issue.stage_ends_at)
    return Poll.objects.get(pk=Issue.objects.get(pk=issue.pk).poll_id)


def test_when_a_vote_opens_everybody_on_the_roll_reads_the_same_words(hall: Hall) -> None:
    poll = to_vote(hall)
    letters = told(hall.now)
    assert names_of(letters) == sorted(NAMES)
    assert len({letter.subject for letter in letters}) == 1
    texts = {letter.body.replace(letter.unsubscribe, "") for letter in letters}
    assert len(texts) == 1
    text = texts.pop()
    assert f"/tidewater/votes/{poll.pk}/" in text
    assert text.count("http") == 1
    assert "A kettle" not in text + letters[0].subject  # a title argues
    assert len({letter.unsubscribe for letter in letters}) == len(NAMES)
    assert told(hall.now) == []


def test_the_subject_says_where_and_until_when_in_the_zone_of_the_organisation(hall: Hall) -> None:
    poll = to_vote(hall)
    day = f"{poll.closes_at:%A} {poll.closes_at.day} {poll.closes_at:%b}, 20:00"
    assert {letter.subject for letter in told(hall.now)} == {
        f"A vote is open in Tidewater Federation until {day}"
    }


def test_the_foot_holds_the_stamp_of_the_record(hall: Hall) -> None:
    to_vote(hall)
    head = Head.objects.get()
    text = told(hall.now)[0].body.partition("\n-- \n")[2]
    assert (
        f"{head.size} entries, root {bytes(head.root).hex()}, in words: {five_words(bytes(head.root))}"
        in text
    )


def test_on_the_last_day_those_are_reminded_who_have_not_voted(hall: Hall) -> None:
    poll = to_vote(hall)
    cast_ballot(hall.world.actor("ada"), poll_id=poll.pk, choice="yes")
    told(hall.now)
    hall.now.pass_to(poll.closes_at - timedelta(days=1, minutes=1))
    assert told(hall.now) == []
    hall.now.pass_to(poll.closes_at - timedelta(days=1))
    letters = told(hall.now)
    assert names_of(letters) == sorted(set(NAMES) - {"ada"})
    assert all("You have not voted yet." in letter.body for letter in letters)
    assert told(hall.now) == []


def test_nobody_is_reminded_of_a_vote_that_is_over(hall: Hall) -> None:
    poll = to_vote(hall)
    told(hall.now)
    hall.now.pass_to(poll.closes_at + timedelta(minutes=1))  # the keeper slept
    assert not any("closes on" in letter.subject for letter in told(hall.now))


def test_with_the_count_everybody_reads_what_the_roll_says_of_them_and_nothing_of_the_result(
    hall: Hall,
) -> None:
    poll = to_vote(hall)
    for name in ("ada", "ben", "cleo"):
        cast_ballot(hall.world.actor(name), poll_id=poll.pk, choice="yes")
    told(hall.now)
    hall.now.pass_to(poll.closes_at)
    letters = [one for one in told(hall.now) if "counted" in one.subject]
    assert names_of(letters) == sorted(NAMES)
    voted = [one for one in letters if "The roll says that you voted." in one.body]
    assert names_of(voted) == ["ada", "ben", "cleo"]
    for letter in letters:
        assert not re.search(r"\b(yes|no|carried|won|3|9)\b", letter.body.partition("\n-- \n")[0].lower())


def test_what_is_done_in_my_name_is_told_to_me_alone(hall: Hall) -> None:
    issue = hall.issue()
    told(hall.now)
    support_issue(hall.world.actor("ben"), issue_id=issue.pk)
    [letter] = told(hall.now)
    assert (letter.to, letter.subject) == ("ben@example.org", "In your name at Tidewater Federation")
    assert "- You stand behind an issue." in letter.body
    assert "/tidewater/mine/" in letter.body


def test_each_weighty_act_is_a_kind_of_entry_with_its_doer_on_it() -> None:
    assert {KINDS[name].link for name in telling.OWN} == {"accountable", "clock"}
    assert [name for name in telling.OWN if KINDS[name].link == "clock"] == ["contact.changed"]
    assert {KINDS[name].link for name in notices.HIDDEN} == {"protected"}
    protected = {name for name, kind in KINDS.items() if kind.link == "protected"}
    assert protected <= notices.HIDDEN


def test_another_address_is_told_when_it_takes_effect(hall: Hall) -> None:
    ask_contact_change(hall.world.actor("ben"), email="benny@example.org")
    told(hall.now)
    hall.now.pass_to(Contact.objects.get(member=hall.world.people["ben"]).pending_from)
    letters = told(hall.now)
    assert [letter.to for letter in letters] == ["benny@example.org"]
    assert "Your other address took effect." in letters[0].body


def test_whoever_loses_words_by_a_session_of_theirs_is_told(hall: Hall) -> None:
    issue = hall.at_talk()
    said = speak(hall.world.actor("ben"), issue_id=issue.pk, stance="for", text="I object.").value
    told(hall.now)
    erase_contribution(hall.world.actor("ben"), contribution_id=said.pk)
    [letter] = told(hall.now)
    assert letter.to == "ben@example.org"
    assert "Words of yours were erased." in letter.body


def test_a_protected_right_is_told_a_morning_later_and_not_which_it_was(hall: Hall) -> None:
    before = set(News.objects.values_list("pk", flat=True))
    open_petition(hall.world.actor("cleo"), about="question", title="Open the books", text="All of them.")
    assert told(hall.now) == []
    assert not News.objects.exclude(pk__in=before).exists()  # no row ties her to the minute of the entry
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    [letter] = told(hall.now)
    assert (letter.to, letter.subject) == ("cleo@example.org", "In your name at Tidewater Federation")
    assert "You used a protected right." in letter.body
    assert "petition" not in letter.body.lower()
    assert "books" not in letter.body.lower()
    assert not Due.objects.filter(what=hours.PROTECTED).exists()


def test_nominations_are_told_to_the_whole_unit(now: Any) -> None:
    world = elections.house()
    notices.keep_up(at=now.time)
    letters = [one for one in Mail.objects.all() if one.subject.startswith("Nominations are open")]
    assert names_of(letters) == sorted(elections.NAMES)
    assert "3 seats are to be filled" in letters[0].body
    assert Election.objects.get(organisation=world.id).pk in letters[0].body


def test_in_a_secret_vote_no_letter_tells_a_time_and_on_the_last_day_the_mark_is_told(now: Any) -> None:
    world = elections.house()
    notices.keep_up(at=now.time)
    election = Election.objects.get()
    elections.stand(world.actor("ada"), election_id=election.pk, statement="I can count.")
    now.pass_to(election.closes_at)
    told(now)
    poll = Poll.objects.get(about="election")
    candidate = world.people["ada"]
    cast_ballot(world.actor("ben"), poll_id=poll.pk, ranking=[[candidate]])
    assert told(now) == []
    now.pass_to(poll.closes_at - timedelta(days=1))
    letters = {letter.to.partition("@")[0]: letter.body for letter in told(now)}
    assert set(letters) == set(elections.NAMES)
    assert {name for name, body in letters.items() if "The roll says that you have voted." in body} == {"ben"}
    assert all("You have not voted yet." in body for name, body in letters.items() if name != "ben")


def test_who_brings_a_count_home_is_not_told_that_they_did_what_follows_from_it(now: Any) -> None:
    world, poll = voting_outside(now)
    notices.keep_up(at=now.time)
    now.pass_to(poll.closes_at)
    for name in ("eva", "finn"):
        enter(world, poll, name, file_of(world, poll, "3 ada cleo", "3 ben", "1 cleo"))
    resign(world.actor("ada"), term_id=Term.objects.get(poll=poll.pk, member=world.people["ada"]).pk)
    now.pass_to(now.time)
    accept_acting(world.actor("cleo"), term_id=Offer.objects.get().term_id)
    now.pass_to(now.time)
    of = elections.candidates(world, "dai", of=Election.objects.get(why="vacancy"))
    after = Poll.objects.get(pk=to_the_vote_outside(now, of))
    now.pass_to(after.closes_at)
    enter(world, after, "eva", file_of(world, after, "2 dai", seats=1))
    told(now)
    enter(world, after, "finn", file_of(world, after, "2 dai", seats=1))
    assert EntryRow.objects.filter(kind="term.ended", actor=world.people["finn"]).exists()
    letters = [one for one in told(now) if "In your name" in one.subject]
    assert names_of(letters) == ["finn"]
    assert "- You entered the count of a vote held outside.\n\n" in letters[0].body


# --- Questions that run out ----------------------------------------------------------------------------


def questions(now: Any) -> list[Mail]:
    return [one for one in told(now) if one.subject.startswith("A question to you")]


def leads_to(letter: Mail, world: World, name: str, now: Any) -> str:
    """The page a letter leads to, as its reader sees it."""
    [address] = re.findall(r"http://localhost:8000(/\S*)", letter.body.partition("\n-- \n")[0])
    return Hall(world, now).enter(name).get(address).content.decode()


@pytest.mark.parametrize("way", wishes.WAYS)
def test_who_is_put_forward_is_told_at_once_until_when_they_can_answer_and_where(now: Any, way: str) -> None:
    world = elections.house()
    told(now)
    want(world.member("ben"), way, at=now.time)
    of = elections.election()
    nominate(world.actor("ada"), election_id=of.pk, nominee=world.people["ben"])
    letters = questions(now)
    assert names_of(letters) == (["ben"] if way != "none" else [])
    assert questions(now) == []
    for letter in letters:
        day = f"{of.closes_at:%A} {of.closes_at.day} {of.closes_at:%b}, 20:00"
        assert letter.subject == f"A question to you at {world.organisation.name}, open until {day}"
        assert "You have been put forward in" in letter.body
        assert f"You can say yes or no until {day}" in letter.body
        assert "Ada" not in letter.body
        assert letter.until == of.closes_at
        assert "Say yes, and stand" in leads_to(letter, world, "ben", now)


def test_who_stands_by_themself_has_answered_or_can_answer_no_more_is_asked_nothing(now: Any) -> None:
    world = elections.house()
    told(now)
    of = elections.candidates(world, "ada")
    nominate(world.actor("ada"), election_id=of.pk, nominee=world.people["ben"])
    decline_nomination(world.actor("ben"), election_id=of.pk)
    assert questions(now) == []
    nominate(world.actor("ada"), election_id=of.pk, nominee=world.people["cleo"])
    now.pass_to(of.closes_at)  # the keeper slept
    assert questions(now) == []


def test_to_a_post_that_ended_nobody_is_asked_to_stand(now: Any) -> None:
    _world, of = elections.ended_while_nominating(now)
    told(now)
    Place.objects.update(position=0)  # the keeper slept all the while
    assert Candidacy.objects.filter(election=of, state="asked").count() == 2
    assert questions(now) == []


def test_the_next_in_line_is_told_at_once_and_then_whoever_comes_after(now: Any) -> None:
    world, of = elections.elected_house(now, elections.treasurer())
    told(now)
    want(world.member("ben"), "weekly", at=now.time)
    resign(world.actor("ada"), term_id=Term.objects.get().pk)
    now.pass_to(now.time)
    offer = elections.offer()
    [letter] = questions(now)
    day = f"{offer.until:%A} {offer.until.day} {offer.until:%b}, {offer.until:%H:%M}"
    assert letter.to == "ben@example.org"
    assert letter.subject == f"A question to you at {world.organisation.name}, open until {day}"
    assert f"{of.post.title}. You come next by the ballots" in letter.body
    assert letter.until == offer.until
    assert "I will" in leads_to(letter, world, "ben", now)
    now.pass_to(offer.until)
    assert names_of(questions(now)) == ["cleo"]
    assert questions(now) == []


def test_of_a_question_that_is_over_the_next_in_line_is_not_told(now: Any) -> None:
    world, _of = elections.elected_house(now, elections.treasurer())
    told(now)
    resign(world.actor("ada"), term_id=Term.objects.get().pk)
    now.pass_to(now.time)
    now.pass_to(elections.offer().until)  # the keeper slept, and the one after is asked
    accept_acting(world.actor("cleo"), term_id=elections.offer().term_id)
    assert questions(now) == []


# --- Ways ----------------------------------------------------------------------------------------------


def test_a_daily_digest_tells_once_in_the_morning_and_is_silent_when_nothing_happened(hall: Hall) -> None:
    for name in NAMES:
        want(hall.world.member(name), "none", at=hall.now.time)
    want(hall.world.member("ada"), "daily", at=hall.now.time)
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    assert told(hall.now) == []
    poll = to_vote(hall)
    Mail.objects.all().delete()
    assert told(hall.now) == []
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    [letter] = told(hall.now)
    assert (letter.to, letter.subject) == ("ada@example.org", "Your day at Tidewater Federation")
    assert "- A vote is open in Tidewater Federation until" in letter.body
    assert "Votes that wait for you:" in letter.body
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    assert told(hall.now) == []  # nothing new, and the vote runs on for days
    last = poll.closes_at.replace(hour=8, minute=0)
    hall.now.pass_to(last)
    assert [one.subject for one in told(hall.now)] == ["Your day at Tidewater Federation"]  # it closes today
    cast_ballot(hall.world.actor("ada"), poll_id=poll.pk, choice="yes")
    hall.now.pass_to(poll.closes_at)
    assert told(hall.now) == []
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    [letter] = told(hall.now)
    assert "has been counted. The roll says that you voted." in letter.body
    assert "- You voted." in letter.body
    assert "Votes that wait" not in letter.body


def test_a_weekly_digest_comes_on_monday_morning_and_then_the_news_are_put_away(hall: Hall) -> None:
    for name in NAMES:
        want(hall.world.member(name), "weekly", at=hall.now.time)
    hall.issue()
    monday = hours.next_morning(hall.now.time, "Europe/Lisbon", weekly=True)
    hall.now.pass_to(monday - timedelta(minutes=1))
    assert told(hall.now) == []
    assert News.objects.exists()
    hall.now.pass_to(monday)
    letters = told(hall.now)
    assert names_of(letters) == ["ada"]
    assert "In your name:\n- You raised an issue." in letters[0].body
    assert not News.objects.exists()


def to_a_short_vote(now: Any, world: World) -> Poll:
    """An election whose vote lasts three days; who reads weekly has had the letter of each Monday before."""
    election = elections.candidates(world, "ada")
    now.pass_to(election.closes_at - timedelta(minutes=10))
    told(now)
    return elections.to_the_vote(now, election)


@pytest.mark.parametrize(
    ("days", "opens", "alone"),
    [
        (1, "Monday 20:00", True),  # and closes on Thursday
        (5, "Friday 20:00", True),  # and closes in the evening of the Monday on which the letter comes
        (6, "Saturday 20:00", False),
    ],
)
def test_a_vote_for_which_the_weekly_letter_comes_too_late_is_told_at_once_in_the_same_words(
    now: Any, days: int, opens: str, alone: bool
) -> None:
    now.move(days=days)
    world = elections.house(preset="small")
    told(now)
    for name, way in {"ben": "weekly", "cleo": "daily", "dai": "none"}.items():
        want(world.member(name), way, at=now.time)
    poll = to_a_short_vote(now, world)
    assert f"{poll.opens_at:%A %H:%M}" == opens
    letters = [one for one in told(now) if one.subject.startswith("A vote is open")]
    quiet = {"cleo", "dai"} if alone else {"ben", "cleo", "dai"}
    assert names_of(letters) == sorted(set(elections.NAMES) - quiet)
    assert len({(one.subject, one.body.replace(one.unsubscribe, ""), one.until) for one in letters}) == 1
    assert told(now) == []
    now.pass_to(hours.next_morning(now.time, "Europe/Lisbon"))
    [to_cleo] = [one for one in told(now) if one.to == "cleo@example.org"]
    assert "- A vote is open in Tidewater Federation until" in to_cleo.body


@pytest.mark.parametrize(("then", "reminded"), [("weekly", ["ben"]), ("each", [])])
def test_what_was_told_at_once_stands_in_no_weekly_letter_again(
    now: Any, then: str, reminded: list[str]
) -> None:
    now.move(days=5)
    world = elections.house(preset="small")
    told(now)
    for name in ("ben", "cleo"):
        want(world.member(name), "weekly", at=now.time)
    poll = to_a_short_vote(now, world)
    told(now)
    elections.vote(world, poll, "cleo", "ada")
    before = set(Mail.objects.values_list("pk", flat=True))
    for name in ("ben", "cleo"):
        choosing.choose(world.member(name), then, at=now.time)
    now.pass_to(hours.next_morning(now.time, "Europe/Lisbon", weekly=True))
    told(now)
    since = Mail.objects.exclude(pk__in=before)
    weekly = list(since.filter(subject__startswith="Your week"))
    assert names_of([one for one in weekly if "Votes that wait for you:" in one.body]) == reminded
    assert not since.filter(body__contains="A vote is open").exists()


def test_who_wants_only_what_they_may_take_part_in_hears_of_opening_and_last_day_alone(hall: Hall) -> None:
    want(hall.world.member("ada"), "needed", at=hall.now.time)
    poll = to_vote(hall)
    told(hall.now)
    hall.now.pass_to(poll.closes_at - timedelta(days=1))
    told(hall.now)
    hall.now.pass_to(poll.closes_at)
    told(hall.now)
    to_ada = Mail.objects.filter(to="ada@example.org").order_by("pk")
    mine = [one.subject.partition(" in ")[0] for one in to_ada if "kept on" not in one.subject]
    assert mine == ["A vote is open", "A vote"]


def test_from_a_digest_to_each_nothing_is_told_twice_or_never(hall: Hall) -> None:
    want(hall.world.member("ada"), "daily", at=hall.now.time)
    to_vote(hall)
    Mail.objects.all().delete()
    assert "ada" not in names_of(told(hall.now))
    assert choosing.choose(hall.world.member("ada"), "each", at=hall.now.time)
    [letter] = Mail.objects.filter(to="ada@example.org", subject__startswith="Your day")
    assert "- A vote is open in" in letter.body
    Mail.objects.all().delete()
    hall.now.pass_to(hours.next_morning(hall.now.time, "Europe/Lisbon"))
    assert told(hall.now) == []


def test_less_mail_is_said_by_mail_so_that_nobody_makes_it_quiet_around_somebody(hall: Hall) -> None:
    choosing.choose(hall.world.member("ada"), "none", at=hall.now.time)
    [letter] = Mail.objects.filter(to="ada@example.org", subject="Your notices")
    assert "no notices" in letter.body
    assert letter.unsubscribe == ""


def test_there_are_five_ways_and_no_other(hall: Hall) -> None:
    with pytest.raises(ValueError, match="each, daily"):
        choosing.choose(hall.world.member("ada"), "hourly", at=hall.now.time)
    assert wishes.way_of(hall.world.member("ada")) == "each"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-02-01T07:59:00", "2026-02-01T08:00:00"),
        ("2026-02-01T08:00:00", "2026-02-02T08:00:00"),
        ("2026-03-28T12:00:00", "2026-03-29T07:00:00"),  # summer time begins in the night
        ("2026-10-24T12:00:00", "2026-10-25T08:00:00"),
    ],
)
def test_the_morning_is_eight_o_clock_there_in_summer_and_in_winter(at: str, expected: str) -> None:
    found = hours.next_morning(datetime.fromisoformat(at).replace(tzinfo=UTC), "Europe/Lisbon")
    assert found.strftime("%Y-%m-%dT%H:%M:%S") == expected


def test_a_monday_is_a_monday() -> None:
    found = hours.next_morning(datetime(2026, 2, 2, 8, 0, tzinfo=UTC), "Europe/Lisbon", weekly=True)
    assert found == datetime(2026, 2, 9, 8, 0, tzinfo=UTC)


def test_who_has_left_reads_in_a_digest_of_their_own_acts_alone(now: Any) -> None:
    world = elections.house()
    notices.keep_up(at=now.time)
    for name in elections.NAMES:
        want(world.member(name), "daily", at=now.time)
    ada, of = world.member("ada"), Election.objects.get()
    elections.candidates(world, "ben", of=of)
    leave(world.actor("ada"))
    now.pass_to(hours.next_morning(now.time, "Europe/Lisbon"))
    [letter] = [one for one in told(now) if one.to.startswith("ada@")]
    assert "- You left the organisation." in letter.body
    now.pass_to(of.closes_at)
    poll = Poll.objects.get(about="election")
    leave(world.actor("finn"))  # who stands on its roll
    now.pass_to(hours.next_morning(now.time, "Europe/Lisbon"))
    to = {one.to.partition("@")[0]: one.body for one in told(now)}
    assert "A vote is open in" in to["ben"]
    assert "- You left the organisation." in to["finn"]
    assert "vote" not in to["finn"].lower()
    for moment in (poll.closes_at.replace(hour=8, minute=0), poll.closes_at + timedelta(days=1)):
        now.pass_to(moment)
        assert {"ada", "finn"}.isdisjoint(names_of(told(now)))
    assert choosing.choose(ada, "each", at=now.time)


def test_a_digest_calls_nothing_open_that_is_over(hall: Hall) -> None:
    want(hall.world.member("ada"), "weekly", at=hall.now.time)
    poll = to_vote(hall)
    Mail.objects.all().delete()
    hall.now.pass_to(max(poll.closes_at, hours.next_morning(hall.now.time, "Europe/Lisbon", weekly=True)))
    [letter] = [one for one in told(hall.now) if one.to.startswith("ada@")]
    assert "has been counted. The roll says that you did not vote." in letter.body
    assert "A vote is open" not in letter.body


def test_the_page_a_letter_leads_to_is_open_to_its_reader(hall: Hall) -> None:
    leave(hall.world.actor("leo"))
    [letter] = told(hall.now)
    assert "- You left the organisation." in letter.body
    [address] = re.findall(r"http://localhost:8000(/\S*)", letter.body.partition("\n-- \n")[0])
    assert hall.enter("leo").get(address).status_code == 200


def test_a_house_that_was_handed_over_tells_nothing_more_and_the_next_one_tells_all(hall: Hall) -> None:
    want(hall.world.member("ada"), "daily", at=hall.now.time)
    poll = to_vote(hall)
    standing.stand_still(standing.HANDED_OVER, {standing.EVERY: {}})
    assert told(hall.now) == []
    hall.now.move(poll.closes_at - timedelta(hours=12))
    assert told(hall.now) == []
    standing.path().unlink()  # as it is where it goes on
    assert len([one for one in told(hall.now) if "open in" in one.subject]) == len(NAMES) - 1


# --- Once, however it goes -----------------------------------------------------------------------------


def test_an_organisation_that_is_old_when_it_is_first_followed_is_not_told_its_past(now: Any) -> None:
    hall = built(now)
    hall.at("vote")
    notices.keep_up(at=now.time)
    assert not Mail.objects.exclude(unsubscribe="").exists()
    poll = Poll.objects.get(about="issue")
    now.pass_to(poll.closes_at - timedelta(days=1))
    assert names_of(told(now)) == sorted(NAMES)  # yet nobody misses the last day of what was open


def test_what_breaks_between_reading_and_queueing_is_told_later_and_once(
    hall: Hall, monkeypatch: Any
) -> None:
    to_vote(hall)
    real = post.queue_notices

    def break_after(letters: Any, *, at: datetime) -> int:
        real(letters, at=at)
        raise OSError("the machine went down")

    monkeypatch.setattr(post, "queue_notices", break_after)
    place = Place.objects.get().position
    assert told(hall.now) == []
    assert Place.objects.get().position == place
    monkeypatch.undo()
    assert names_of(told(hall.now)) == sorted(NAMES)


def test_every_entry_is_passed_once(hall: Hall) -> None:
    to_vote(hall)
    told(hall.now)
    assert Place.objects.get().position == EntryRow.objects.count() == Head.objects.get().size
    positions = list(News.objects.values_list("position", flat=True))
    assert len(positions) == len(set(positions))


def test_two_thousand_letters_take_few_questions(hall: Hall, django_assert_max_num_queries: Any) -> None:
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.record.guard import opened_for
    from kollontai.chapters.voting.models import Voter

    poll = to_vote(hall)
    world, ada = hall.world.organisation, hall.world.member("ada")
    with opened_for("all"):
        people = [
            Member(id=f"crowd{number:011}", organisation=world, unit=ada.unit, name=ada.name,
                   standing="member", ground="founding", joined_at=ada.joined_at)
            for number in range(2_000)
        ]  # fmt: skip
        Member.objects.bulk_create(people, batch_size=500)
        Contact.objects.bulk_create(
            [Contact(member=one, organisation=world, email=f"{one.pk}@example.org") for one in people],
            batch_size=500,
        )
        Voter.objects.bulk_create(
            [Voter(organisation=world, poll=poll, member=one) for one in people], batch_size=500
        )
        try:
            with django_assert_max_num_queries(60):
                assert len(told(hall.now)) == 2_000 + len(NAMES)
        finally:
            Voter.objects.filter(member__in=people).delete()
            Contact.objects.filter(member__in=people).delete()
            Member.objects.filter(pk__in=[one.pk for one in people]).delete()


# --- On the wire ---------------------------------------------------------------------------------------


def test_a_notice_can_be_ended_by_one_click_and_a_code_cannot(hall: Hall, settings: Any) -> None:
    settings.DEMO = False
    support_issue(hall.world.actor("ben"), issue_id=hall.issue().pk)
    told(hall.now)
    post.queue("ada@example.org", "Your code", "RT4K", at=hall.now.time)
    Mail.objects.exclude(to__in=("ada@example.org", "ben@example.org")).delete()
    post.send_waiting()
    first, *others = mail.outbox
    assert first.subject == "Your code"  # what must arrive waits behind no notice
    assert "List-Unsubscribe" not in first.extra_headers
    assert others
    for message in others:
        head = message.message()
        assert head["List-Unsubscribe"].startswith("<http://localhost:8000/tidewater/notices/stop/")
        assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert head["Auto-Submitted"] == "auto-generated"
        assert head.get_content_type() == "text/plain"
    assert LEADER not in {message.to[0].partition("@")[0] for message in mail.outbox}
    tick()
