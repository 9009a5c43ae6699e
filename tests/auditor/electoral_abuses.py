# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of posts, elections, secret boxes, petitions and recalls, as in `abuses.py`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kollontai.openrecord.kinds import boxes, charter, elections, issues, members, petitions, polls, posts

from .abuses import ABUSES, abuse, drop, replace, slip_in
from .outside_story import held_outside
from .stories import a_committee_and_reopened_nominations as committee
from .stories import (
    a_lost_box_and_nobody_left,
    names_from_three_units,
    terms_served,
    ties_are_destroyed,
)
from .stories import a_post_that_is_dropped as dropped
from .stories import seats_given_back_one_after_the_other as given_back
from .stories import signatures_are_asked_after as asked_after
from .stories import two_seats_of_which_one_is_filled as one_of_two
from .story import HOUR, SCRUTINEER, TREASURER, on
from .town import Town
from .world import DAY, MINUTE

__all__ = ["ABUSES"]


def ballots(world: Town, poll: str, change: Callable[[list[Any]], None]) -> int:
    """Change what was published of a secret box."""
    position = world.find("box.counted", poll=poll)

    def bent(text: str) -> str:
        rows = json.loads(text)["ballots"]
        change(rows)
        return json.dumps({"ballots": rows})

    replace(world, position, "ballots", bent)
    return position


def stand(world: Town, position: int, election: str, member: str, *, half: bool = False) -> int:
    """Slip in somebody who puts themself forward as soon as the entry before; where they say yes."""
    at = _minute(world.chain[position - 1].at)
    slip_in(world, position, elections.NominationMade(election, member), member, at)
    return slip_in(
        world, position + 1, elections.CandidacyAccepted(election, half), member, at, statement="Me too."
    )


def _minute(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.second)


def fact(world: Town, position: int) -> Any:
    return world.chain[position].fact


@abuse("erasure_allowed", a_lost_box_and_nobody_left)
def a_candidate_is_known_by_no_name_while_they_are_voted_on(world: Town) -> int:
    left = world.find("member.left", member="m0002")
    return slip_in(world, left + 1, members.ContactErased("m0002"), "m0002", world.chain[left].at)


# --- seats and terms ---


@abuse("terms_from_counts")
def a_seat_without_a_count(world: Town) -> int:
    term = posts.TermBegun("t0099", "editor", "m0009", "b0099", "elected", on(400))
    return slip_in(world, world.find("issue.raised", issue="i0004"), term, "clock")


@abuse("terms_from_counts")
def somebody_takes_the_seat_whom_the_count_did_not_elect(world: Town) -> int:
    position = world.find("term.begun", term="t0007")
    world.change(position, member="m0014")
    return position


@abuse("terms_from_counts")
def a_term_is_moved(world: Town) -> int:
    position = world.find("term.begun", term="t0004")
    world.change(position, ends_at=fact(world, position).ends_at + 30 * DAY)
    return position


@abuse("terms_from_counts")
def a_term_begins_too_early(world: Town) -> int:
    position = world.find("term.begun", term="t0004")
    entry = world.chain.pop(position)
    decided = world.find("election.decided", election="e0003")
    world.chain.insert(decided + 1, entry)
    world.change(decided + 1, at=world.chain[decided].at)
    return decided + 1


@abuse("terms_from_counts")
def one_count_fills_the_seat_twice(world: Town) -> int:
    position = world.find("issue.raised", issue="i0004")
    term = fact(world, world.find("term.begun", term="t0007"))
    again = posts.TermBegun("t0099", "editor", "m0013", term.poll, "elected", term.ends_at)
    return slip_in(world, position, again, "clock")


@abuse("terms_from_counts")
def somebody_acts_whom_nobody_asked(world: Town) -> int:
    term = posts.TermBegun("t0099", "counter", "m0009", "b0004", "acting", on(160))
    return slip_in(world, world.find("acting.lapsed"), term, "clock")


@abuse("terms_from_counts")
def a_holder_is_called_recalled_without_a_vote(world: Town) -> int:
    ended = posts.TermEnded("t0006", "purse", "m0011", "recalled")
    return slip_in(world, world.find("issue.raised", issue="i0004"), ended, "clock")


@abuse("terms_from_counts")
def an_acting_holder_is_sent_home_before_the_by_election(world: Town) -> int:
    ended = posts.TermEnded("t0005", "purse", TREASURER, "seat-filled", on(80))
    return slip_in(world, world.find("poll.opened", subject="e0005"), ended, "clock")


@abuse("terms_from_counts")
def more_hold_a_post_than_it_has_seats(world: Town) -> int:
    drop(world, world.find("term.ended", term="t0003"))
    term = posts.TermBegun("t0099", "counter", "m0005", "b0004", "acting", on(160))
    return slip_in(world, world.find("acting.lapsed"), term, "m0005")


@abuse("terms_from_counts", terms_served)
def a_whole_term_after_a_half_round(world: Town) -> int:
    position = world.find("term.begun", term="t0004")
    world.change(position, ends_at=fact(world, position).ends_at + 30 * DAY)
    return position


@abuse("seats_follow_count")
def the_elected_are_not_let_in(world: Town) -> int:
    drop(world, world.find("term.begun", term="t0007"))
    return world.find("election.decided", election="e0007")


@abuse("seats_follow_count")
def an_acting_holder_stays_after_the_by_election(world: Town) -> int:
    drop(world, world.find("term.ended", why="seat-filled"))
    return world.find("election.decided", election="e0005")


@abuse("terms_from_counts", one_of_two)
def whoever_acts_in_a_seat_that_stays_empty_is_sent_home_too(world: Town) -> int:
    position = world.find("term.ended", why="seat-filled")
    other = next(row for row in world.rows["terms"] if row["how"] == "acting" and row["member"] == "m0005")
    ended = posts.TermEnded(other["term"], "table", "m0005", "seat-filled", fact(world, position).due)
    return slip_in(world, position + 1, ended, "clock")


@abuse("seats_follow_count", one_of_two)
def both_go_on_acting_when_one_of_two_seats_is_filled(world: Town) -> int:
    drop(world, world.find("term.ended", why="seat-filled"))
    return world.find("election.decided", election="e0002")


@abuse("seats_follow_count", committee)
def reopen_nominations_is_ignored(world: Town) -> int:
    position = world.find("election.decided", election="e0001")
    world.change(position, elected=("m0001", "m0002", "m0003"), reopened=0)
    return position


@abuse("seats_follow_count")
def another_is_said_to_be_elected(world: Town) -> int:
    position = world.find("election.decided", election="e0007")
    world.change(position, elected=("m0014",))
    return position


@abuse("seats_follow_count")
def an_election_is_decided_without_a_count(world: Town) -> int:
    drop(world, world.find("poll.counted", poll="b0010"))
    return world.find("election.decided", election="e0005")


# --- elections: when, for what, for whom ---


@abuse("elections_held")
def an_election_is_never_opened(world: Town) -> int:
    drop(world, world.find("election.opened", election="e0003"))
    return world.find("term.begun", term="t0002")


@abuse("elections_held")
def a_by_election_is_put_off(world: Town) -> int:
    drop(world, world.find("election.opened", election="e0005"))
    return world.find("term.ended", term="t0004")


@abuse("elections_held")
def a_seat_of_the_founding_is_forgotten(world: Town) -> int:
    drop(world, world.find("election.opened", election="e0001"))
    return world.find("post.created", post="counter")


@abuse("elections_held")
def a_new_post_is_kept_empty(world: Town) -> int:
    drop(world, world.find("election.opened", election="e0007"))
    return world.find("post.decided", post="editor")


@abuse("elections_held", committee)
def nominations_are_not_opened_again(world: Town) -> int:
    drop(world, world.find("election.opened", election="e0002"))
    return world.find("election.decided", election="e0001")


@abuse("elections_held")
def an_election_ends_in_nothing(world: Town) -> int:
    drop(world, world.find("election.empty", election="e0008"))
    return world.find("election.opened", election="e0008")


@abuse("elections_on_time")
def nominations_are_shortened(world: Town) -> int:
    position = world.find("election.opened", election="e0001")
    world.change(position, closes_at=fact(world, position).closes_at - 7 * DAY)
    return position


@abuse("elections_on_time")
def an_election_is_laid_on_the_holidays(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    entry = world.chain.pop(position)
    at = world.find("stage.begun", issue="i0001", stage="answer")
    world.chain.insert(at, entry)
    early = world.chain[at + 1].at
    world.change(at, at=early, due=early, closes_at=fact(world, at).closes_at - 8 * DAY)
    return at


@abuse("elections_on_time")
def who_may_vote_is_moved(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    world.change(position, members_since=fact(world, position).members_since + 20 * DAY)
    return position


@abuse("elections_on_time")
def another_unit_elects(world: Town) -> int:
    position = world.find("election.opened", election="e0004")
    world.change(position, unit="root")
    return position


@abuse("elections_on_time")
def a_by_election_for_a_seat_that_is_held(world: Town) -> int:
    position = world.find("election.opened", election="e0005")
    world.change(position, fills=("t0001",))
    return position


@abuse("elections_on_time")
def a_by_election_for_a_whole_term(world: Town) -> int:
    position = world.find("election.opened", election="e0005")
    world.change(position, ends_at=fact(world, position).ends_at + 200 * DAY)
    return position


@abuse("elections_on_time", given_back)
def seats_of_one_committee_are_filled_apart(world: Town) -> int:
    """Each by a majority, instead of both together in proportion."""
    position = world.find("election.widened", election="e0002")
    said = fact(world, world.find("election.opened", election="e0002"))
    at = world.chain[position].at
    drop(world, position)
    apart = elections.ElectionOpened(
        "e0099", "table", said.unit, "vacancy", ("t0002",), 1, 1, False, on(79).replace(hour=19),
        at - 30 * DAY, world.limits, at, None, None, said.ends_at,
    )  # fmt: skip
    return slip_in(world, position, apart, "clock", at)


def widened(world: Town, **changes: Any) -> int:
    """Bend how another seat joined a by-election."""
    position = world.find("election.widened", election="e0002")
    world.change(position, **changes)
    return position


@abuse("elections_on_time", given_back)
def a_seat_joins_that_nobody_gave_back(world: Town) -> int:
    return widened(world, term="t0004")


@abuse("elections_on_time", given_back)
def two_seats_join_for_one(world: Town) -> int:
    return widened(world, seats=3)


@abuse("elections_on_time", given_back)
def another_seat_keeps_nominations_open_for_longer(world: Town) -> int:
    position = world.find("election.widened", election="e0002")
    return widened(world, closes_at=fact(world, position).closes_at + 3 * DAY)


@abuse("elections_on_time", given_back)
def another_seat_has_no_days_of_its_own(world: Town) -> int:
    return widened(world, closes_at=fact(world, world.find("election.opened", election="e0002")).closes_at)


@abuse("elections_on_time", given_back)
def another_seat_lets_newcomers_vote(world: Town) -> int:
    return widened(world, members_since=on(64))


@abuse("elections_on_time", given_back)
def a_seat_joins_two_elections(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    twice = elections.ElectionWidened(
        "e0003", "t0001", 2, fact(world, position).closes_at, fact(world, position).members_since,
        world.chain[position].at,
    )  # fmt: skip
    return slip_in(world, position + 1, twice, "clock")


@abuse("elections_on_time")
def an_election_is_called_empty_although_somebody_stands(world: Town) -> int:
    at = world.find("poll.opened", subject="e0003")
    due = fact(world, world.find("election.opened", election="e0003")).closes_at
    return slip_in(world, at, elections.ElectionEmpty("e0003", due), "clock")


@abuse("elections_on_time", dropped)
def an_ended_post_is_elected_anew(world: Town) -> int:
    world.at += HOUR
    closes = on(195).replace(hour=18)
    opened = elections.ElectionOpened(
        "e0099", "desk", "root", "term-over", ("t0001",), 1, 1, False, closes, world.at - 30 * DAY,
        world.limits, world.at, None, on(172), None,
    )  # fmt: skip
    world.record(opened)
    return world.here


@abuse("elections_on_time")
def a_round_for_half_terms_where_people_stood(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    world.change(position, half=True)
    return position


@abuse("acts_by_right")
def a_chair_opens_an_election(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    world.change(position, actor="m0002")
    return position


@abuse("limits_copied")
def an_election_is_born_with_other_limits(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    world.change(position, limits=dict(world.limits, **{"D5.other": 3}))
    return position


# --- candidates and the paper ---


@abuse("candidates_entitled")
def a_candidate_comes_late(world: Town) -> int:
    return stand(world, world.find("lot.added", actor="m0009"), "e0001", "m0009")


@abuse("candidates_entitled")
def somebody_stands_who_is_no_member(world: Town) -> int:
    return stand(world, world.find("candidacy.revised"), "e0001", "m0099")


@abuse("candidates_entitled")
def somebody_stands_who_joined_too_late(world: Town) -> int:
    position = world.find("election.opened", election="e0003")
    world.change(position, members_since=on(6))
    at = world.find("candidacy.accepted", election="e0003", actor="m0010") + 1
    return stand(world, at, "e0003", "m0013")


def decided(post: str, what: str) -> elections.PostDecided:
    """A post that is made, changed or ended by a decision."""
    return elections.PostDecided(post, "root", what, "i0001", "d0001", True, 1, 60, 0, "separated", None)


@abuse("candidates_entitled", terms_served)
def a_fourth_term_in_a_row(world: Town) -> int:
    return stand(world, world.find("election.empty", election="e0004"), "e0004", "m0002")


@abuse("candidates_entitled", terms_served)
def a_renamed_post_to_escape_the_term_limit(world: Town) -> int:
    at = world.find("election.empty", election="e0004")
    renamed = decided("desk", "changed")
    slip_in(world, at, renamed, "clock", title="A new name")
    return stand(world, at + 1, "e0004", "m0002")


@abuse("candidates_entitled", terms_served)
def a_post_is_ended_and_made_anew_to_escape_the_term_limit(world: Town) -> int:
    at = world.find("election.empty", election="e0004")
    moment = world.chain[at].at
    ended = decided("desk", "ended")
    anew = decided("seat", "created")
    opened = elections.ElectionOpened(
        "e0099", "seat", "root", "created", (), 1, 1, False, moment + 15 * DAY, moment - 30 * DAY,
        world.limits, moment, None, None, None,
    )  # fmt: skip
    slip_in(world, at, ended, "clock", title="The desk")
    slip_in(world, at + 1, anew, "clock", title="The seat")
    slip_in(world, at + 2, opened, "clock")
    return stand(world, at + 3, "e0099", "m0002")


@abuse("candidates_entitled", terms_served)
def somebody_comes_forward_for_a_post_that_has_ended(world: Town) -> int:
    at = world.find("election.empty", election="e0004")
    ended = decided("desk", "ended")
    slip_in(world, at, ended, "clock", title="The desk")
    return stand(world, at + 1, "e0004", "m0003")


@abuse("candidates_entitled")
def a_half_term_in_a_normal_round(world: Town) -> int:
    position = world.find("candidacy.accepted", election="e0003", actor="m0010")
    world.change(position, half=True)
    return position


@abuse("candidates_entitled")
def a_scrutineer_stands_for_what_they_watch(world: Town) -> int:
    return stand(world, world.find("nomination.made", election="e0007", nominee="m0013"), "e0007", "m0004")


@abuse("candidates_entitled")
def who_is_to_be_confirmed_as_a_scrutineer_stands_for_a_post_that_leads(world: Town) -> int:
    at = world.find("poll.counted", poll="p0001")
    moment = world.chain[at - 1].at
    opened = elections.ElectionOpened(
        "e0099", "seat", "root", "created", (), 1, 1, False, moment + 15 * DAY, moment + 15 * DAY,
        world.limits, moment, None, None, None,
    )  # fmt: skip
    slip_in(world, at, decided("seat", "created"), "clock", moment, title="The seat")
    slip_in(world, at + 1, opened, "clock", moment)
    return stand(world, at + 2, "e0099", SCRUTINEER)


@abuse("candidates_entitled", given_back)
def who_sits_on_a_committee_stands_for_another_seat_of_it(world: Town) -> int:
    return stand(world, world.find("nomination.made", election="e0002", nominee="m0008"), "e0002", "m0004")


@abuse("candidates_entitled", given_back)
def somebody_stands_for_two_seats_of_one_committee_at_once(world: Town) -> int:
    return stand(world, world.find("nomination.made", election="e0003", nominee="m0009"), "e0003", "m0006")


@abuse("candidates_entitled")
def one_person_for_three_posts(world: Town) -> int:
    stand(world, world.find("poll.opened", subject="e0007"), "e0007", "m0011")
    at = world.find("poll.opened", subject="e0007")
    change = world.chain[at].at
    closes = change + 14 * DAY
    opened = elections.ElectionOpened(
        "e0099", "chair", "root", "created", (), 1, 1, False, closes, change - 30 * DAY, world.limits, change
    )
    slip_in(world, at, opened, "clock")
    return stand(world, at + 1, "e0099", "m0011")


@abuse("ballot_options")
def a_candidate_is_kept_off_the_paper(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    world.change(position, options=tuple(one for one in fact(world, position).options if one != "m0011"))
    return position


@abuse("ballot_options")
def the_paper_is_put_in_another_order(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    *names, ron = fact(world, position).options
    world.change(position, options=(*reversed(names), ron))
    return position


@abuse("papers_true")
def the_words_of_a_candidate_are_taken_off_the_paper(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    paper = json.loads(world.contents[world.chain[position].commitments["paper"].hex()].value)
    paper["options"][0]["statement"] = None
    replace(world, position, "paper", lambda _: json.dumps(paper))
    return position


@abuse("papers_true")
def a_hint_stands_on_the_paper_of_a_recall(world: Town) -> int:
    position = next(
        at for at, entry in enumerate(world.chain) if getattr(entry.fact, "about", "") == "recall"
        and entry.fact.kind_name == "poll.opened"
    )  # fmt: skip
    replace(
        world, position, "paper", lambda text: text.replace("{", '{"hint": "The committee says no.", ', 1)
    )
    return position


@abuse("papers_true")
def the_paper_says_that_a_new_post_is_filled_by_the_committee(world: Town) -> int:
    position = world.find("poll.opened", subject="x0001")
    replace(world, position, "paper", lambda text: text.replace("by election", "by the committee"))
    return position


@abuse("ballot_options")
def reopen_nominations_is_missing_on_the_paper(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    world.change(position, options=fact(world, position).options[:-1])
    return position


@abuse("ballot_options")
def persons_are_voted_on_with_names(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    world.change(position, box="open")
    return position


@abuse("ballot_options")
def an_election_closes_after_two_days(world: Town) -> int:
    position = world.find("poll.opened", subject="e0005")
    world.change(position, closes_at=fact(world, position).closes_at - 5 * DAY)
    return position


@abuse("roll_right")
def the_roll_of_an_election_has_grown(world: Town) -> int:
    position = world.find("poll.opened", subject="e0003")
    world.change(position, roll_count=fact(world, position).roll_count + 1)
    replace(world, position, "roll", lambda text: text.replace("]", ', "m0099"]'))
    return position


# --- secret boxes and their lots ---


@abuse("counts_recomputed")
def other_ballots_are_counted(world: Town) -> int:
    def swap(rows: list[Any]) -> None:
        for row in rows:
            if row[1]["ranking"][:1] == ["m0010"]:
                row[1]["ranking"] = ["m0003"]

    ballots(world, "b0006", swap)
    return world.find("poll.counted", poll="b0006")


@abuse("seats_follow_count")
def published_ballots_are_swapped(world: Town) -> int:
    def swap(rows: list[Any]) -> None:
        for row in rows:
            row[1] = {"ranking": ["m0014"]}

    ballots(world, "b0015", swap)
    return world.find("election.decided", election="e0007")


@abuse("counts_recomputed")
def an_election_is_closed_early(world: Town) -> int:
    position = world.find("poll.counted", poll="b0006")
    at = world.chain[position - 1].at
    world.change(position, at=at, due=at)
    return position


@abuse("boxes_whole")
def more_ballots_than_voters(world: Town) -> int:
    return ballots(world, "b0006", lambda rows: rows.append(["code~", {"ranking": ["m0010"]}]))


@abuse("boxes_whole")
def a_ballot_is_missing(world: Town) -> int:
    return ballots(world, "b0006", lambda rows: rows.pop())


@abuse("boxes_whole")
def three_ballots_have_one_code(world: Town) -> int:
    def alike(rows: list[Any]) -> None:
        rows[1][0] = rows[2][0] = rows[0][0]

    return ballots(world, "b0006", alike)


@abuse("boxes_whole")
def a_ballot_ranks_somebody_who_does_not_stand(world: Town) -> int:
    return ballots(world, "b0006", lambda rows: rows[0].__setitem__(1, {"ranking": ["m0001"]}))


@abuse("boxes_whole")
def more_vote_than_stand_on_the_roll(world: Town) -> int:
    position = world.find("box.counted", poll="b0006")
    world.change(position, cast=40)
    return position


@abuse("boxes_whole")
def a_sealed_ballot_is_left_out_of_the_list(world: Town) -> int:
    position = world.find("box.counted", poll="b0006")
    replace(world, position, "box", lambda text: json.dumps(json.loads(text)[1:]))
    return position


@abuse("boxes_whole")
def a_lost_box_is_all_there_was(world: Town) -> int:
    position = world.find("box.lost")
    drop(world, position + 1)
    return position


@abuse("posts_at_once")
def a_scrutineer_is_seated_in_a_post_that_leads(world: Town) -> int:
    counting = fact(world, world.find("term.begun", post="counter"))
    position = world.find("term.begun", term="t0006")
    world.change(position, member=counting.member)
    return position


@abuse("elections_on_time", a_lost_box_and_nobody_left)
def an_election_is_annulled_although_its_box_was_not_lost(world: Town) -> int:
    position = world.find("box.lost")
    drop(world, position)
    return position


@abuse("elections_on_time", a_lost_box_and_nobody_left)
def an_election_is_annulled_although_somebody_stands(world: Town) -> int:
    drop(world, world.find("member.left", actor="m0003"))
    return world.find("election.annulled")


@abuse("boxes_whole", a_lost_box_and_nobody_left)
def a_lost_vote_is_left_to_itself(world: Town) -> int:
    position = world.find("box.lost")
    drop(world, world.find("election.annulled"))
    return position


@abuse("elections_held", a_lost_box_and_nobody_left)
def after_an_annulled_election_none_opens(world: Town) -> int:
    position = world.find("election.annulled")
    del world.chain[position + 1 :]
    world.apply()  # weeks later
    return position


@abuse("elections_on_time", a_lost_box_and_nobody_left)
def an_annulled_election_lets_the_old_guard_stand_for_half_a_term(world: Town) -> int:
    position = world.find("election.opened", election="e0002")
    world.change(position, half=True)
    return position


@abuse("boxes_whole")
def voters_may_rank_one_only(world: Town) -> int:
    position = world.find("box.opened", poll="b0006")
    world.change(position, most_ranks=1)
    return position


@abuse("ballots_from_roll")
def somebody_votes_by_name_in_a_secret_poll(world: Town) -> int:
    at = world.find("box.opened", poll="b0006") + 1
    return slip_in(world, at, polls.BallotCast("b0006"), "m0001", choice='{"ranking":["m0010"]}')


@abuse("lots_fair")
def a_lot_is_drawn_again(world: Town) -> int:
    position = world.find("box.counted", poll="b0004")
    world.change(position, secret="ab" * 32)
    return position


@abuse("lots_fair")
def a_withheld_sentence_is_not_named(world: Town) -> int:
    position = world.find("box.counted", poll="b0004")
    world.change(position, silent=())
    return position


@abuse("lots_fair")
def somebody_adds_to_a_lot_after_the_first_sentence_is_known(world: Town) -> int:
    at = world.find("lot.shown") + 1
    return slip_in(world, at, boxes.LotAdded("b0004", "cd" * 32), "m0005", world.chain[at - 1].at)


@abuse("lots_fair")
def another_sentence_is_shown(world: Town) -> int:
    position = world.find("lot.shown")
    replace(world, position, "sentence", lambda text: text + " Or so.")
    return position


@abuse("lots_fair")
def sentences_are_shown_on_the_first_day(world: Town) -> int:
    position = world.find("lot.shown")
    entry = world.chain.pop(position)
    at = world.find("lot.added", actor="m0011") + 1
    world.chain.insert(at, entry)
    world.change(at, at=world.chain[at - 1].at + HOUR)
    return at


@abuse("ties_destroyed")
def marks_are_destroyed_at_once(world: Town) -> int:
    world.record(boxes.LinksDestroyed("b0004", world.at))
    return world.here


@abuse("ties_destroyed", ties_are_destroyed)
def marks_are_kept_for_ever(world: Town) -> int:
    drop(world, world.find("links.destroyed", of="b0001"))
    return world.find("poll.counted", poll="b0001")


@abuse("ties_destroyed", ties_are_destroyed)
def who_signed_is_kept_for_ever(world: Town) -> int:
    drop(world, world.find("links.destroyed", of="pt0001"))
    return world.find("petition.lapsed")


# --- next in line ---


@abuse("next_in_line")
def a_friend_is_called_next_in_line(world: Town) -> int:
    position = world.find("acting.offered", term="t0004", member="m0011")
    world.change(position, member="m0009")
    return position


@abuse("next_in_line")
def the_next_in_line_is_passed_over(world: Town) -> int:
    drop(world, world.find("acting.declined"))
    drop(world, world.find("acting.offered", member="m0011"))
    return world.find("acting.offered", member=TREASURER)


@abuse("next_in_line")
def the_next_in_line_is_not_asked(world: Town) -> int:
    drop(world, world.find("acting.lapsed"))
    drop(world, world.find("acting.offered", term="t0003"))
    return world.find("term.ended", term="t0003")


@abuse("next_in_line")
def somebody_is_to_act_for_half_a_year(world: Town) -> int:
    position = world.find("acting.offered", member=TREASURER)
    world.change(position, ends_at=on(240))
    return position


@abuse("next_in_line")
def the_next_in_line_has_an_hour_to_answer(world: Town) -> int:
    position = world.find("acting.offered", member="m0005")
    world.change(position, until=world.chain[position].at + HOUR)
    return position


@abuse("next_in_line")
def somebody_acts_after_somebody_who_acted(world: Town) -> int:
    at = world.find("election.decided", election="e0005")
    due = world.chain[at].at
    offer = elections.ActingOffered(
        "t0005", "purse", "b0006", "m0011", (), due + 3 * DAY, due + 20 * DAY, due
    )
    slip_in(world, at, posts.TermEnded("t0005", "purse", TREASURER, "resigned"), TREASURER, _minute(due))
    return slip_in(world, at + 1, offer, "clock", count="{}")


# --- posts ---


@abuse("posts_by_vote")
def a_post_is_made_without_an_issue(world: Town) -> int:
    world.post("driver", "root", "m0002", leading=True)
    return world.here


@abuse("posts_by_vote")
def a_post_is_said_to_be_voted(world: Town) -> int:
    made = elections.PostDecided(
        "driver", "root", "created", "i0004", "d0005", True, 1, 365, 0, "separated", None
    )
    return slip_in(world, world.find("statement.sealed", statement="s0002"), made, "clock", title="Driver")


@abuse("posts_by_vote")
def the_centre_makes_a_post_of_a_section(world: Town) -> int:
    position = world.find("post.decided", post="editor")
    world.change(position, unit="north")
    return position


@abuse("posts_by_vote")
def a_paid_post_is_voted_like_any_matter(world: Town) -> int:
    world.change(world.find("issue.raised", issue="x0001"), weight="ordinary")
    return world.find("post.decided", post="editor")


@abuse("posts_by_vote")
def a_post_is_paid_better_than_members_voted(world: Town) -> int:
    position = world.find("post.decided", post="editor")
    world.change(position, pay=200_000)
    return position


@abuse("posts_by_vote")
def what_members_voted_about_a_post_is_left_undone(world: Town) -> int:
    drop(world, world.find("post.decided", post="editor"))
    return world.find("issue.decided", issue="x0001")


@abuse("posts_by_vote")
def effects_are_declared_late(world: Town) -> int:
    position = world.find("effects.declared")
    world.chain.insert(position + 1, world.chain.pop(position))
    return position + 1


@abuse("posts_by_vote", dropped)
def a_term_of_ten_years(world: Town) -> int:
    position = world.find("post.created", post="desk")
    world.change(position, term_days=3_650)
    return position


# --- petitions, recalls, questions ---


@abuse("petitions_counted")
def an_alias_signs_twice(world: Town) -> int:
    at = world.find("petition.signed", actor="a21")
    return slip_in(world, at, petitions.PetitionSigned("pt0004", "root"), "a20")


@abuse("petitions_counted")
def somebody_signs_after_the_close(world: Town) -> int:
    at = world.find("poll.opened", subject="e0007")
    return slip_in(world, at, petitions.PetitionSigned("pt0003", "root"), "a33", _minute(world.chain[at].at))


@abuse("petitions_counted")
def a_petition_is_reached_with_too_few(world: Town) -> int:
    drop(world, world.find("petition.signed", actor="a21"))
    return world.find("petition.reached", petition="pt0004")


@abuse("petitions_counted")
def a_name_that_was_taken_back_is_counted(world: Town) -> int:
    drop(world, world.find("petition.signed", actor="a12"))
    return world.find("petition.reached", petition="pt0003")


@abuse("petitions_counted")
def a_petition_needs_half_of_all(world: Town) -> int:
    position = world.find("petition.opened", petition="pt0004")
    world.change(position, needed=8)
    return position


@abuse("petitions_counted")
def a_petition_has_two_days(world: Town) -> int:
    position = world.find("petition.opened", petition="pt0002")
    world.change(position, closes_at=world.chain[position].at + 2 * DAY)
    return position


@abuse("petitions_counted")
def a_petition_that_had_its_number_lapses(world: Town) -> int:
    position = world.find("petition.reached", petition="pt0004")
    drop(world, position)
    at = world.chain[position].at
    return slip_in(world, position, petitions.PetitionLapsed("pt0004", 2, "too-few", at), "clock")


@abuse("petitions_counted")
def a_petition_is_left_lying(world: Town) -> int:
    drop(world, world.find("petition.reached", petition="pt0004"))
    return world.find("petition.opened", petition="pt0004")


@abuse("petitions_counted", names_from_three_units)
def a_unit_gives_more_names_than_it_has_members(world: Town) -> int:
    reached = world.find("petition.reached", petition="pt0001")
    at = world.chain[reached - 1].at
    for alias in ("a91", "a92", "a93", "a94"):
        slip_in(world, reached, petitions.PetitionSigned("pt0001", "north"), alias, at)
    world.change(world.find("petition.reached", petition="pt0001"), signatures=8)
    return world.find("petition.opened", petition="pt0001")


@abuse("petitions_counted")
def two_recalls_of_one_term_at_once(world: Town) -> int:
    at = world.find("petition.signed", actor="a21")
    copy = fact(world, world.find("petition.opened", petition="pt0004"))
    again = petitions.PetitionOpened(
        "pt0099", "recall", "root", copy.base, 2, 1, copy.closes_at + DAY, world.limits, "t0003"
    )
    return slip_in(world, at, again, "a77", title="Once more", text="Once more.")


@abuse("limits_copied")
def a_section_calls_a_small_matter_big(world: Town) -> int:
    position = world.find("issue.raised", issue="i0002")
    world.change(position, weight="big")
    return position


@abuse("acts_by_right")
def one_alias_under_two_petitions(world: Town) -> int:
    position = world.find("petition.signed", actor="a21")
    world.change(position, actor="a02")
    return position


@abuse("acts_by_right")
def a_signature_shows_who_signed(world: Town) -> int:
    position = world.find("petition.signed", actor="a21")
    world.change(position, actor="m0007")
    return position


@abuse("acts_by_right")
def a_signature_says_how_its_signer_came_in(world: Town) -> int:
    position = world.find("petition.signed", actor="a21")
    world.change(position, auth="passkey")
    return position


@abuse("acts_by_right")
def a_member_speaks_and_does_not_say_how_they_came_in(world: Town) -> int:
    position = world.find("issue.raised", issue="i0002")
    world.change(position, auth="protected")
    return position


@abuse("acts_by_right")
def the_clock_signs_a_petition(world: Town) -> int:
    position = world.find("petition.signed", actor="a21")
    world.change(position, actor="clock")
    return position


@abuse("recall_follows_count")
def a_recall_is_ignored(world: Town) -> int:
    drop(world, world.find("term.ended", why="recalled"))
    return world.find("recall.decided", petition="pt0004")


@abuse("recall_follows_count")
def a_recall_with_a_low_turnout_is_carried_out(world: Town) -> int:
    position = world.find("recall.decided", petition="pt0003")
    world.change(position, outcome="recalled")
    return position


@abuse("recall_follows_count")
def the_turnout_that_elected_is_made_smaller(world: Town) -> int:
    position = world.find("recall.decided", petition="pt0003")
    world.change(position, electing_cast=2)
    return position


@abuse("recall_follows_count")
def the_vote_on_a_recall_is_put_off(world: Town) -> int:
    drop(world, world.find("poll.opened", subject="pt0004"))
    return world.find("petition.reached", petition="pt0004")


@abuse("questions_put")
def a_question_is_not_put(world: Town) -> int:
    drop(world, world.find("question.put", issue="q0001"))
    return world.find("petition.reached", petition="pt0001")


@abuse("questions_put")
def a_question_has_other_words(world: Town) -> int:
    position = world.find("question.put", issue="q0001")
    replace(world, position, "text", lambda text: "What we do not ask for.")
    return position


@abuse("questions_put")
def a_question_is_put_under_another_title(world: Town) -> int:
    position = world.find("question.put", issue="q0001")
    replace(world, position, "title", lambda _: "Shall the ferry be sold?")
    return position


@abuse("questions_put")
def a_question_of_members_has_to_wait_as_a_big_decision(world: Town) -> int:
    position = world.find("question.put", issue="q0001")
    world.change(position, weight="big")
    return position


@abuse("questions_put")
def the_clock_says_why_a_post_is_better_dropped(world: Town) -> int:
    position = world.find("question.put", issue="q0002")
    replace(world, position, "text", lambda text: f"{text}\nNobody has missed it.")
    return position


@abuse("questions_put")
def a_question_that_nobody_signed(world: Town) -> int:
    position = world.find("question.put", issue="q0001")
    world.change(position, subject="pt0004")
    return position


@abuse("questions_put")
def members_are_not_asked_about_a_post_that_nobody_wants(world: Town) -> int:
    drop(world, world.find("question.put", issue="q0002"))
    return world.find("election.empty", election="e0004")


@abuse("questions_put")
def a_question_would_do_more_than_members_signed(world: Town) -> int:
    position = world.find("question.put", issue="q0001")
    more = issues.EffectsDeclared("q0001.d", 1, ("end_post",))
    slip_in(world, position + 1, more, "clock", effects='[{"effect": "end_post", "post": "editor"}]')
    return position


@abuse("questions_put")
def a_question_about_one_post_would_end_another(world: Town) -> int:
    position = world.find("question.put", issue="q0002")
    replace(world, position + 1, "effects", lambda _: '[{"effect": "end_post", "post": "editor"}]')
    return position


@abuse("stages_full_length")
def a_question_is_talked_over_for_two_days(world: Town) -> int:
    position = world.find("stage.begun", issue="q0001", stage="talk")
    world.change(position, ends_at=fact(world, position).ends_at - 8 * DAY)
    return position


# --- ballots held outside ---


@abuse("acts_by_right", held_outside)
def ballots_are_entered_by_somebody_who_is_no_scrutineer(world: Town) -> int:
    position = world.find("outside.entered", actor="m0005")
    world.change(position, actor="m0009")
    return position


@abuse("acts_by_right", held_outside)
def a_candidate_enters_the_ballots(world: Town) -> int:
    position = world.find("poll.opened", subject="e0002")
    world.change(position, options=(*fact(world, position).options[:-1], "m0005", "ron"))
    return world.find("outside.entered", actor="m0005")


@abuse("outside_ballots", held_outside)
def both_entries_are_by_the_same(world: Town) -> int:
    world.change(world.find("outside.entered", actor="m0005"), actor="m0004")
    return world.find("poll.counted", poll="b0004")


@abuse("outside_ballots", held_outside)
def unequal_entries_are_counted(world: Town) -> int:
    position = world.find("outside.entered", actor="m0005")
    world.change(position, cast=8)
    return world.find("poll.counted", poll="b0004")


@abuse("outside_ballots", held_outside)
def ballots_are_entered_before_the_close(world: Town) -> int:
    position = world.find("outside.entered", actor="m0005")
    world.change(position, at=on(90))
    return position


@abuse("outside_ballots", held_outside)
def entered_ballots_are_not_those_of_the_hash(world: Town) -> int:
    position = world.find("outside.entered", actor="m0005")
    replace(world, position, "ballots", lambda text: text.replace("1 1 2 0", "1 2 1 0", 1))
    return position


@abuse("posts_by_vote", held_outside)
def ballots_are_held_outside_without_a_law_note_on_the_form(world: Town) -> int:
    world.change(world.find("law_note.voted"), touches="signing")
    return world.find("post.decided", post="press")


@abuse("ballot_options", held_outside)
def a_ballot_is_held_outside_when_the_law_note_is_over(world: Town) -> int:
    position = world.find("poll.opened", subject="e0002")
    until = world.chain[world.find("law_note.voted")].fact.until  # type: ignore[attr-defined]
    return slip_in(world, position, charter.LawNoteLapsed("n0001", until), "clock") + 1


@abuse("seats_follow_count", held_outside)
def the_other_is_seated_from_a_ballot_held_outside(world: Town) -> int:
    position = world.find("election.decided", election="e0002")
    world.change(position, elected=("m0007",))
    return position


# --- rows changed behind the server's back ---


@abuse("state_matches")
def a_mark_too_many_by_sql(world: Town) -> int:
    world.row("marks", poll="b0006")["marks"] = 11
    return world.find("box.counted", poll="b0006")


@abuse("state_matches")
def who_voted_stands_in_a_row(world: Town) -> None:
    world.row("voters", poll="b0015")["voted"] = True


@abuse("state_matches")
def a_candidate_is_withdrawn_by_sql(world: Town) -> int:
    world.row("nominations", election="e0003", member="m0011")["state"] = "withdrawn"
    return world.find("nomination.made", election="e0003", nominee="m0011")


@abuse("state_matches")
def a_signature_appears_by_sql(world: Town) -> None:
    world.add(
        "signatures",
        petition="pt0002",
        alias="a99",
        unit="root",
        at="2026-03-25T09:00:00Z",
        withdrawn_at=None,
    )


@abuse("state_matches")
def a_petition_is_reached_by_sql(world: Town) -> int:
    world.row("petitions", petition="pt0002")["state"] = "reached"
    return world.find("petition.opened", petition="pt0002")


@abuse("state_matches")
def an_old_name_of_a_post_is_shown(world: Town) -> int:
    world.at += MINUTE
    changed = elections.PostDecided(
        "editor", "root", "changed", "x0001", "x0001.d", True, 1, 365, 80_000, "separated", None
    )
    world.record(changed, title="Editor in chief")
    return world.here


@abuse("state_matches")
def a_box_is_said_to_be_open_still(world: Town) -> int:
    world.row("boxes", poll="b0006")["state"] = "open"
    return world.find("box.opened", poll="b0006")


@abuse("state_matches")
def marks_are_shown_after_they_were_destroyed(world: Town) -> None:
    world.at += MINUTE
    world.record(boxes.LinksDestroyed("b0004", world.at))


@abuse("entries_well_formed")
def somebody_accepts_what_was_offered_to_another(world: Town) -> int:
    position = world.find("acting.accepted")
    world.change(position, actor="m0009")
    return position


@abuse("decision_follows_count")
def a_question_is_said_to_have_carried(world: Town) -> int:
    position = world.find("issue.decided", issue="q0001")
    world.change(position, outcome="carried", draft="q0001.d")
    return position


@abuse("numbers_in_sequence")
def a_question_is_passed_over_in_the_numbers(world: Town) -> int:
    position = world.find("question.put", issue="q0002")
    world.change(position, number=fact(world, position).number + 1)
    return position


@abuse("overdue")
def a_question_is_put_and_not_talked_over(world: Town) -> int:
    drop(world, world.find("stage.begun", issue="q0001", stage="talk"))
    for stage in ("answer", "reply", "vote"):
        drop(world, world.find("stage.begun", issue="q0001", stage=stage))
    drop(world, world.find("issue.decided", issue="q0001"))
    return world.find("question.put", issue="q0001")


@abuse("next_in_line", held_outside)
def a_scrutineer_acts_in_a_leading_post(world: Town) -> int:
    """m0004, a scrutineer, says yes to acting in another seat: a term, its end, an offer, a yes."""
    at = len(world.chain)
    moment = world.at
    made = elections.PostDecided(
        "desk", "root", "created", "i0001", "d0001", True, 1, 365, 0, "separated", None
    )
    term = posts.TermBegun("t0099", "desk", "m0008", "b0001", "elected", moment + 200 * DAY)
    ended = posts.TermEnded("t0099", "desk", "m0008", "resigned")
    asked = elections.ActingOffered(
        "t0099", "desk", "b0001", "m0004", (), moment + 3 * DAY, moment + 45 * DAY, moment
    )  # fmt: skip
    world.record(made, title="Desk")
    world.record(term)
    world.record(ended, "m0008")
    world.record(asked, count="{}")
    world.record(elections.ActingAccepted("t0099"), "m0004")
    return at + 4


# --- who signed ---


def drawn(world: Town, by: str = "m0004") -> int:
    return next(
        at
        for at, entry in enumerate(world.chain)
        if isinstance(entry.fact, petitions.SampleDrawn) and entry.actor == by
    )


@abuse("samples_drawn", asked_after)
def somebody_who_is_no_scrutineer_is_shown_who_signed(world: Town) -> int:
    world.change(drawn(world), actor="m0009")
    return drawn(world, "m0009")


@abuse("samples_drawn", asked_after)
def a_scrutineer_is_shown_everybody_who_signed(world: Town) -> int:
    world.change(drawn(world), aliases=("a01", "a02"))
    return drawn(world)


@abuse("samples_drawn", asked_after)
def the_lot_is_passed_over_for_a_signature_that_is_known_to_be_real(world: Town) -> int:
    said = fact(world, drawn(world)).aliases
    world.change(drawn(world), aliases=tuple(one for one in ("a01", "a02") if one not in said)[:1])
    return drawn(world)


@abuse("samples_drawn", asked_after)
def a_scrutineer_draws_until_they_like_it(world: Town) -> int:
    again = petitions.SampleDrawn("pt0001", fact(world, drawn(world, "m0005")).aliases)
    return slip_in(
        world, drawn(world, "m0005") + 1, again, "m0005", world.chain[drawn(world, "m0005")].at,
        sentence="The tram was late.",
    )  # fmt: skip


@abuse("samples_drawn", asked_after)
def signers_are_shown_while_others_still_sign(world: Town) -> int:
    at = world.find("petition.reached", petition="pt0001")
    early = petitions.SampleDrawn("pt0001", ("a01",))
    return slip_in(world, at, early, "m0004", _minute(world.chain[at - 1].at), sentence="Now.")


@abuse("samples_drawn", asked_after)
def a_report_counts_somebody_who_was_not_drawn(world: Town) -> int:
    at = world.find("sample.reported", petition="pt0001")
    world.change(at, signed=4)
    return at


@abuse("samples_drawn", asked_after)
def a_report_is_made_twice(world: Town) -> int:
    at = world.find("sample.reported", petition="pt0001")
    better = petitions.SampleReported("pt0001", 1, 0, 0)
    return slip_in(world, at + 1, better, "m0004", world.chain[at].at)
