# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows written with SQL, behind every act: the next export shows each of them."""

from __future__ import annotations

import json
from datetime import timedelta

from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.deliberation.models import (
    ArchivedThread,
    Contribution,
    ContributionVersion,
    DraftSupporter,
    DraftVersion,
    Letter,
    Resolution,
    StageRow,
    Statement,
    Supporter,
)
from kollontai.chapters.members.models import Contact, LetterVoucher, Voucher
from kollontai.chapters.record.models import Content
from kollontai.chapters.voting.models import OpenBallot, Voter
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.ids import new_id

from .abuses import Seen, abuse
from .organisation import Tidewater
from .sql import change, copy, entry, remove, sql

DAY = timedelta(days=1)
ROWS = "state_matches"


def _content(commitment_or_row: object) -> str:
    return Content.objects.get(pk=getattr(commitment_or_row, "pk", commitment_or_row)).commitment


# --- polls, rolls, ballots ---


@abuse("sql", ROWS, "UPDATE voting_poll SET outcome, figures")
def the_result_of_a_vote_is_turned_round(org: Tidewater) -> Seen:
    poll = org.poll(org.plain)
    change(poll, outcome="no", figures=json.dumps({"yes": 1, "no": 2, "abstain": 0}))
    return Seen(poll.pk, entry("poll.opened", poll.pk), "says outcome is no")


@abuse("sql", ROWS, "UPDATE voting_poll SET figures")
def the_figures_of_a_vote_are_touched_up(org: Tidewater) -> Seen:
    poll = org.poll(org.plain)
    change(poll, figures=json.dumps({"yes": 3, "no": 0, "abstain": 0}))
    return Seen(poll.pk, entry("poll.opened", poll.pk), "figures")


@abuse("sql", ROWS, "UPDATE voting_poll SET closes_at")
def an_open_poll_is_given_another_day(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    change(poll, closes_at=poll.closes_at + DAY)
    return Seen(poll.pk, entry("poll.opened", poll.pk), "closes_at")


@abuse("sql", ROWS, "UPDATE voting_poll SET quorum_bp")
def the_quorum_of_an_open_poll_is_lowered(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    change(poll, quorum_bp=1)
    return Seen(poll.pk, entry("poll.opened", poll.pk), "quorum_bp")


@abuse("sql", ROWS, "UPDATE voting_poll SET state, outcome and count")
def a_counted_poll_is_opened_again(org: Tidewater) -> Seen:
    poll = org.poll(org.plain)
    change(poll, state="open", closed_at=None, cast=None, outcome="", figures=None)
    return Seen(poll.pk, entry("poll.opened", poll.pk), "says state is open")


@abuse("sql", ROWS, "INSERT INTO voting_voter")
def a_name_is_added_to_a_roll_after_the_opening(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    copy(Voter.objects.filter(poll=poll)[0], member_id=org.who("tom"))
    return Seen(org.who("tom"), entry("poll.opened", poll.pk), "not on the frozen roll")


@abuse("sql", ROWS, "DELETE FROM voting_voter")
def a_name_is_struck_from_a_roll(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    remove(Voter.objects.get(poll=poll, member=org.who("dai")))
    return Seen(org.who("dai"), entry("poll.opened", poll.pk), "has no row")


@abuse("sql", ROWS, "DELETE FROM voting_openballot")
def a_ballot_is_taken_out_of_the_box(org: Tidewater) -> Seen:
    ballot = OpenBallot.objects.get(poll=org.poll(org.voting), voter=org.who("ben"))
    remove(ballot)
    return Seen(ballot.poll_id, entry("ballot.cast", ballot.poll_id, nth=1), "lacks the row of ballots")


@abuse("sql", ROWS, "INSERT INTO voting_openballot")
def a_ballot_is_put_into_the_box_for_somebody(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    copy(OpenBallot.objects.get(poll=poll, voter=org.who("ada")), voter_id=org.who("dai"))
    return Seen(f"{poll.pk}/{org.who('dai')}", None, "stands behind no entry")


@abuse("sql", ROWS, "UPDATE voting_openballot SET choice_id")
def a_ballot_is_pointed_at_anothers_choice(org: Tidewater) -> Seen:
    mine, other = (
        OpenBallot.objects.get(poll=org.poll(org.voting), voter=org.who(n)) for n in ("ben", "ada")
    )
    change(mine, choice_id=other.choice_id)
    return Seen(
        f"{mine.poll_id}/{mine.voter_id}", entry("ballot.cast", mine.poll_id, nth=1), "shows other words"
    )


@abuse("sql", ROWS, "UPDATE record_content SET held_until = ''")
def the_ballots_of_an_open_poll_are_released_early(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    assert sql("UPDATE record_content SET held_until = '' WHERE held_until = %s", poll.pk) == 3
    ballot = OpenBallot.objects.get(poll=poll, voter=org.who("ada"))
    return Seen(_content(ballot.choice_id), entry("ballot.cast", poll.pk), "held_until")


@abuse("sql", "content_opens", "UPDATE record_content SET held_until = ''")
def results_are_shown_to_some_before_all(org: Tidewater) -> Seen:
    poll = org.poll(org.voting)
    sql("UPDATE record_content SET held_until = '' WHERE held_until = %s", poll.pk)
    ballot = OpenBallot.objects.get(poll=poll, voter=org.who("ada"))
    return Seen(_content(ballot.choice_id), entry("ballot.cast", poll.pk), "is to stay closed")


# --- people ---


@abuse("sql", ROWS, "UPDATE members_member SET standing, joined_at")
def an_applicant_is_made_a_member(org: Tidewater) -> Seen:
    member = org.world.member("sara")
    change(member, standing="member", joined_at=member.applied_at)
    return Seen(member.pk, entry("member.applied", member.pk), "standing")


@abuse("sql", ROWS, "UPDATE members_member SET standing, left_at")
def a_member_is_put_out(org: Tidewater) -> Seen:
    member = org.world.member("cleo")
    change(member, standing="left", left_at=org.issue(org.talk).raised_at)
    return Seen(member.pk, entry("member.invited", member.pk), "standing")


@abuse("sql", ROWS, "UPDATE members_member SET unit_id")
def a_member_is_moved_to_another_unit(org: Tidewater) -> Seen:
    member = org.world.member("ida")
    change(member, unit_id=org.world.unit("Kiln Lane").pk)
    return Seen(member.pk, entry("member.invited", member.pk), "unit")


@abuse("sql", ROWS, "UPDATE members_member SET joined_at")
def a_newcomer_is_made_to_have_joined_long_ago(org: Tidewater) -> Seen:
    member = org.world.member("tom")
    change(member, joined_at=org.world.member("ada").joined_at)
    return Seen(member.pk, entry("member.invited", member.pk), "joined_at")


@abuse("sql", ROWS, "INSERT INTO members_member")
def a_member_is_made_up(org: Tidewater) -> Seen:
    made_up = new_id()
    copy(org.world.member("ada"), id=made_up)
    return Seen(made_up, None, "stands behind no entry")


@abuse("sql", ROWS, "DELETE FROM members_contact, members_member")
def an_invitation_is_made_away_with(org: Tidewater) -> Seen:
    remove(Contact.objects.get(member=org.who("pia")), org.world.member("pia"))
    return Seen(org.who("pia"), entry("member.invited", org.who("pia")), "lacks the row of members")


@abuse("sql", ROWS, "INSERT INTO members_voucher")
def a_voucher_is_given_in_anothers_name(org: Tidewater) -> Seen:
    row = Voucher.objects.get(applicant=org.who("sara"))
    copy(row, by_id=org.who("eva"))
    return Seen(
        f"{org.who('sara')}/{org.who('eva')}/{row.at:%Y-%m-%dT%H:%M:%SZ}", None, "stands behind no entry"
    )


@abuse("sql", ROWS, "INSERT INTO members_lettervoucher")
def a_voucher_for_a_letter_is_given_in_anothers_name(org: Tidewater) -> Seen:
    row = LetterVoucher.objects.get(member=org.who("uma"), second=True)
    copy(row, by_id=org.who("eva"))
    return Seen(
        f"{org.who('uma')}/{org.who('eva')}/{row.at:%Y-%m-%dT%H:%M:%SZ}", None, "stands behind no entry"
    )


@abuse("sql", ROWS, "UPDATE members_lettervoucher SET second")
def who_was_shown_a_code_is_covered_up(org: Tidewater) -> Seen:
    row = LetterVoucher.objects.get(member=org.who("uma"), second=True)
    change(row, second=False)
    at = entry("code_letter.vouched", org.who("uma"), nth=1)
    return Seen(f"{org.who('uma')}/{row.by_id}/{row.at:%Y-%m-%dT%H:%M:%SZ}", at, "second")


# --- written in by a neighbour ---


def _for_vic(org: Tidewater, **which: object) -> WriteIn:
    return WriteIn.objects.get(member=org.who("vic"), **which)


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET written_by_id = NULL")
def the_hand_that_wrote_is_taken_off_the_words(org: Tidewater) -> Seen:
    made = _for_vic(org, to="words", undone_at=None)
    change(Contribution.objects.get(pk=made.of), written_by_id=None)
    return Seen(made.of, entry("words.written_in", made.pk), "written_by")


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET disowned_at = NULL")
def the_mark_is_taken_off_words_that_are_not_theirs(org: Tidewater) -> Seen:
    made = _for_vic(org, undone_how="member")
    change(Contribution.objects.get(pk=made.of), disowned_at=None)
    return Seen(made.of, entry("words.written_in", made.pk), "disowned_at")


@abuse("sql", ROWS, "UPDATE deliberation_draftsupporter SET write_in = ''")
def support_that_was_written_in_is_made_their_own(org: Tidewater) -> Seen:
    made = _for_vic(org, to="draft")
    change(DraftSupporter.objects.get(write_in=made.pk), write_in="")
    return Seen(f"{made.of}/{org.who('vic')}", entry("support.written_in", made.pk), "write_in")


@abuse("sql", ROWS, "UPDATE writing_in_naming SET writer_id")
def a_naming_is_given_to_the_chair(org: Tidewater) -> Seen:
    naming = Naming.objects.get(member=org.who("vic"), writer=org.who("lea"))
    change(naming, writer_id=org.who("hal"))
    return Seen(naming.pk, entry("writer.named", naming.pk), "writer")


@abuse("sql", ROWS, "INSERT INTO writing_in_naming")
def somebody_is_named_whom_nobody_named(org: Tidewater) -> Seen:
    made = new_id()
    copy(Naming.objects.get(member=org.who("vic"), writer=org.who("lea")), id=made, writer_id=org.who("max"))
    return Seen(made, None, "stands behind no entry")


@abuse("sql", ROWS, "UPDATE writing_in_writein SET undone_at = NULL, undone_how = ''")
def what_was_undone_stands_again(org: Tidewater) -> Seen:
    made = _for_vic(org, undone_how="member")
    change(made, undone_at=None, undone_how="")
    return Seen(made.pk, entry("words.written_in", made.pk), "undone_at")


@abuse("sql", ROWS, "DELETE FROM writing_in_writein")
def what_was_written_in_vanishes(org: Tidewater) -> Seen:
    made = _for_vic(org, to="draft")
    remove(made)
    return Seen(made.pk, entry("support.written_in", made.pk), "lacks the row of write_ins")


@abuse("sql", ROWS, "UPDATE members_member SET signed_at = NULL")
def a_signature_is_taken_from_the_charter(org: Tidewater) -> Seen:
    member = org.world.member("max")
    change(member, signed_at=None)
    return Seen(member.pk, entry("member.invited", member.pk), "signed")


# --- posts ---


def _term() -> Term:
    return Term.objects.get()


@abuse("sql", ROWS, "UPDATE bodies_term SET begins_at")
def a_leading_post_is_moved_in_time(org: Tidewater) -> Seen:
    change(_term(), begins_at=org.issue(org.talk).raised_at + DAY)
    return Seen(_term().pk, entry("term.begun", _term().pk), "begins_at")


@abuse("sql", ROWS, "UPDATE bodies_term SET ends_at")
def a_term_is_made_longer(org: Tidewater) -> Seen:
    change(_term(), ends_at=_term().ends_at + 365 * DAY)
    return Seen(_term().pk, entry("term.begun", _term().pk), "ends_at")


@abuse("sql", ROWS, "UPDATE bodies_term SET member_id")
def a_post_is_handed_to_somebody_else(org: Tidewater) -> Seen:
    change(_term(), member_id=org.who("eva"))
    return Seen(_term().pk, entry("term.begun", _term().pk), "member")


@abuse("sql", ROWS, "UPDATE bodies_term SET ended_at, ended_why")
def a_leader_is_made_to_have_stepped_down(org: Tidewater) -> Seen:
    change(_term(), ended_at=org.issue(org.talk).raised_at - DAY, ended_why="resigned")
    return Seen(_term().pk, entry("term.begun", _term().pk), "ended_at")


@abuse("sql", ROWS, "INSERT INTO bodies_term")
def somebody_is_appointed(org: Tidewater) -> Seen:
    post, made_up = Post.objects.exclude(pk=_term().post_id).get(), new_id()
    copy(_term(), id=made_up, post_id=post.pk, member_id=org.who("eva"))
    return Seen(made_up, None, "stands behind no entry")


@abuse("sql", ROWS, "UPDATE bodies_post SET leading, duty")
def the_chair_is_said_not_to_lead(org: Tidewater) -> Seen:
    post = Post.objects.get(pk=_term().post_id)
    change(post, leading=False, duty="specialist")
    return Seen(post.pk, entry("post.created", post.pk), "leading")


@abuse("sql", ROWS, "UPDATE bodies_claim SET outcome")
def who_was_not_confirmed_is_said_to_have_been(org: Tidewater) -> Seen:
    claim = Claim.objects.get(outcome="unconfirmed")
    change(claim, outcome="confirmed")
    return Seen(f"{claim.post_id}/{claim.member_id}", entry("post.entered", claim.post_id), "outcome")


# --- charter ---


@abuse("sql", ROWS, "UPDATE charter_limit SET value")
def a_limit_is_set_below_its_floor(org: Tidewater) -> Seen:
    change(Limit.objects.get(key="D1.ordinary"), value=1)
    return Seen("limits", 0, "D1.ordinary")


@abuse("sql", ROWS, "UPDATE charter_limit SET value")
def a_limit_is_changed_without_a_vote(org: Tidewater) -> Seen:
    limit = Limit.objects.get(key="D1.ordinary")
    change(limit, value=limit.value + 2)
    return Seen("limits", 0, "D1.ordinary")


@abuse("sql", ROWS, "DELETE FROM charter_limit")
def a_limit_is_struck_out(org: Tidewater) -> Seen:
    remove(Limit.objects.get(key="S1.most"))
    return Seen("limits", 0, "S1.most")


@abuse("sql", ROWS, "UPDATE charter_charter SET articles_sha256")
def other_articles_are_put_under_the_signatures(org: Tidewater) -> Seen:
    change(Charter.objects.get(), articles_sha256="0" * 64)
    return Seen("articles", 0, "sha256")


@abuse("sql", ROWS, "UPDATE charter_charter SET text_id")
def the_words_of_the_charter_are_exchanged(org: Tidewater) -> Seen:
    change(Charter.objects.get(), text_id=org.issue(org.plain).text_id)
    return Seen("1", 0, "shows other words")


@abuse("sql", ROWS, "UPDATE record_organisation SET zone")
def the_evening_is_moved_by_another_zone(org: Tidewater) -> Seen:
    change(org.world.organisation, zone="Pacific/Auckland")
    return Seen("organisation", 0, "zone")


@abuse("sql", ROWS, "UPDATE record_organisation SET preset")
def the_organisation_is_declared_small(org: Tidewater) -> Seen:
    change(org.world.organisation, preset="small")
    return Seen("organisation", 0, "preset")


@abuse("sql", ROWS, "UPDATE record_organisation SET joining")
def the_door_is_opened_without_vouchers(org: Tidewater) -> Seen:
    change(org.world.organisation, joining="open")
    return Seen("organisation", 0, "joining")


# --- issues ---


def _raised(org: Tidewater, issue_id: str) -> int:
    return entry("issue.raised", issue_id)


@abuse("sql", ROWS, "UPDATE deliberation_issue SET stage_ends_at")
def the_members_talk_is_cut_short(org: Tidewater) -> Seen:
    issue = org.issue(org.talk)
    change(issue, stage_ends_at=issue.stage_ends_at - 3 * DAY)
    return Seen(issue.pk, _raised(org, issue.pk), "stage_ends_at")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET stage_ends_at")
def the_members_talk_is_drawn_out(org: Tidewater) -> Seen:
    issue = org.issue(org.talk)
    change(issue, stage_ends_at=issue.stage_ends_at + 30 * DAY)
    return Seen(issue.pk, _raised(org, issue.pk), "stage_ends_at")


@abuse("sql", ROWS, "UPDATE deliberation_stagerow SET ends_at")
def the_timeline_of_an_issue_is_smoothed(org: Tidewater) -> Seen:
    row = StageRow.objects.get(issue=org.plain, stage="talk")
    change(row, ends_at=row.ends_at - DAY)
    return Seen(f"{org.plain}/talk", entry("stage.begun", org.plain), "ends_at")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET drafts_close_at")
def drafts_are_kept_open_for_somebody(org: Tidewater) -> Seen:
    issue = org.issue(org.voting)
    assert issue.drafts_close_at is not None
    change(issue, drafts_close_at=issue.drafts_close_at + DAY)
    return Seen(issue.pk, _raised(org, issue.pk), "drafts_close_at")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET stage, outcome, ended_at")
def an_issue_is_carried_without_a_vote(org: Tidewater) -> Seen:
    issue = org.issue(org.talk)
    change(issue, stage="decided", outcome="carried", ended_at=issue.raised_at)
    return Seen(issue.pk, _raised(org, issue.pk), "says stage is decided")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET outcome")
def a_decision_that_carried_is_said_not_to_have(org: Tidewater) -> Seen:
    change(org.issue(org.plain), outcome="not-carried")
    return Seen(org.plain, _raised(org, org.plain), "outcome")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET needed")
def more_supporters_are_asked_for(org: Tidewater) -> Seen:
    change(org.issue(org.gathering), needed=9)
    return Seen(org.gathering, _raised(org, org.gathering), "needed")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET limits")
def an_issue_loses_days_it_was_born_with(org: Tidewater) -> Seen:
    issue = org.issue(org.gathering)
    change(issue, limits=json.dumps({**issue.limits, "D1.ordinary": 2}))
    return Seen(issue.pk, _raised(org, issue.pk), "limits")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET weight")
def a_big_matter_is_made_small(org: Tidewater) -> Seen:
    change(org.issue(org.gathering), weight="unit")
    return Seen(org.gathering, _raised(org, org.gathering), "weight")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET raised_by_id, by_leader")
def a_leaders_proposal_is_put_into_a_members_mouth(org: Tidewater) -> Seen:
    change(org.issue(org.gathering), raised_by_id=org.who("hal"), by_leader=True)
    return Seen(org.gathering, _raised(org, org.gathering), "raised_by")


@abuse("sql", ROWS, "UPDATE deliberation_issue SET title_id")
def an_issue_is_given_another_title(org: Tidewater) -> Seen:
    change(org.issue(org.talk), title_id=org.issue(org.plain).title_id)
    return Seen(org.talk, _raised(org, org.talk), "shows other words")


@abuse("sql", ROWS, "DELETE FROM deliberation_supporter")
def a_supporter_is_struck_out(org: Tidewater) -> Seen:
    remove(Supporter.objects.get(issue=org.talk, member=org.who("cleo")))
    return Seen(org.talk, entry("issue.supported", org.talk, nth=1), "lacks the row of supporters")


@abuse("sql", ROWS, "INSERT INTO deliberation_supporter")
def a_supporter_is_made_up(org: Tidewater) -> Seen:
    copy(Supporter.objects.get(issue=org.gathering), member_id=org.who("lea"))
    return Seen(f"{org.gathering}/{org.who('lea')}", None, "stands behind no entry")


# --- drafts and resolutions ---


@abuse("sql", ROWS, "UPDATE deliberation_draft SET withdrawn_at")
def somebodys_draft_is_withdrawn_for_them(org: Tidewater) -> Seen:
    draft = org.draft(org.talk, first=False)
    change(draft, withdrawn_at=draft.put_at)
    return Seen(draft.pk, entry("draft.put", draft.pk), "withdrawn_at")


@abuse("sql", ROWS, "UPDATE deliberation_draft SET mover_id")
def somebodys_draft_is_taken_over(org: Tidewater) -> Seen:
    draft = org.draft(org.talk, first=False)
    change(draft, mover_id=org.who("hal"))
    return Seen(draft.pk, entry("draft.put", draft.pk), "mover")


@abuse("sql", ROWS, "DELETE FROM deliberation_draftsupporter")
def a_draft_loses_a_supporter(org: Tidewater) -> Seen:
    draft = org.draft(org.talk, first=False)
    remove(DraftSupporter.objects.get(draft=draft, member=org.who("finn")))
    return Seen(draft.pk, entry("draft.supported", draft.pk), "lacks the row of draft_supporters")


@abuse("sql", ROWS, "UPDATE deliberation_draftversion SET text_id")
def a_draft_is_pointed_at_other_words(org: Tidewater) -> Seen:
    mine, other = org.draft(org.talk), org.draft(org.gathering)
    version = DraftVersion.objects.get(draft=mine)
    change(version, text_id=DraftVersion.objects.get(draft=other).text_id)
    return Seen(f"{mine.pk}/1", entry("draft.put", mine.pk), "shows other words")


@abuse("sql", ROWS, "DELETE FROM deliberation_draftversion, UPDATE deliberation_draft SET version")
def the_earlier_version_of_a_draft_is_hidden(org: Tidewater) -> Seen:
    draft = org.draft(org.talk, first=False)
    remove(DraftVersion.objects.get(draft=draft, version=1))
    return Seen(f"{draft.pk}/1", entry("draft.put", draft.pk), "does not say which words")


@abuse("sql", ROWS, "INSERT INTO deliberation_resolution")
def a_resolution_is_put_in_force_by_hand(org: Tidewater) -> Seen:
    made_up, draft = new_id(), org.draft(org.talk)
    words = DraftVersion.objects.get(draft=draft).text_id
    copy(Resolution.objects.all()[0], id=made_up, issue_id=org.talk, draft_id=draft.pk, text_id=words)
    return Seen(made_up, None, "stands behind no entry")


@abuse("sql", ROWS, "UPDATE deliberation_resolution SET text_id")
def a_resolution_in_force_says_something_else(org: Tidewater) -> Seen:
    resolution = Resolution.objects.get(issue=org.ranked)
    other = org.draft(org.ranked, first=resolution.draft.first is False)
    change(resolution, text_id=DraftVersion.objects.get(draft=other).text_id)
    return Seen(resolution.pk, entry("resolution.in_force", resolution.pk), "text_commitment")


@abuse("sql", ROWS, "DELETE FROM deliberation_resolution")
def a_resolution_in_force_disappears(org: Tidewater) -> Seen:
    resolution = Resolution.objects.get(issue=org.plain)
    remove(resolution)
    return Seen(resolution.pk, entry("resolution.in_force", resolution.pk), "lacks the row of resolutions")


# --- what is said ---


def _said(org: Tidewater) -> Contribution:
    return Contribution.objects.get(issue=org.talk, author=org.who("max"))


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET author_id")
def words_are_put_into_somebody_elses_mouth(org: Tidewater) -> Seen:
    change(_said(org), author_id=org.who("ben"))
    return Seen(_said_by(org, "ben"), entry("contribution.made", _said_by(org, "ben")), "author")


def _said_by(org: Tidewater, name: str) -> str:
    return Contribution.objects.get(issue=org.talk, author=org.who(name)).pk


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET stance")
def somebody_against_is_counted_for(org: Tidewater) -> Seen:
    change(_said(org), stance="for")
    return Seen(_said(org).pk, entry("contribution.made", _said(org).pk), "stance")


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET stage")
def words_are_moved_to_another_stage(org: Tidewater) -> Seen:
    change(_said(org), stage="reply")
    return Seen(_said(org).pk, entry("contribution.made", _said(org).pk), "stage")


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET at")
def words_are_said_to_have_come_later(org: Tidewater) -> Seen:
    change(_said(org), at=_said(org).at + DAY)
    return Seen(_said(org).pk, entry("contribution.made", _said(org).pk), "says at is")


@abuse("sql", ROWS, "UPDATE deliberation_contributionversion SET text_id")
def a_contribution_is_pointed_at_other_words(org: Tidewater) -> Seen:
    version = ContributionVersion.objects.get(contribution=_said(org))
    change(version, text_id=ContributionVersion.objects.get(contribution=org.revised, version=1).text_id)
    return Seen(f"{_said(org).pk}/1", entry("contribution.made", _said(org).pk), "shows other words")


@abuse("sql", ROWS, "DELETE FROM deliberation_contributionversion, deliberation_contribution")
def a_criticism_is_deleted(org: Tidewater) -> Seen:
    said = _said(org)
    remove(*said.versions.all(), said)
    return Seen(said.pk, entry("contribution.made", said.pk), "lacks the row of contributions")


@abuse("sql", "content_opens", "DELETE FROM deliberation_contribution…, record_content")
def a_criticism_is_deleted_with_its_words(org: Tidewater) -> Seen:
    said = _said(org)
    words = said.versions.get().text
    remove(*said.versions.all(), said, words)
    return Seen(words.commitment, entry("contribution.made", said.pk), "no entry says that it was erased")


@abuse("sql", ROWS, "DELETE FROM deliberation_letter")
def a_letter_disappears_from_the_box(org: Tidewater) -> Seen:
    letter = Letter.objects.get()
    remove(letter)
    return Seen(letter.pk, entry("letter.posted", letter.pk), "lacks the row of letters")


@abuse("sql", ROWS, "UPDATE deliberation_archivedthread SET brought_by_id")
def an_old_thread_is_said_to_have_come_from_somebody_else(org: Tidewater) -> Seen:
    archived = ArchivedThread.objects.get()
    change(archived, brought_by_id=org.who("eva"))
    return Seen(archived.pk, entry("archive.imported", archived.pk), "brought_by")


@abuse("sql", ROWS, "UPDATE deliberation_archivedthread SET thread_id")
def an_old_thread_is_given_the_words_of_another(org: Tidewater) -> Seen:
    archived = ArchivedThread.objects.get()
    letter = Letter.objects.get()
    change(archived, thread_id=letter.text_id)
    return Seen(archived.pk, entry("archive.imported", archived.pk), "archive.thread")


@abuse("sql", "content_opens", "UPDATE record_content SET value (of an archived thread)")
def words_are_put_into_an_old_thread(org: Tidewater) -> Seen:
    archived = ArchivedThread.objects.get()
    words = archived.thread
    change(words, value=bytes(words.value).replace(b"Shall we?", b"Never."))
    return Seen(words.commitment, entry("archive.imported", archived.pk), "is not what was committed to")


@abuse("sql", "content_opens", "DELETE FROM deliberation_archivedthread, record_content")
def an_old_thread_disappears_with_its_words(org: Tidewater) -> Seen:
    archived = ArchivedThread.objects.get()
    words = archived.thread
    remove(archived, words)
    return Seen(words.commitment, entry("archive.imported", archived.pk), "no entry says that it was erased")


@abuse("sql", ROWS, "UPDATE deliberation_letter SET received_at")
def a_letter_is_said_to_have_come_earlier(org: Tidewater) -> Seen:
    letter = Letter.objects.get()
    change(letter, received_at=letter.received_at - 2 * DAY)
    return Seen(letter.pk, entry("letter.posted", letter.pk), "received_at")


@abuse("sql", ROWS, "UPDATE deliberation_statement SET opened_at")
def a_sealed_statement_is_shown_early(org: Tidewater) -> Seen:
    statement = Statement.objects.get(issue=org.talk)
    change(statement, opened_at=statement.sealed_at)
    return Seen(statement.pk, entry("statement.sealed", statement.pk), "opened_at")


@abuse("sql", ROWS, "UPDATE deliberation_statement SET text_id")
def a_leader_changes_what_was_sealed(org: Tidewater) -> Seen:
    mine, earlier = (Statement.objects.get(issue=issue) for issue in (org.talk, org.ranked))
    change(mine, text_id=earlier.text_id)
    return Seen(mine.pk, entry("statement.sealed", mine.pk), "shows other words")


# --- the words themselves ---


def _words(org: Tidewater) -> Content:
    return ContributionVersion.objects.get(contribution=_said(org)).text


def _where(org: Tidewater) -> int:
    return entry("contribution.made", _said(org).pk)


@abuse("sql", "content_opens", "UPDATE record_content SET value = NULL, salt = NULL, erased_at")
def words_are_erased_without_an_entry(org: Tidewater) -> Seen:
    change(_words(org), value=None, salt=None, erased_at=_said(org).at)
    return Seen(_words(org).commitment, _where(org), "no entry says that it was erased")


@abuse("sql", "content_opens", "UPDATE record_content SET value = NULL, salt = NULL")
def words_are_emptied(org: Tidewater) -> Seen:
    change(_words(org), value=None, salt=None)
    return Seen(_words(org).commitment, _where(org), "is missing")


@abuse("sql", "content_opens", "UPDATE record_content SET value = ''")
def words_are_made_blank(org: Tidewater) -> Seen:
    change(_words(org), value=b"")
    return Seen(_words(org).commitment, _where(org), "is not what was committed to")


@abuse("sql", "content_opens", "UPDATE record_content SET value")
def words_are_altered(org: Tidewater) -> Seen:
    change(_words(org), value=b"Twice is not enough.")
    return Seen(_words(org).commitment, _where(org), "is not what was committed to")


@abuse("sql", "content_opens", "UPDATE record_content SET value")
def the_ballot_paper_is_altered_after_the_vote(org: Tidewater) -> Seen:
    paper = Content.objects.get(pk=org.poll(org.ranked).paper_id)
    change(paper, value=str(paper).replace("kettle", "samovar").encode())
    return Seen(
        paper.commitment, entry("poll.opened", org.poll(org.ranked).pk), "is not what was committed to"
    )


@abuse("sql", "content_opens", "UPDATE record_content SET author")
def words_are_bound_to_another_author(org: Tidewater) -> Seen:
    change(_words(org), author=org.who("ben"))
    return Seen(_words(org).commitment, _where(org), "is not what was committed to")


@abuse("sql", "content_opens", "UPDATE record_content SET audience")
def words_are_kept_from_the_members(org: Tidewater) -> Seen:
    change(_words(org), audience="party")
    return Seen(_words(org).commitment, _where(org), "is missing")


@abuse("sql", ROWS, "UPDATE record_content SET commitment, value")
def words_are_exchanged_with_their_commitment(org: Tidewater) -> Seen:
    change(_words(org), commitment="ab" * 32, value=b"Twice is not enough.")
    return Seen("ab" * 32, None, "stands behind no entry")


@abuse("sql", "content_opens", "UPDATE record_content SET value, salt, erased_at = NULL")
def erased_words_are_brought_back(org: Tidewater) -> Seen:
    words = ContributionVersion.objects.get(contribution=org.erased).text
    other = _words(org)
    change(words, value=other.value, salt=other.salt, erased_at=None)
    return Seen(words.commitment, entry("contribution.made", org.erased), "is not what was committed to")


@abuse("sql", "content_opens", "UPDATE record_content SET held_until to the id of an open poll")
def published_words_are_held_back(org: Tidewater) -> Seen:
    change(_words(org), held_until=org.poll(org.voting).pk)
    return Seen(_words(org).commitment, _where(org), "is missing")


# --- what the rows say on the side ---


@abuse("sql", ROWS, "UPDATE members_member SET admit_at, vouchers_needed")
def an_applicant_is_to_wait_no_longer(org: Tidewater) -> Seen:
    member = org.world.member("sara")
    change(member, admit_at=member.applied_at, vouchers_needed=0)
    return Seen(member.pk, entry("member.applied", member.pk), "vouchers_needed")


@abuse("sql", ROWS, "UPDATE members_member SET admit_at a year later")
def an_applicant_is_kept_waiting(org: Tidewater) -> Seen:
    member = org.world.member("sara")
    assert member.admit_at is not None
    change(member, admit_at=member.admit_at + 365 * DAY)
    return Seen(member.pk, entry("member.applied", member.pk), "admitted_at")


@abuse("sql", ROWS, "UPDATE members_member SET invited_by")
def an_invitation_is_laid_at_anothers_door(org: Tidewater) -> Seen:
    change(org.world.member("tom"), invited_by=org.who("hal"))
    return Seen(org.who("tom"), entry("member.invited", org.who("tom")), "says by is")


@abuse("sql", ROWS, "UPDATE members_contact SET pending_from")
def a_change_of_address_is_hurried(org: Tidewater) -> Seen:
    contact = Contact.objects.get(member=org.who("max"))
    assert contact.pending_from is not None
    change(contact, pending_from=contact.pending_from - 6 * DAY)
    return Seen(org.who("max"), entry("contact.change_asked", org.who("max")), "effective_at")


@abuse("sql", ROWS, "UPDATE members_contact SET pending_email, pending_from")
def a_change_of_address_is_begun_for_somebody(org: Tidewater) -> Seen:
    contact = Contact.objects.get(member=org.who("ada"))
    change(contact, pending_email="hal2@example.org", pending_from=org.issue(org.talk).raised_at + 9 * DAY)
    return Seen(org.who("ada"), None, "an act nobody recorded")


@abuse("sql", ROWS, "UPDATE bodies_post SET created_at")
def a_young_post_is_made_old(org: Tidewater) -> Seen:
    post = Post.objects.get(pk=_term().post_id)
    change(post, created_at=post.created_at - 365 * DAY)
    return Seen(post.pk, entry("post.created", post.pk), "says at is")


@abuse("sql", ROWS, "UPDATE deliberation_contribution SET as_leader")
def a_leader_is_made_to_look_like_any_member(org: Tidewater) -> Seen:
    change(Contribution.objects.get(pk=org.answer), as_leader=False)
    return Seen(org.answer, entry("fact.answered", org.answer), "lacks the row of said_as_leader")


@abuse("sql", ROWS, "UPDATE deliberation_draftversion SET at")
def a_draft_is_said_to_have_been_revised_in_time(org: Tidewater) -> Seen:
    draft = org.draft(org.talk, first=False)
    change(DraftVersion.objects.get(draft=draft, version=2), at=draft.put_at - DAY)
    return Seen(f"{draft.pk}/2", entry("draft.revised", draft.pk), "says at is")


@abuse("sql", ROWS, "UPDATE deliberation_contributionversion SET at of the first version")
def words_are_said_to_have_been_there_earlier(org: Tidewater) -> Seen:
    version = ContributionVersion.objects.get(contribution=_said(org))
    change(version, at=version.at - DAY)
    return Seen(f"{_said(org).pk}/1", None, "stands behind no entry")
