# SPDX-License-Identifier: AGPL-3.0-or-later
"""A post's life by the clock: vacant, nominations, vote, held, over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.support_issue import support_issue
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.decline_acting import decline_acting
from kollontai.chapters.elections.acts.withdraw_candidacy import withdraw_candidacy
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.elections.rules import State
from kollontai.chapters.record import act as frame
from kollontai.chapters.record.act import Refused, tick
from kollontai.chapters.record.models import Deadline
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
from tests.elections.hall import (
    NAMES,
    candidates,
    council,
    elected_house,
    election,
    holders,
    house,
    offer,
    term_of,
    to_the_count,
    to_the_vote,
    treasurer,
    vote,
    voted,
)
from tests.web.hall import Hall
from tests.world import World, day, founders

pytestmark = pytest.mark.django_db


def test_the_clock_opens_nominations_for_what_the_founding_left_vacant(now):
    world = house(council(), treasurer())
    seats = {election.post.seats: election for election in Election.objects.select_related("post")}
    assert set(seats) == {3, 1}
    for one in seats.values():
        assert (one.why, one.seats, one.round, one.half, one.state) == (
            "founding", one.post.seats, 1, False, "nominations",
        )  # fmt: skip
        assert one.closes_at == day("2026-02-15 20:00")
        assert one.members_since == one.closes_at, "in a young organisation everybody votes"
    assert holders() == []
    assert world.kinds().count("election.opened") == 2
    now.pass_days(1)
    assert Election.objects.count() == 2, "each is opened once"


def test_no_act_opens_closes_skips_or_appoints():
    frame.discover()
    of_members = {name for name in frame.ACTS if name.split(".")[0] in ("elections", "bodies")}
    assert of_members == {
        "bodies.leave", "bodies.open_founding", "bodies.resign", "bodies.sign_charter",
        "elections.accept_acting", "elections.decline_acting", "elections.decline_nomination",
        "elections.enter_outside_count", "elections.take_back_outside_count",
        "elections.nominate", "elections.revise_candidacy", "elections.stand", "elections.withdraw_candidacy",
    }  # fmt: skip


def test_the_count_itself_seats_people(now):
    world, done = elected_house(now)
    poll = Poll.objects.get(pk=done.poll)
    assert done.state == State.DECIDED
    assert done.elected == [world.people[name] for name in ("ada", "ben", "cleo")]
    assert set(holders()) == set(done.elected)
    for term in Term.objects.all():
        assert (term.how, term.poll, term.begins_at) == ("elected", poll.pk, poll.closed_at)
        assert term.ends_at == term.begins_at + timedelta(days=365)
    kinds = world.kinds()
    assert kinds[kinds.index("poll.counted") :][:4] == [
        "poll.counted", "box.counted", "election.decided", "term.begun",
    ]  # fmt: skip


def test_a_single_post_is_counted_by_alternative_vote(now):
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    assert (poll.secret_box.rule, poll.secret_box.seats, poll.options[-1]) == ("irv", 1, "ron")
    for name in ("ada", "cleo", "dai"):
        vote(world, poll, name, "ben")
    to_the_count(now, poll)
    assert holders() == [world.people["ben"]]


def test_who_stands_alone_is_still_voted_on_and_may_be_refused(now):
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada"))
    assert poll.options == [world.people["ada"], "ron"]
    for name in ("ben", "cleo", "dai"):
        vote(world, poll, name, "ron")
    vote(world, poll, "ada", "ada")
    done = to_the_count(now, poll)
    assert (done.elected, done.reopened, done.unfilled) == ([], 1, 0)
    assert holders() == []
    again = election(why="again")
    assert (again.after, again.round, again.half, again.seats) == (done.pk, 2, False, 1)
    assert again.opened_at == poll.closes_at, "at once"


def test_re_open_nominations_keeps_its_seat_open_and_seats_who_was_elected_before(now):
    world = house(council(seats=2))
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    for name in ("ada", "ben", "cleo"):
        vote(world, poll, name, "ada")
    for name in ("dai", "eva", "finn"):
        vote(world, poll, name, "ron")
    done = to_the_count(now, poll)
    assert (done.elected, done.reopened) == ([world.people["ada"]], 1)
    assert election(why="again").seats == 1


def test_where_nobody_votes_nobody_is_elected_and_every_seat_opens_again_after_a_month(now):
    world = house()
    done = to_the_count(now, to_the_vote(now, candidates(world, "ada")))
    assert (done.elected, done.reopened, done.unfilled) == ([], 0, 3)
    now.pass_days(31)
    assert (election(why="again").seats, election(why="again").half) == (3, False)


def test_fewer_candidates_than_seats_leave_seats_for_another_round(now):
    world = house()
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    vote(world, poll, "cleo", "ada", "ben")
    vote(world, poll, "dai", "ben", "ada")
    done = to_the_count(now, poll)
    assert (set(done.elected), done.reopened, done.unfilled) == (
        {world.people["ada"], world.people["ben"]}, 0, 1,
    )  # fmt: skip
    now.pass_days(29)
    assert not Election.objects.filter(why="again").exists()
    now.pass_days(2)
    assert (election(why="again").seats, election(why="again").half) == (1, False)


def test_a_withdrawn_candidate_is_not_on_the_paper(now):
    world = house()
    of = candidates(world, "ada", "ben")
    withdraw_candidacy(world.actor("ben"), election_id=of.pk)
    assert to_the_vote(now, of).options == [world.people["ada"], "ron"]


def test_a_candidate_who_left_is_not_on_the_paper(now):
    world = house()
    of = candidates(world, "ada", "ben")
    leave(world.actor("ben"))
    assert to_the_vote(now, of).options == [world.people["ada"], "ron"]


def test_who_was_elected_and_left_before_the_count_leaves_a_seat_to_fill(now):
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    for name in ("ben", "cleo", "dai"):
        vote(world, poll, name, "ada")
    leave(world.actor("ada"))
    done = to_the_count(now, poll)
    assert (done.elected, holders()) == ([world.people["ada"]], [])
    assert election(why="again").seats == 1


# --- The end of a term -------------------------------------------------------------------------------


def test_the_next_election_closes_three_days_before_the_term_ends_and_its_terms_begin_then(now):
    world, first = elected_house(now)
    end = Term.objects.first().ends_at
    now.pass_to(end - timedelta(days=26) - timedelta(minutes=1))
    assert Election.objects.count() == 1
    now.pass_to(end - timedelta(days=26))
    following = election(why="term-over")
    assert (following.seats, following.begins_at) == (3, end)
    assert sorted(following.fills) == sorted(Term.objects.values_list("pk", flat=True))
    poll = to_the_vote(now, candidates(world, "dai", "eva", "finn", of=following))
    assert poll.closes_at <= end - timedelta(days=3)
    for name in ("ada", "ben", "cleo"):
        vote(world, poll, name, "dai", "eva", "finn")
    to_the_count(now, poll)
    assert set(holders()) == set(first.elected), "until their terms are over"
    now.pass_to(end)
    assert set(holders()) == {world.people[name] for name in ("dai", "eva", "finn")}
    new = Term.objects.filter(ended_at=None)
    assert {(term.begins_at, term.ends_at) for term in new} == {(end, end + timedelta(days=365))}


def test_an_outage_of_the_clock_makes_no_term_longer(now):
    _world, _done = elected_house(now)
    end = Term.objects.first().ends_at
    now.move(to=end + timedelta(days=10))
    tick()
    assert holders() == []
    assert election(why="term-over").closes_at > now.time


# --- Vacancies ---------------------------------------------------------------------------------------


def test_a_vacancy_is_filled_by_the_next_in_line_until_the_by_election(now):
    world, _done = elected_house(now)
    left = term_of(world, "ben")
    resign(world.actor("ben"), term_id=left.pk)
    tick()
    left.refresh_from_db()
    asked = offer()
    assert (asked.term_id, asked.member_id) == (left.pk, world.people["dai"])
    assert asked.until == now.time + timedelta(days=3)
    by = election(why="vacancy")
    assert (by.seats, by.fills, by.ends_at) == (1, [left.pk], left.ends_at)
    assert len(holders()) == 2, "asked is not seated"

    acting = accept_acting(world.actor("dai"), term_id=left.pk).value
    assert (acting.how, acting.poll, acting.ends_at) == (
        "acting", left.poll, left.ended_at + timedelta(days=45),
    )  # fmt: skip
    poll = to_the_vote(now, candidates(world, "eva", of=by))
    for name in ("ada", "cleo", "eva"):
        vote(world, poll, name, "eva")
    to_the_count(now, poll)
    acting.refresh_from_db()
    assert (acting.ended_at, acting.ended_why) == (now.time, "seat-filled")
    rest = term_of(world, "eva")
    assert (rest.how, rest.ends_at) == ("elected", left.ends_at)
    # The next election fills all three seats together.
    now.pass_to(left.ends_at - timedelta(days=20))
    following = Election.objects.filter(why="term-over")
    assert [one.seats for one in following] == [3]


def four_in_line(now) -> World:
    """A house whose chair is Ada; then come Ben, Cleo and Dai, by every ballot."""
    world = house(council(seats=1, title="Chair"))
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", "dai"))
    for name in ("eva", "finn", "ada", "ben"):
        vote(world, poll, name, "ada", "ben", "cleo", "dai")
    to_the_count(now, poll)
    return world


def test_who_declines_or_is_silent_lets_the_next_one_be_asked(now):
    world = four_in_line(now)
    left = term_of(world, "ada")
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["ben"]
    decline_acting(world.actor("ben"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["cleo"]
    now.pass_days(3)
    assert offer().member_id == world.people["dai"]
    now.pass_days(3)
    assert not Offer.objects.filter(state="asked").exists(), "the leaver is not asked, nor anybody twice"
    assert [one.state for one in Offer.objects.order_by("offered_at")] == ["declined", "lapsed", "lapsed"]
    answers = [kind for kind in world.kinds() if kind in ("acting.declined", "acting.lapsed")]
    assert answers == ["acting.declined", "acting.lapsed", "acting.lapsed"]
    deadlines = Deadline.objects.filter(act__in=("elections.ask_next", "elections.lapse_offer"))
    assert all(deadlines.values_list("done_at", flat=True)), "each was performed"


def test_who_has_left_is_no_longer_in_line(now):
    world = four_in_line(now)
    leave(world.actor("ben"))
    left = term_of(world, "ada")
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["cleo"]
    decline_acting(world.actor("cleo"), term_id=left.pk)
    tick()
    assert offer().member_id == world.people["dai"]


def test_acting_ends_by_itself_and_is_not_begun_again(now):
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    acting = accept_acting(world.actor("ben"), term_id=left.pk).value
    now.pass_to(acting.ends_at)
    acting.refresh_from_db()
    assert (acting.ended_at, acting.ended_why) == (acting.ends_at, "term-over")
    now.pass_days(40)
    assert Term.objects.filter(how="acting").count() == 1
    with pytest.raises(Refused) as refused:
        accept_acting(world.actor("ben"), term_id=left.pk)
    assert refused.value.refusal.code == "offer-over"


def test_an_acting_holder_who_resigns_leaves_nothing_but_the_by_election(now):
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    acting = accept_acting(world.actor("ben"), term_id=left.pk).value
    resign(world.actor("ben"), term_id=acting.pk)
    tick()
    assert Election.objects.filter(why="vacancy").count() == 1
    assert not Offer.objects.filter(state="asked").exists()


def test_the_next_in_line_alone_may_accept_and_in_time(now):
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    for name in ("cleo", "ada"):
        with pytest.raises(Refused) as refused:
            accept_acting(world.actor(name), term_id=left.pk)
        assert refused.value.refusal.code == "not-next-in-line"
    with pytest.raises(Refused) as refused:
        decline_acting(world.actor("ben"), term_id="nosuchtermmmmmmm")
    assert refused.value.refusal.code == "no-such-offer"
    now.move(days=3)
    with pytest.raises(Refused) as refused:
        accept_acting(world.actor("ben"), term_id=left.pk)
    assert refused.value.refusal.code in {"offer-over", "not-next-in-line"}


def test_short_before_the_end_no_by_election_is_held(now):
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    now.pass_to(left.ends_at - timedelta(days=45))
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    assert not Election.objects.filter(why="vacancy").exists()
    acting = accept_acting(world.actor("ben"), term_id=left.pk).value
    assert acting.ends_at == left.ends_at
    now.pass_to(left.ends_at - timedelta(days=20))
    assert [one.seats for one in Election.objects.filter(why="term-over")] == [1]


def give_back(world, *names: str) -> None:
    for name in names:
        resign(world.actor(name), term_id=term_of(world, name).pk)
        tick()


def test_seats_given_back_one_after_the_other_are_filled_together_for_the_rest_and_at_the_end(now):
    world, _done = elected_house(now)
    end = term_of(world, "ada").ends_at
    give_back(world, "ada", "ben")
    by = election(why="vacancy")
    assert Election.objects.filter(why="vacancy").count() == 1
    assert (by.seats, len(by.fills), by.ends_at) == (2, 2, end)
    assert world.kinds().count("election.widened") == 1
    assert offer().member_id == world.people["dai"], "for one of them; nobody is asked for two"
    now.pass_to(end - timedelta(days=20))
    assert [one.seats for one in Election.objects.filter(why="term-over")] == [3]


def test_who_declines_one_seat_of_two_lets_the_one_after_be_asked(now):
    """dai is asked for the first seat, eva for the second; when dai says no, nobody is left in line."""
    world = house()
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", "dai", "eva"))
    for name in ("ada", "ben", "cleo", "dai", "finn"):
        vote(world, poll, name, "ada", "ben", "cleo", "dai", "eva")
    to_the_count(now, poll)
    first, second = term_of(world, "ada"), term_of(world, "ben")
    give_back(world, "ada", "ben")
    asked = {one.term_id: one.member_id for one in Offer.objects.filter(state="asked")}
    assert asked == {first.pk: world.people["dai"], second.pk: world.people["eva"]}
    decline_acting(world.actor("dai"), term_id=first.pk)
    tick()
    assert offer().term_id == second.pk
    accept_acting(world.actor("eva"), term_id=second.pk)
    now.pass_days(1)
    assert Term.objects.filter(how="acting").count() == 1


def test_a_majority_does_not_take_seats_that_were_given_back_apart_in_time(now):
    """Five of nine rank their own first; by one seat each they would win both, in proportion they win one."""
    names = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "hana", "ivo")
    world = house(council(), listed=founders(*names))
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo"))
    for name in names:
        vote(world, poll, name, "ada", "ben", "cleo")
    to_the_count(now, poll)
    give_back(world, "ada")
    by = election(why="vacancy")
    first_close = by.closes_at
    now.pass_days(10)
    give_back(world, "ben")
    by.refresh_from_db()
    assert (by.seats, by.closes_at) == (2, first_close + timedelta(days=10)), "fourteen days for each seat"
    now.pass_to(first_close)
    by.refresh_from_db()
    assert by.state == State.NOMINATIONS, "it does not close at the hour that was to be at first"
    poll = to_the_vote(now, candidates(world, "dai", "eva", "hana", of=by))
    assert (poll.secret_box.seats, poll.secret_box.rule) == (2, "scottish-stv")
    for name in names[:5]:
        vote(world, poll, name, "dai", "eva")
    for name in names[5:]:
        vote(world, poll, name, "hana")
    done = to_the_count(now, poll)
    assert sorted(done.elected) == sorted(world.people[name] for name in ("dai", "hana"))


def test_a_by_election_is_not_put_off_for_longer_than_somebody_may_act(now):
    world, _done = elected_house(now)
    give_back(world, "ada")
    by = election(why="vacancy")
    now.pass_days(12)
    give_back(world, "ben")
    by.refresh_from_db()
    assert by.seats == 2
    now.pass_days(13)  # the vote would close in the evening of the 46th day
    give_back(world, "cleo")
    by.refresh_from_db()
    assert (by.seats, by.state) == (2, State.NOMINATIONS)
    assert [one.seats for one in Election.objects.filter(why="vacancy").order_by("opened_at")] == [2, 1]


def test_a_seat_given_back_when_the_vote_has_begun_has_a_by_election_of_its_own(now):
    """Whoever times it so gains a seat for a month and a half: until then the next in line of the old count
    acts, and the paper that is frozen stays as it is."""
    world, _done = elected_house(now)
    give_back(world, "ada")
    by = election(why="vacancy")
    to_the_vote(now, candidates(world, "eva", of=by))
    give_back(world, "ben")
    apart = election(why="vacancy")
    assert (apart.seats, apart.pk != by.pk) == (1, True)
    by.refresh_from_db()
    assert by.seats == 1
    reader, counted_apart = Hall(world, now).enter("finn"), "so the two are counted apart."
    pages = [reader.get(f"/tidewater/elections/{one.pk}/").content.decode() for one in (by, apart)]
    assert [counted_apart in page for page in pages] == [False, True]


def test_a_round_for_half_terms_takes_no_seat_for_which_nobody_has_failed_to_stand(now):
    world, _done = elected_house(now)
    give_back(world, "ada")
    now.pass_to(election(why="vacancy").closes_at + timedelta(days=30))
    half = election(why="again")
    assert half.half
    give_back(world, "ben")
    half.refresh_from_db()
    assert half.seats == 1
    assert election(why="vacancy").fills != half.fills


def test_a_seat_that_reopens_after_a_joint_by_election_is_filled_anew(now):
    world, _done = elected_house(now)
    give_back(world, "ada", "ben")
    poll = to_the_vote(now, candidates(world, "dai", "eva", of=election(why="vacancy")))
    for name in ("ada", "ben"):
        vote(world, poll, name, "dai")
    for name in ("cleo", "finn"):
        vote(world, poll, name, "ron")
    done = to_the_count(now, poll)
    assert (done.elected, done.reopened) == ([world.people["dai"]], 1)
    again = election(why="again")
    assert (again.seats, len(again.fills)) == (1, 1)


@pytest.mark.parametrize(("by", "which", "code"), [
    ("ben", "ada", "not-your-post"), ("ada", "none", "no-such-term"),
])  # fmt: skip
def test_nobody_resigns_for_another(now, by, which, code):
    world, _done = elected_house(now)
    term = term_of(world, which).pk if which != "none" else "nosuchtermmmmmmm"
    with pytest.raises(Refused) as refused:
        resign(world.actor(by), term_id=term)
    assert refused.value.refusal.code == code


def test_a_post_is_given_back_once(now):
    world, _done = elected_house(now)
    term = term_of(world, "ada")
    resign(world.actor("ada"), term_id=term.pk)
    with pytest.raises(Refused) as refused:
        resign(world.actor("ada"), term_id=term.pk)
    assert refused.value.refusal.code == "term-already-ended"


def test_leaving_leaves_a_vacancy(now):
    world, _done = elected_house(now)
    leave(world.actor("cleo"))
    tick()
    assert offer().member_id == world.people["dai"]
    assert election(why="vacancy").seats == 1


# --- Nobody stands -----------------------------------------------------------------------------------


def test_where_nobody_stands_nominations_open_again_after_a_month_and_those_who_served_may_stand(now):
    house(treasurer())
    first = election()
    now.pass_to(first.closes_at)
    first.refresh_from_db()
    assert first.state == State.EMPTY
    now.pass_to(first.closes_at + timedelta(days=30))
    second = election(why="again")
    assert (second.round, second.half, second.after) == (2, True, first.pk)
    assert Post.objects.get().terms.count() == 0


def test_where_nobody_stands_for_a_rest_that_is_almost_over_the_whole_term_comes_first(now):
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    now.pass_to(left.ends_at - timedelta(days=70))
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    first = election(why="vacancy")
    now.pass_to(first.closes_at + timedelta(days=31))
    assert left.ends_at > now.time
    assert not Election.objects.filter(why="again").exists()
    now.pass_to(left.ends_at)
    assert election(why="term-over").begins_at == left.ends_at


def test_a_vote_that_closes_when_the_rest_is_over_seats_nobody(now):
    """The clock stood still meanwhile. No term begins, and the auditor agrees when the record has gone on."""
    world, _done = elected_house(now, treasurer())
    left = term_of(world, "ada")
    now.pass_to(left.ends_at - timedelta(days=50))
    resign(world.actor("ada"), term_id=left.pk)
    tick()
    poll = to_the_vote(now, candidates(world, "ben", of=election(why="vacancy")))
    vote(world, poll, "cleo", "ben")
    now.move(to=left.ends_at + timedelta(days=1))
    now.pass_days(0)
    by = election(why="vacancy")
    assert (by.state, by.elected) == (State.DECIDED, [world.people["ben"]])
    assert not Term.objects.filter(poll=poll.pk).exists()
    now.pass_days(1)
    leave(world.actor("finn"))


# --- Terms in a row ----------------------------------------------------------------------------------


def serve_three_terms(world, now, name: str) -> None:
    """Let somebody be elected three times in a row."""
    for _number in range(3):
        poll = to_the_vote(now, candidates(world, name))
        for voter in NAMES[:4]:
            vote(world, poll, voter, name)
        of = to_the_count(now, poll)
        if of.begins_at:
            now.pass_to(of.begins_at)
        ends = term_of(world, name).ends_at
        now.pass_to(ends - timedelta(days=25))


def test_a_post_that_is_ended_and_made_anew_takes_on_the_terms_served_in_it(now):
    world = house(council(title="Scribe", seats=1, leading=False, duty="specialist", term_days=100))
    serve_three_terms(world, now, "ada")
    with pytest.raises(Refused) as refused:
        candidates(world, "ada")
    assert refused.value.refusal.code == "served-their-terms"
    anew = Effect("create_post", title="Writer", seats=1, term_days=100, duty="specialist")
    issue = raise_issue(
        world.actor("ada"), unit_id=world.unit().pk, title="A writer", text="Why.", draft_title="A writer",
        draft_text="1. A writer, and no scribe.", effects=[Effect("end_post", post=Post.objects.get().pk), anew],
    ).value  # fmt: skip
    support_issue(world.actor("ben"), issue_id=issue.pk)
    while (issue := Issue.objects.get(pk=issue.pk)).stage != "vote":
        now.pass_to(issue.stage_ends_at)
    for name in NAMES:
        cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
    now.pass_to(now.time)
    of = election(why="created")
    assert of.post.ended_at is None
    with pytest.raises(Refused) as refused:
        candidates(world, "ada", of=of)
    assert refused.value.refusal.code == "served-their-terms"
    candidates(world, "ben", of=of)


@pytest.mark.parametrize("left", [65, 40])
def test_after_half_a_term_that_ends_long_before_the_rest_what_is_left_of_it_is_filled(now, left):
    """With one term as the most, who resigned stands in a round for half terms; no seat stays empty by it."""
    world = house(treasurer())
    poll = to_the_vote(now, candidates(world, "ada"))
    vote(world, poll, "dai", "ada")
    to_the_count(now, poll)
    voted(world, now, Effect("set_limit", key="O1.running", value=1))
    rest = Term.objects.get().ends_at
    now.pass_to(rest - timedelta(days=183 + 65 + left))
    give_back(world, "ada")
    now.pass_to(election(why="vacancy").closes_at + timedelta(days=30))
    poll = to_the_vote(now, candidates(world, "ada", of=election(why="again")))
    vote(world, poll, "dai", "ada")
    to_the_count(now, poll)
    half = Term.objects.get(ended_at=None)
    assert timedelta(days=left - 3) < rest - half.ends_at < timedelta(days=left + 15)
    now.pass_to(half.ends_at - timedelta(days=20))
    after = election(opened_at__gt=half.begins_at) if left == 65 else None
    if after is None:
        assert not Election.objects.filter(opened_at__gt=half.begins_at).exists()
    else:
        assert (after.why, after.fills, after.begins_at, after.ends_at) == (
            "term-over", [half.pk], half.ends_at, rest,
        )  # fmt: skip
        poll = to_the_vote(now, candidates(world, "ben", of=after))
        vote(world, poll, "dai", "ben")
        to_the_count(now, poll)
        now.pass_to(half.ends_at)
        last = Term.objects.get(ended_at=None)
        assert (last.member_id, last.ends_at) == (world.people["ben"], rest)
    now.pass_to(rest - timedelta(days=20))
    assert (election().begins_at, election().ends_at) == (rest, None)


def test_members_are_asked_once_at_a_time_about_a_post_whose_seats_are_put_up_apart(now):
    world, _done = elected_house(now)
    give_back(world, "ada")
    now.pass_to(election(why="vacancy").closes_at)
    give_back(world, "ben")
    now.pass_days(80)
    assert [one.round for one in Election.objects.filter(state=State.EMPTY).order_by("opened_at")] == [
        1,
        1,
        2,
        2,
    ]
    question = Issue.objects.get()
    assert question.stage == "vote"
