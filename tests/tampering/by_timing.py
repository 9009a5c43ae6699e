# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the software's back: questions that come again, and time."""

from __future__ import annotations

from datetime import timedelta

from kollontai.chapters.charter.models import VotingDay
from kollontai.chapters.deliberation.models import QuestionAgain, Shortening, ShorteningSupporter

from .abuses import Seen, abuse
from .by_sql import ROWS, entry
from .forgery import Story
from .organisation import Tidewater
from .sql import change, copy, remove

# --- The same question ---


@abuse("sql", ROWS, "DELETE FROM deliberation_questionagain")
def a_question_that_was_decided_loses_its_mark(org: Tidewater) -> Seen:
    draft = org.draft(org.again).pk
    remove(QuestionAgain.objects.get(draft=draft))
    return Seen(draft, entry("question.again", org.again), "lacks the row of questions_again")


@abuse("sql", ROWS, "UPDATE deliberation_questionagain SET needed = 1")
def the_number_for_a_decided_question_is_lowered(org: Tidewater) -> Seen:
    row = QuestionAgain.objects.get(draft=org.draft(org.again).pk)
    change(row, needed=1)
    return Seen(f"{row.draft_id}/1", entry("question.again", org.again), "says needed is 1")


@abuse("forged", "same_question", "question.again dropped")
def a_decided_question_is_raised_as_if_it_were_new(story: Story, org: Tidewater) -> Seen:
    at = story.find("question.again", issue=org.again)
    story.drop(at)
    return Seen(org.draft(org.again).pk, at - 1, "asks again what")


@abuse("forged", "same_question", "question.again with a smaller number")
def a_decided_question_is_said_to_need_fewer(story: Story, org: Tidewater) -> Seen:
    at = story.set(story.find("question.again", issue=org.again), needed=1)
    return Seen(org.draft(org.again).pk, at, "is said to need 1")


@abuse("forged", "same_question", "question.again behind another draft")
def a_new_draft_is_marked_as_a_decided_question(story: Story, org: Tidewater) -> Seen:
    draft = org.draft(org.talk)
    at = story.find("draft.put", issue=org.talk, first=True) + 1
    story.insert(
        at, "question.again", org.who("ben"), issue=org.talk, draft=draft.pk, version=1, earlier=org.ranked,
        needed=2,
    )  # fmt: skip
    return Seen(draft.pk, at, "by its words that is none")


# --- Who shortens ---


@abuse("sql", ROWS, "INSERT INTO deliberation_shorteningsupporter")
def a_name_is_put_behind_a_proposal_to_shorten(org: Tidewater) -> Seen:
    row = ShorteningSupporter.objects.filter(shortening__issue=org.talk).first()
    copy(row, member_id=org.who("max"))
    return Seen(f"{row.shortening_id}/{org.who('max')}", None, "stands behind no entry")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET shortened_at = now()")
def an_issue_is_called_shortened(org: Tidewater) -> Seen:
    issue = org.issue(org.talk)
    change(issue, shortened_at=issue.raised_at)
    return Seen(org.talk, entry("issue.raised", org.talk), "says shortened_at is")


@abuse("sql", ROWS, "UPDATE deliberation_shortening SET before = later")
def another_date_is_written_into_a_proposal_to_shorten(org: Tidewater) -> Seen:
    row = Shortening.objects.get(issue=org.talk)
    change(row, before=row.before + timedelta(days=1))
    return Seen(row.pk, entry("shortening.proposed", row.pk), "says before is")


@abuse("forged", "only_members_shorten", "issue.shortened with two supporters")
def two_members_shorten_an_issue(story: Story, org: Tidewater) -> Seen:
    last = story.find("shortening.supported", issue=org.talk)
    row = Shortening.objects.get(issue=org.talk)
    at = story.insert(
        last + 1, "issue.shortened", org.who("lea"), at=story.at(last), issue=org.talk, shortening=row.pk,
        supporters=5, needed=5, ends_at=story.at(last), would_end=story.at(last),
    )  # fmt: skip
    return Seen(org.talk, at, "shortened by 2 members")


@abuse("forged", "only_members_shorten", "shortening.supported by the chair")
def the_chair_stands_behind_shortening(story: Story, org: Tidewater) -> Seen:
    at = story.find("shortening.supported", issue=org.talk)
    story.entries[at]["actor"] = org.who("hal")
    return Seen(org.talk, at, "leads on")


# --- Quiet days ---


@abuse("forged", "calendar_by_vote", "quiet_days.set, by the clock, without a vote")
def quiet_days_are_written_into_the_record_without_a_vote(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        len(story.entries), "quiet_days.set", "clock", number=1, year=2028, days=["2028-08-01"],
        issue=org.plain, draft="d" * 16,
    )  # fmt: skip
    return Seen("quiet days", at, "no vote did so")


@abuse("forged", "calendar_by_vote", "voting_day.set, by the clock, without a vote")
def a_voting_day_is_written_into_the_record_without_a_vote(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        len(story.entries), "voting_day.set", "clock", number=1, day=15, issue=org.plain, draft="d" * 16
    )
    return Seen("voting day", at, "no vote did so")


@abuse("sql", ROWS, "INSERT INTO charter_votingday")
def a_voting_day_is_written_into_the_tables(org: Tidewater) -> Seen:
    since = org.issue(org.plain).raised_at
    copy(VotingDay(organisation_id=org.id, number=1, day=15, issue=org.plain, draft="d" * 16, since=since))
    return Seen("1", None, "stands behind no entry")
