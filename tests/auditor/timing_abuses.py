# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of time, and of questions that were decided, as in `abuses.py`."""

from __future__ import annotations

import json

from kollontai.openrecord.kinds import issues, timing

from .abuses import abuse, drop, replace, slip_in
from .charter_abuses import ABUSES
from .charter_stories import CHAIR
from .story import HOUR
from .timing_stories import (
    a_clock_that_came_late,
    a_question_after_its_time,
    a_question_again,
    quiet_days_and_a_voting_day,
    shortened_by_a_letter,
)
from .town import Town
from .world import DAY

__all__ = ["ABUSES"]

# --- article 2: the same question ---


@abuse("same_question", a_question_again)
def a_decided_question_is_raised_again_as_if_it_were_new(world: Town) -> int:
    position = world.find("question.again", draft="d0002")
    drop(world, position)
    return position - 1


@abuse("supporters_enough", a_question_again)
def a_decided_question_is_talked_over_with_the_ordinary_number(world: Town) -> int:
    position = world.find("issue.supported", actor="m0018")
    drop(world, position)
    return position


@abuse("same_question", a_question_again)
def an_empty_issue_gets_the_old_draft_later(world: Town) -> int:
    position = world.find("question.again", draft="d0004")
    drop(world, position)
    return position - 1


@abuse("same_question", a_question_again)
def a_draft_is_revised_into_the_old_one(world: Town) -> int:
    position = world.find("question.again", draft="d0003")
    drop(world, position)
    return position - 1


@abuse("ballot_options", a_question_again)
def an_old_draft_comes_to_the_vote_with_too_few_behind_it(world: Town) -> int:
    drop(world, world.find("draft.supported", actor="m0016"))
    drop(world, world.find("draft.supported", actor="m0015"))
    return world.find("poll.opened", subject="i0003")


@abuse("same_question", a_question_again)
def the_number_for_an_old_question_is_lowered(world: Town) -> int:
    position = world.find("question.again", draft="d0004")
    world.change(position, needed=3)
    return position


@abuse("same_question", a_question_again)
def another_issue_is_named_as_the_earlier_one(world: Town) -> int:
    position = world.find("question.again", draft="d0004")
    world.change(position, earlier="i0002")
    return position


@abuse("same_question", a_question_after_its_time)
def a_new_question_is_marked_as_an_old_one(world: Town) -> int:
    position = world.find("draft.put", draft="d0002") + 1
    return slip_in(world, position, timing.QuestionAgain("i0002", "d0002", 1, "i0001", 9), "m0005")


# --- article 2: how a matter ends without a vote ---


@abuse("ended_without_vote", a_clock_that_came_late)
def a_matter_lapses_although_its_draft_was_left(world: Town) -> int:
    position = world.find("stage.begun", stage="vote")
    at, due = world.chain[position].at, world.chain[position].fact.due  # type: ignore[attr-defined]
    del world.chain[position:]
    return slip_in(world, position, issues.IssueLapsed("i0001", "no-draft", due), "clock", at=at)


@abuse("ended_without_vote", a_clock_that_came_late)
def a_matter_is_smothered_in_the_members_talk(world: Town) -> int:
    position = world.find("stage.begun", stage="answer")
    at, due = world.chain[position].at, world.chain[position].fact.due  # type: ignore[attr-defined]
    del world.chain[position:]
    return slip_in(world, position, issues.IssueLapsed("i0001", "no-draft", due), "clock", at=at)


@abuse("supporters_enough", a_clock_that_came_late)
def a_supporter_is_taken_from_a_matter_that_is_talked_over(world: Town) -> int:
    position = world.find("stage.begun", stage="answer")
    return slip_in(world, position, issues.IssueSupportWithdrawn("i0001"), "m0006")


@abuse("supporters_enough", a_clock_that_came_late)
def the_talk_is_kept_waiting_for_a_week(world: Town) -> int:
    position = world.find("stage.begun", stage="talk")
    world.change(position, at=world.chain[position].at + 7 * DAY)
    return position


@abuse("clock_not_early", a_clock_that_came_late)
def a_matter_is_let_wait_while_others_go_on(world: Town) -> int:
    position = world.find("stage.begun", stage="answer")
    entry = world.chain[position]
    world.change(position, at=entry.at + 3 * DAY)
    other = issues.IssueRaised("i0099", 99, "root", "ordinary", False, 2, entry.at + 93 * DAY, world.limits)
    slip_in(world, position, other, "m0008", at=entry.at + 2 * DAY, title="Mugs", text="We need some.")
    return position + 1


# --- article 2: how long a reply lasts ---


@abuse("stages_full_length", a_clock_that_came_late)
def members_reply_for_less_time_than_leaders_had(world: Town) -> int:
    position = world.find("stage.begun", stage="reply")
    stage = world.chain[position].fact
    world.change(position, ends_at=stage.ends_at - DAY)  # type: ignore[attr-defined]
    return position


# --- article 2: who shortens ---

HASTY = shortened_by_a_letter


@abuse("only_members_shorten", HASTY)
def a_leader_stands_behind_shortening(world: Town) -> int:
    position = world.find("shortening.supported", actor="m0006")
    world.change(position, actor=CHAIR)
    return position


@abuse("only_members_shorten", HASTY)
def an_issue_is_shortened_by_too_few(world: Town) -> int:
    drop(world, world.find("shortening.supported", actor="m0006"))
    return world.find("issue.shortened")


@abuse("only_members_shorten", HASTY)
def an_issue_is_shortened_without_a_letter(world: Town) -> int:
    drop(world, world.find("letter.posted"))
    return world.find("shortening.proposed")


@abuse("only_members_shorten", HASTY)
def a_letter_is_found_after_the_proposal(world: Town) -> int:
    at = world.find("letter.posted")
    later = world.find("shortening.proposed")
    world.chain.insert(later, world.chain.pop(at))
    world.change(later, at=world.chain[later - 1].at)
    return later - 1


@abuse("only_members_shorten", HASTY)
def an_issue_is_shortened_for_a_date_that_is_no_reason(world: Town) -> int:
    position = world.find("shortening.proposed")
    world.change(position, before=world.at + 90 * DAY)
    return world.find("issue.shortened")


@abuse("only_members_shorten", HASTY)
def an_issue_is_shortened_and_the_vote_ends_after_the_date(world: Town) -> int:
    position = world.find("shortening.proposed")
    world.change(position, before=world.chain[position].at + 3 * DAY)
    return world.find("issue.shortened")


@abuse("stages_full_length", HASTY)
def a_shortened_talk_loses_more_hours_than_it_may(world: Town) -> int:
    position = world.find("issue.shortened")
    ends = world.chain[position].fact.ends_at - 24 * HOUR
    world.change(position, ends_at=ends)
    world.change(world.find("stage.begun", stage="answer"), due=ends)
    return position


@abuse("stages_full_length", HASTY)
def the_reply_of_a_shortened_issue_loses_its_hours(world: Town) -> int:
    position = world.find("stage.begun", stage="reply")
    world.change(position, ends_at=world.chain[position].fact.ends_at - 6 * HOUR)
    return position


@abuse("stages_full_length", HASTY)
def a_talk_is_cut_short_and_nobody_shortened_it(world: Town) -> int:
    for kind in ("issue.shortened",):
        drop(world, world.find(kind))
    return world.find("stage.begun", stage="answer")


@abuse("only_members_shorten", HASTY)
def enough_members_shorten_and_nothing_follows(world: Town) -> int:
    position = world.find("issue.shortened")
    drop(world, position)
    return position - 1


@abuse("only_members_shorten", HASTY)
def the_text_of_a_shortened_issue_is_changed(world: Town) -> int:
    at = world.find("stage.begun", stage="answer")
    when = world.chain[at - 1].at
    return slip_in(world, at, issues.DraftRevised("d0001", "i0001", 2), "m0005", when, title="A", text="B")


@abuse("questions_put", HASTY)
def nobody_asks_when_the_letter_came(world: Town) -> int:
    drop(world, world.find("stage.begun", issue="q0001"))
    drop(world, world.find("question.put"))
    return world.find("issue.decided")


@abuse("questions_put", HASTY)
def the_review_hides_when_the_letter_came(world: Town) -> int:
    position = world.find("question.put")
    replace(world, position, "text", lambda text: text.replace("UTC", "or so"))
    return position


@abuse("only_members_shorten", HASTY)
def a_big_decision_is_shortened(world: Town) -> int:
    world.change(world.find("issue.raised"), weight="big")
    return world.find("issue.shortened")


# --- article 2: quiet days and the voting day ---

CALENDAR = quiet_days_and_a_voting_day


@abuse("calendar_by_vote", CALENDAR)
def quiet_days_are_set_without_a_vote(world: Town) -> int:
    at = world.find("voting_day.set")
    fact = timing.QuietDaysSet(2, 2028, ("2028-08-01",), "i0009", "d0009")
    return slip_in(world, at, fact, "clock")


@abuse("calendar_by_vote", CALENDAR)
def a_quiet_day_is_added_to_those_that_were_carried(world: Town) -> int:
    position = world.find("quiet_days.set")
    world.change(position, days=(*world.chain[position].fact.days, "2027-12-25"))
    return position


@abuse("calendar_by_vote", CALENDAR)
def quiet_days_are_voted_for_next_month(world: Town) -> int:
    position = world.find("quiet_days.set")
    soon = {"effect": "set_quiet_days", "year": 2026, "quiet": "2026-08-01"}
    replace(world, world.find("effects.declared"), "effects", lambda text: json.dumps([soon]))
    world.change(position, year=2026, days=("2026-08-01",))
    return position


@abuse("stages_full_length", CALENDAR)
def a_stage_is_cut_short_over_quiet_days(world: Town) -> int:
    position = world.find("stage.begun", issue="i0003", stage="talk")
    world.change(position, ends_at=world.chain[position].fact.ends_at - 7 * DAY)
    return position


@abuse("calendar_by_vote", CALENDAR)
def quiet_days_that_were_carried_are_not_set(world: Town) -> int:
    drop(world, world.find("quiet_days.set"))
    return world.find("issue.decided", issue="i0001")


@abuse("calendar_by_vote", CALENDAR)
def another_voting_day_than_the_one_that_was_carried(world: Town) -> int:
    position = world.find("voting_day.set")
    world.change(position, day=1)
    return position


@abuse("stages_full_length", CALENDAR)
def a_vote_opens_before_the_voting_day(world: Town) -> int:
    position = world.find("stage.begun", issue="i0003", stage="reply")
    world.change(position, ends_at=world.chain[position].fact.ends_at - 5 * DAY)
    return position


@abuse("state_matches", CALENDAR)
def a_quiet_day_is_taken_out_by_sql(world: Town) -> int:
    world.row("quiet_days", number=1)["days"] = ["2027-12-24"]
    return world.find("quiet_days.set")
