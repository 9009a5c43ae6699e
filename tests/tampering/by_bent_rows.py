# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows bent, the server's own acts done on them, and the rows straightened again: only the record tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.charter.models import Limit
from kollontai.chapters.deliberation.acts.erase_contribution import erase_contribution
from kollontai.chapters.deliberation.acts.raise_issue import raise_issue
from kollontai.chapters.deliberation.acts.revise_draft import revise_draft
from kollontai.chapters.deliberation.acts.speak import speak
from kollontai.chapters.deliberation.models import Contribution
from kollontai.chapters.record.models import Content, Deadline
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import OpenBallot, Voter
from tests.conftest import StandingClock

from .abuses import Seen, abuse
from .organisation import Tidewater
from .sql import change, copy, entry, remove

DAY = timedelta(days=1)


@contextmanager
def bent(row: Model, **columns: Any) -> Iterator[None]:
    """Let a row say something else for a while."""
    was = {field.column: getattr(row, field.attname) for field in row._meta.concrete_fields}
    change(row, **columns)
    yield
    change(row, **{name: was[name] for name in columns})


def _deadline(act: str, subject: str) -> Deadline:
    return Deadline.objects.get(act=act, subject=subject, done_at=None)


def _soon(now: StandingClock) -> datetime:
    return now.time.replace(second=0, microsecond=0) + timedelta(hours=1)


@abuse("bent", "leaders_silent", "bodies_term.leading is false while the chair speaks, then true again")
def the_chair_speaks_in_the_members_talk_while_the_mark_is_off(org: Tidewater, now: StandingClock) -> Seen:
    with bent(Term.objects.get(), leading=False):
        said = speak(org.world.actor("hal"), issue_id=org.talk, stance="for", text="Vote with me.").value
    return Seen(said.pk, entry("contribution.made", said.pk), "leads on")


@abuse("bent", "leaders_silent", "bodies_term.ends_at lies in the past while the chair speaks")
def the_chair_speaks_while_the_term_is_moved_in_time(org: Tidewater, now: StandingClock) -> Seen:
    with bent(Term.objects.get(), ends_at=org.issue(org.talk).raised_at - DAY):
        said = speak(org.world.actor("hal"), issue_id=org.talk, stance="for", text="Vote with me.").value
    return Seen(said.pk, entry("contribution.made", said.pk), "leads on")


@abuse("bent", "stages_full_length", "deliberation_issue.stage_ends_at and its deadline are moved forward")
def the_clock_is_made_to_end_the_talk_early(org: Tidewater, now: StandingClock) -> Seen:
    issue = org.issue(org.talk)
    early = _soon(now)
    change(_deadline("deliberation.advance", issue.pk), due=early)
    change(issue, stage_ends_at=early)
    now.pass_days(0.2)
    return Seen(issue.pk, entry("stage.begun", issue.pk, nth=1), "was to last until")


@abuse("bent", "roll_right", "members_member.joined_at lies before the raising while the vote opens")
def a_newcomer_is_carried_onto_a_roll(org: Tidewater, now: StandingClock) -> Seen:
    with bent(org.world.member("tom"), joined_at=org.world.member("ada").joined_at):
        now.pass_days(17)
    return Seen(org.who("tom"), entry("poll.opened", org.poll(org.talk).pk), "does not belong there")


@abuse("bent", "limits_copied", "charter_limit.value is 2 days while an issue is raised")
def an_issue_is_born_with_a_shorter_talk(org: Tidewater, now: StandingClock) -> Seen:
    with bent(Limit.objects.get(key="D1.ordinary"), value=2):
        issue = raise_issue(
            org.world.actor("ada"), unit_id=org.world.unit().pk, title="In a hurry", text="Quick.",
            draft_title="Quick", draft_text="1. Quick.",
        ).value  # fmt: skip
    return Seen(issue.pk, entry("issue.raised", issue.pk), "D1.ordinary")


@abuse(
    "bent", "ballots_from_roll", "voting_poll.closes_at and its deadline lie a day later while somebody votes"
)
def somebody_votes_after_the_close(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    deadline = _deadline("deliberation.conclude", poll.pk)
    with bent(poll, closes_at=poll.closes_at + DAY), bent(deadline, due=deadline.due + DAY):
        now.pass_to(poll.closes_at + timedelta(hours=1))
        cast_ballot(org.world.actor("lea"), poll_id=poll.pk, choice="yes")
    return Seen(poll.pk, entry("ballot.cast", poll.pk, nth=3), "outside its time")


@abuse("bent", "ballots_from_roll", "a row of voting_voter is there while somebody votes, then gone")
def somebody_votes_who_was_never_on_the_roll(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    copy(Voter.objects.filter(poll=poll)[0], member_id=org.who("tom"))
    cast_ballot(org.world.actor("tom"), poll_id=poll.pk, choice="yes")
    remove(Voter.objects.get(poll=poll, member=org.who("tom")))
    return Seen(poll.pk, entry("ballot.cast", poll.pk, nth=3), "without being on the roll")


@abuse(
    "bent", "counts_recomputed", "a row of voting_openballot is there while the poll is counted, then gone"
)
def the_box_is_stuffed_for_the_count(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    copy(OpenBallot.objects.get(poll=poll, voter=org.who("ada")), voter_id=org.who("dai"))
    now.pass_to(poll.closes_at)
    remove(OpenBallot.objects.get(poll=poll, voter=org.who("dai")))
    return Seen(poll.pk, entry("poll.counted", poll.pk), "It says 4 voted")


@abuse("bent", "counts_recomputed", "record_content.value of one choice is another while the poll is counted")
def a_choice_is_read_otherwise_at_the_count(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    choice = Content.objects.get(pk=OpenBallot.objects.get(poll=poll, voter=org.who("ben")).choice_id)
    with bent(choice, value=b'{"choice":"yes"}'):
        now.pass_to(poll.closes_at)
    return Seen(poll.pk, entry("poll.counted", poll.pk), "no 0 instead of 1")


@abuse("bent", "contribution_own", "deliberation_draft.mover_id is another while the draft is revised")
def somebody_changes_anothers_draft(org: Tidewater, now: StandingClock) -> Seen:
    draft = org.draft(org.talk, first=False)
    with bent(draft, mover_id=org.who("eva")):
        revise_draft(org.world.actor("eva"), draft_id=draft.pk, title="By turns", text="1. By the young.")
    return Seen(draft.pk, entry("draft.revised", draft.pk, nth=1), "changed the words of")


@abuse("bent", "erasure_allowed", "deliberation_contribution.author_id is another while it is erased")
def somebody_erases_anothers_words(org: Tidewater, now: StandingClock) -> Seen:
    said = Contribution.objects.get(issue=org.talk, author=org.who("max"))
    words = said.versions.get().text.commitment
    with bent(said, author_id=org.who("ben")):
        done = erase_contribution(org.world.actor("ben"), contribution_id=said.pk)
    return Seen(words, done.positions[0], "erased the text of a contribution.made by")


@abuse("bent", "membership_by_own_act", "members_member.admit_at, vouchers_needed and the deadline are moved")
def an_applicant_is_hurried_in(org: Tidewater, now: StandingClock) -> Seen:
    member = org.world.member("sara")
    soon = _soon(now)
    change(_deadline("members.admit", member.pk), due=soon)
    change(member, admit_at=soon, vouchers_needed=0)
    now.pass_days(0.1)
    return Seen(member.pk, entry("member.admitted", member.pk), "came in by the way called open")


@abuse("bent", "overdue", "the deadline's row is deleted from record_deadline")
def the_leaders_never_have_to_answer(org: Tidewater, now: StandingClock) -> Seen:
    remove(_deadline("deliberation.advance", org.talk))
    now.pass_days(14)
    leave(org.world.actor("lea"))  # the record goes on, and so does time
    return Seen(org.talk, entry("stage.begun", org.talk), "nothing followed")


@abuse("bent", "overdue", "the poll's deadline is deleted from record_deadline")
def a_vote_is_never_counted(org: Tidewater, now: StandingClock) -> Seen:
    poll = org.poll(org.voting)
    remove(_deadline("deliberation.conclude", poll.pk))
    now.pass_days(10)
    return Seen(poll.pk, entry("poll.opened", poll.pk), "was never counted")
