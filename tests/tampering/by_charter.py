# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the software's back: the charter, and who calls a matter big."""

from __future__ import annotations

from kollontai.chapters.charter.models import Charter
from kollontai.chapters.deliberation.models import BigCall

from .abuses import Seen, abuse
from .by_sql import ROWS, entry
from .forgery import Story
from .organisation import Tidewater
from .sql import copy, remove


@abuse("sql", ROWS, "DELETE FROM deliberation_bigcall")
def a_call_for_the_long_times_is_struck_out(org: Tidewater) -> Seen:
    remove(BigCall.objects.get(issue=org.talk))
    return Seen(org.talk, entry("issue.called_big", org.talk), "lacks the row of big_calls")


@abuse("sql", ROWS, "INSERT INTO deliberation_bigcall")
def a_call_for_the_long_times_is_made_up(org: Tidewater) -> Seen:
    copy(BigCall.objects.get(issue=org.talk), member_id=org.who("lea"))
    return Seen(f"{org.talk}/{org.who('lea')}", None, "stands behind no entry")


@abuse("sql", ROWS, "INSERT INTO charter_charter")
def a_version_of_the_charter_is_made_up(org: Tidewater) -> Seen:
    copy(Charter.objects.get(), version=2, what="set_limit", key="D9.charter", value=1500, was=2000)
    return Seen("2", None, "stands behind no entry")


@abuse("forged", "big_decisions", "issue.called_big by the chair, in the talk")
def the_chair_calls_a_matter_big(story: Story, org: Tidewater) -> Seen:
    at = story.insert(len(story.entries), "issue.called_big", org.who("hal"), issue=org.talk)
    return Seen(org.talk, at, "leads on")


@abuse("forged", "charter_by_vote", "charter.changed, by the clock, without a vote")
def a_limit_is_changed_in_the_record_without_a_vote(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        len(story.entries), "charter.changed", "clock", version=2, what="set_limit", issue=org.plain,
        draft="d" * 16, key="D9.charter", value=1500,
    )  # fmt: skip
    return Seen("charter", at, "no draft was carried")
