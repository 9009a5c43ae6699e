# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses, each in one short function: what somebody does, and where the auditor must see it.

Each is handed the honest world, bends it, and returns the position at which its check must point (None
where no entry shows it). The record is signed again with the log's own key afterwards, and the list of
files too: nothing but the rules can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kollontai.openrecord.facts import Fact
from kollontai.openrecord.kinds import archives, founding, issues, members, polls, posts, talk

from .story import CHAIR, HOUR, TREASURER, honest
from .town import Town
from .world import DAY, MINUTE, START, THREAD, World

Bend = Callable[[Town], int | None]


@dataclass(frozen=True)
class Abuse:
    name: str
    check: str
    bend: Bend
    told: Callable[[], Town]
    """The story that it bends."""


ABUSES: list[Abuse] = []


def abuse(check: str, told: Callable[[], Town] = honest) -> Callable[[Bend], Bend]:
    def register(bend: Bend) -> Bend:
        ABUSES.append(Abuse(bend.__name__, check, bend, told))
        return bend

    return register


def slip_in(
    world: World, position: int, fact: Fact, actor: str, at: datetime | None = None, **texts: Any
) -> int:
    """Put a forged entry before the one that stands at a position."""
    world.record(fact, actor, at=at or world.chain[position].at, **texts)
    world.chain.insert(position, world.chain.pop())
    return position


def drop(world: World, position: int) -> int:
    del world.chain[position]
    return position


# --- article 13 and 1: the founding, posts, members ---


@abuse("founding_signed")
def founded_with_two_names_of_twelve(world: World) -> int:
    for _ in range(6):
        drop(world, world.find("charter.signed"))
    return world.find("organisation.founded")


@abuse("founding_signed")
def somebody_signs_in_anothers_name(world: World) -> int:
    position = world.find("charter.signed", member="m0004")
    world.change(position, actor="m0001")
    return position


@abuse("founding_signed")
def a_stranger_signs_the_charter(world: World) -> int:
    at = world.find("organisation.founded")
    return slip_in(world, at, founding.CharterSigned("m0099"), "m0099")


@abuse("founding_signed")
def a_unit_is_made_without_a_vote(world: World) -> int:
    world.unit("south", "root", "m0001")
    return world.here


@abuse("founding_signed")
def an_issue_is_raised_before_anything_exists(world: World) -> int:
    at = world.find("organisation.founded")
    fact = issues.IssueRaised("i0099", 1, "root", "ordinary", False, 2, START + 90 * DAY, world.limits)
    return slip_in(world, at, fact, "m0001", title="Early", text="Early")


@abuse("limits_copied")
def a_limit_is_set_below_its_floor(world: World) -> int:
    world.limits["D1.ordinary"] = 5
    world.change(0, limits={**world.limits})
    return 0


@abuse("limits_copied")
def the_charter_asks_for_more_than_everybody(world: World) -> int:
    world.limits["C1.num"] = 4
    world.change(0, limits={**world.limits})
    return 0


@abuse("limits_copied")
def the_charter_asks_for_everybodys_yes(world: World) -> int:
    world.limits["C1.num"] = world.limits["C1.den"]
    world.change(0, limits={**world.limits})
    return 0


@abuse("limits_copied")
def nobody_votes_who_did_not_belong_ten_years_ago(world: World) -> int:
    world.limits["R1.before"] = 3650
    world.change(0, limits={**world.limits})
    return 0


@abuse("terms_from_counts")
def a_friend_takes_a_post_without_a_vote(world: World) -> int:
    term = posts.TermBegun("t0099", "purse", "m0007", "p0003", "confirmed", START + 100 * DAY)
    return slip_in(world, world.find("issue.raised"), term, "clock", START + 16 * DAY)


@abuse("terms_from_counts")
def a_term_is_made_longer(world: World) -> int:
    position = world.find("term.begun", post="chair")
    world.change(position, ends_at=START + 365 * DAY)
    return position


@abuse("terms_from_counts")
def whom_the_members_refused_takes_the_post_all_the_same(world: World) -> int:
    position = world.find("post.unconfirmed")
    drop(world, position)
    term = posts.TermBegun("t0099", "counter", "m0004", "p0002", "confirmed", START + 183 * DAY + 80 * MINUTE)
    return slip_in(world, position, term, "clock")


@abuse("terms_from_counts")
def a_treasurer_is_dismissed(world: World) -> int:
    at = world.find("issue.raised")
    ended = posts.TermEnded("t0002", "purse", TREASURER, "resigned")
    return slip_in(world, at, ended, "m0001")


@abuse("terms_from_counts")
def somebody_is_entered_for_a_post_after_the_founding(world: World) -> int:
    world.enter("chair", "m0009", "m0001", world.at + 300 * DAY)
    return world.here


@abuse("terms_from_counts")
def a_confirmed_person_is_sent_away(world: World) -> int:
    position = world.find("term.begun", post="purse")
    drop(world, position)
    return slip_in(world, position, posts.PostUnconfirmed("purse", TREASURER, "p0003"), "clock")


@abuse("acts_by_right")
def somebody_acts_after_leaving(world: World) -> int:
    world.record(issues.IssueSupported("i0004"), "m0012")
    return world.here


@abuse("acts_by_right")
def somebody_nobody_knows_speaks(world: World) -> int:
    world.speak("i0004", "m0777", "Good evening.")
    return world.here


@abuse("acts_by_right")
def a_member_does_what_only_the_clock_does(world: World) -> int:
    position = world.find("poll.counted")
    world.change(position, actor="m0001")
    return position


@abuse("acts_by_right")
def the_operator_votes(world: World) -> int:
    position = world.find("ballot.cast")
    entry = world.chain[position]
    world.chain[position] = type(entry)(
        entry.at, entry.org, entry.actor, "operator", entry.n, entry.fact, entry.commitments
    )
    return position


@abuse("acts_by_right")
def a_demonstrations_door_in_a_real_organisation(world: World) -> int:
    world.record(issues.IssueSupported("i0004"), "m0007", "demo")
    return world.here


@abuse("membership_by_own_act")
def somebody_is_admitted_by_a_leader(world: World) -> int:
    world.invite("m0090", CHAIR, "root", "invitation")
    world.admit("m0090", "open", CHAIR)
    return world.here


@abuse("membership_by_own_act")
def somebody_is_admitted_too_soon(world: World) -> int:
    world.at += HOUR
    member = world.apply()
    world.at += 3 * DAY
    world.admit(member, "open", "clock", world.at)
    return world.here


@abuse("membership_by_own_act")
def a_founder_who_slept_for_years_signs_before_a_vote(world: World) -> int:
    drop(world, world.find("charter.signed", member="m0012"))
    drop(world, world.find("member.admitted", member="m0012"))
    world.at += 400 * DAY
    world.record(founding.CharterSigned("m0012"), "m0012")
    world.record(members.MemberAdmitted("m0012", "north", "founder"), "m0012")
    return world.here


@abuse("membership_by_own_act")
def a_member_is_expelled(world: World) -> int:
    world.record(members.MemberLeft("m0011"), CHAIR)
    row = world.row("members", member="m0011")
    row["standing"], row["left_at"] = "left", world.rows["issues"][-1]["raised_at"]
    return world.here


@abuse("membership_by_own_act")
def moving_in_is_offered_by_somebody_who_is_no_founder(world: World) -> int:
    world.invite("m0090", "m0013", "root", "moving-in")
    return world.here


@abuse("membership_by_own_act")
def somebody_is_let_in_by_a_back_door(world: World) -> int:
    world.invite("m0090", "m0001", "root", "invitation")
    world.at += MINUTE
    world.admit("m0090", "moving-in", "m0090")
    return world.here


@abuse("membership_by_own_act")
def who_left_is_let_in_by_a_letter(world: World) -> int:
    world.leave("m0006")
    world.at += HOUR
    world.record(members.CodeLetterVouched("m0006", second=False), "m0005")
    return world.here


@abuse("membership_by_own_act")
def who_said_no_and_asks_again_was_let_in_by_a_letter_between(world: World) -> int:
    world.invite("m0090", "m0001", "root", "invitation")
    world.at += MINUTE
    world.record(members.InvitationDeclined("m0090"), "m0090")
    world.at += MINUTE
    world.record(members.CodeLetterVouched("m0090", second=False), "m0001")
    here = world.here
    world.at += MINUTE
    world.apply(member="m0090")
    return here


@abuse("membership_by_own_act")
def the_word_of_somebody_who_left_makes_a_code(world: World) -> int:
    world.invite("m0090", "m0001", "root", "invitation")
    world.vouch_for_letter("m0090", "m0006", second=False)
    world.leave("m0006")
    world.at += HOUR
    world.vouch_for_letter("m0090", "m0005", second=True)
    return world.here


@abuse("membership_by_own_act")
def who_left_is_reached_elsewhere(world: World) -> int:
    world.leave("m0006")
    world.at += HOUR
    world.record(members.ContactChangeAsked("m0006", world.at + 7 * DAY), "m0006")
    return world.here


@abuse("membership_by_own_act")
def a_contact_is_changed_at_once(world: World) -> int:
    world.record(members.ContactChangeAsked("m0005", world.at + HOUR), "m0005")
    return world.here


@abuse("membership_by_own_act")
def another_stops_the_change_of_somebodys_contact(world: World) -> int:
    world.record(members.ContactChangeAsked("m0005", world.at + 7 * DAY), "m0005")
    world.at += HOUR
    world.record(members.ContactChangeStopped("m0005"), "m0001")
    return world.here


# --- article 2: stages and words ---


@abuse("leaders_silent")
def the_chair_speaks_while_members_talk(world: World) -> int:
    world.speak("i0004", CHAIR, "Let me explain.")
    return world.here


@abuse("leaders_silent")
def a_leaders_post_is_moved_in_time(world: World) -> int:
    position = world.find("contribution.made", actor=CHAIR)
    entry = world.chain.pop(position)
    asked = world.find("contribution.made", stance="question")
    at = world.chain[asked].at
    world.chain.insert(asked + 1, entry)
    world.change(asked + 1, at=at, stage="talk")
    return asked + 1


@abuse("leaders_silent")
def a_leader_supports_an_issue(world: World) -> int:
    position = world.find("issue.supported", issue="i0001")
    world.change(position, actor=TREASURER)
    return position


@abuse("leaders_silent")
def a_leader_puts_a_draft_in_members_talk(world: World) -> int:
    world.put("i0004", CHAIR, "Rather this.")
    return world.here


@abuse("leaders_silent")
def a_leader_argues_under_the_name_of_a_fact(world: World) -> int:
    said = world.find("contribution.made", stance="for", stage="talk")
    position = world.find("fact.answered", form="answer")
    world.change(position, answers=world.chain[said].fact.contribution)  # type: ignore[attr-defined]
    return position


def a_fact_that_argues(world: World) -> str:
    """The chair answers a question in the talk, and not only that."""
    asked = world.speak("i0004", "m0007", "What does it cost?", "question")
    return world.answer("i0004", CHAIR, asked, "Nine, and you should be glad.")


@abuse("leaders_silent")
def a_leader_answers_what_a_leader_asked(world: World) -> int:
    asked = world.speak("i0004", "m0007", "What does it cost?", "question")
    world.answer("i0004", CHAIR, asked, "Nine.")
    world.change(world.find("contribution.made", contribution=asked), actor=CHAIR)
    return world.here


@abuse("leaders_silent")
def a_leader_answers_one_question_twice(world: World) -> int:
    asked = world.speak("i0004", "m0007", "What does it cost?", "question")
    for text in ("Nine.", "Nine, and that is cheap."):
        world.answer("i0004", CHAIR, asked, text)
    return world.here


@abuse("leaders_silent")
def a_leader_corrects_a_correction(world: World) -> int:
    fact = a_fact_that_argues(world)
    world.answer("i0004", TREASURER, fact, "Eight.", "correction")
    return world.here


@abuse("leaders_silent")
def a_leaders_fact_is_a_pamphlet(world: World) -> int:
    asked = world.speak("i0004", "m0007", "What does it cost?", "question")
    world.answer("i0004", CHAIR, asked, "Nine. " * 334)
    return world.here


@abuse("leaders_silent")
def a_member_answers_as_a_leader(world: World) -> int:
    asked = world.speak("i0004", "m0007", "What does it cost?", "question")
    world.answer("i0004", "m0004", asked, "Nine.")
    return world.here


@abuse("leaders_silent")
def a_fact_of_the_talk_argues_in_the_members_reply(world: World) -> int:
    fact = a_fact_that_argues(world)
    world.turn("i0004", "answer")
    world.turn("i0004", "reply")
    world.revise(fact, CHAIR, "Nine. Vote for it.")
    return world.here


@abuse("leaders_silent")
def a_leader_supports_a_draft_while_the_leaders_answer(world: World) -> int:
    draft = world.put("i0004", "m0007", "Rather this.")
    world.turn("i0004", "answer")
    world.back(draft, CHAIR)
    return world.here


@abuse("leaders_silent")
def a_leader_raises_a_pamphlet_as_a_draft(world: World) -> int:
    issue = world.raise_issue(CHAIR, needed=2, leader=True, draft="So it is. " * 200)
    return world.find("issue.raised", issue=issue)


@abuse("drafts_frozen_in_time")
def a_member_changes_a_draft_while_the_leaders_answer(world: World) -> int:
    draft = world.put("i0004", "m0007", "Rather this.")
    world.turn("i0004", "answer")
    world.redraft(draft, "m0007", "Or this.")
    return world.here


@abuse("words_in_their_stage")
def a_member_changes_words_while_the_leaders_answer(world: World) -> int:
    said = world.speak("i0004", "m0007", "It is dear.", "against")
    world.turn("i0004", "answer")
    world.revise(said, "m0007", "It is dear, and the leaders know it.")
    return world.here


@abuse("facts_covered")
def a_leader_covers_what_was_stated(world: World) -> int:
    return world.cover(a_fact_that_argues(world), CHAIR)


@abuse("facts_covered")
def the_words_of_a_member_are_covered(world: World) -> int:
    said = world.speak("i0004", "m0007", "You are all wrong.", "against")
    return world.cover(said, "m0004")


@abuse("facts_covered")
def a_fact_is_covered_when_its_issue_is_long_over(world: World) -> int:
    row = next(row for row in world.rows["contributions"] if row["form"] == "answer")
    assert world.row("issues", issue=row["issue"])["stage"] == "decided"
    return world.cover(row["contribution"], "m0004")


@abuse("facts_covered")
def somebody_of_another_branch_covers_a_fact(world: World) -> int:
    fact = a_fact_that_argues(world)
    world.cover(fact, "m0004")
    world.change(world.here, actor="m0099")
    return world.here


@abuse("state_matches")
def a_cover_is_rubbed_out_in_the_rows(world: World) -> int:
    where = world.cover(a_fact_that_argues(world), "m0004")
    world.rows["fact_covers"].clear()
    return where


@abuse("leaders_silent")
def a_leader_says_they_are_none(world: World) -> int:
    position = world.find("issue.raised", actor=CHAIR)
    world.change(position, by_leader=False)
    return position


@abuse("leaders_silent")
def a_leader_lodges_two_statements(world: World) -> int:
    world.seal("i0004", CHAIR, "And another thing.")
    return world.here


@abuse("leaders_silent")
def a_leader_has_the_last_word(world: World) -> int:
    position = world.find("draft.revised")
    fact = talk.ContributionMade("c0099", "i0001", "reply", "against")
    return slip_in(world, position, fact, CHAIR, text="But once more.")


@abuse("words_in_their_stage")
def a_member_argues_while_the_vote_is_on(world: World) -> int:
    at = world.find("ballot.cast", poll="p0004")
    fact = talk.ContributionMade("c0099", "i0001", "vote", "for")
    return slip_in(world, at, fact, "m0007", text="Vote for it.")


@abuse("words_in_their_stage")
def a_member_interrupts_the_leaders(world: World) -> int:
    position = world.find("contribution.made", actor="m0006", stage="answer")
    world.change(position, stance="against")
    return position


@abuse("words_in_their_stage")
def support_from_another_unit(world: World) -> int:
    position = world.find("issue.supported", issue="i0002")
    world.change(position, actor="m0007")
    return position


@abuse("leaders_silent")
def a_new_leader_changes_what_they_had_said_as_a_member(world: World) -> int:
    at = world.find("contribution.made", actor="m0006", stage="answer")
    said = world.chain[at].fact.contribution  # type: ignore[attr-defined]
    slip_in(world, at + 1, talk.ContributionRevised(said, "i0001", 2), "m0006", text="Who pays, comrades?")
    term = posts.TermBegun("t0099", "purse", "m0006", "p0003", "confirmed", START + 100 * DAY)
    slip_in(world, at + 1, term, "clock")
    return at + 2


@abuse("words_in_their_stage")
def a_member_of_another_unit_speaks_in_a_branch(world: World) -> int:
    at = world.find("stage.begun", issue="i0002", stage="talk") + 1
    return slip_in(world, at, talk.ContributionMade("c0099", "i0002", "talk", "for"), "m0007", text="Yes.")


@abuse("drafts_frozen_in_time")
def a_member_of_another_unit_puts_a_draft_in_a_branch(world: World) -> int:
    at = world.find("stage.begun", issue="i0002", stage="talk") + 1
    return slip_in(world, at, issues.DraftPut("d0099", "i0002", False), "m0007", title="Mine", text="Mine.")


@abuse("drafts_frozen_in_time")
def a_draft_in_a_branch_is_supported_from_another(world: World) -> int:
    at = world.find("stage.begun", issue="i0002", stage="talk") + 1
    draft = world.chain[world.find("draft.put", issue="i0002")].fact.draft  # type: ignore[attr-defined]
    return slip_in(world, at, issues.DraftSupported(draft, "i0002"), "m0007")


@abuse("letters_in_time")
def a_letter_is_posted_on_a_matter_of_another_unit(world: World) -> int:
    at = world.find("stage.begun", issue="i0002", stage="talk") + 1
    fact = talk.LetterPosted("l0099", "i0002", world.chain[at].at.replace(second=0))
    return slip_in(world, at, fact, "m0007", sender="The town", text="Take note.")


@abuse("stages_full_length")
def members_talk_is_cut_short(world: World) -> int:
    position = world.find("stage.begun", issue="i0001", stage="talk")
    world.change(position, ends_at=world.chain[position].fact.ends_at - DAY)  # type: ignore[attr-defined]
    return position


@abuse("stages_full_length")
def the_leaders_begin_a_day_early(world: World) -> int:
    position = world.find("stage.begun", issue="i0001", stage="answer")
    entry = world.chain[position]
    world.change(position, at=entry.at - DAY, due=entry.fact.due - DAY)  # type: ignore[attr-defined]
    return position


@abuse("stages_full_length")
def the_reply_is_left_out(world: World) -> int:
    drop(world, world.find("stage.begun", issue="i0001", stage="reply"))
    return world.find("stage.begun", issue="i0001", stage="vote")


@abuse("stages_full_length")
def drafts_close_late(world: World) -> int:
    position = world.find("stage.begun", issue="i0001", stage="reply")
    fact = world.chain[position].fact
    world.change(position, drafts_close_at=fact.ends_at)  # type: ignore[attr-defined]
    return position


@abuse("clock_not_early")
def the_clock_is_early(world: World) -> int:
    position = world.find("member.admitted", ground="open")
    world.change(position, at=world.chain[position].at - timedelta(minutes=4))
    return position


@abuse("clock_never_back")
def time_runs_backwards(world: World) -> int:
    position = world.find("contribution.made", actor="m0007", stage="reply")
    world.change(position, at=world.chain[position].at - 2 * HOUR)
    return position


@abuse("limits_copied")
def an_issue_is_born_with_other_limits(world: World) -> int:
    position = world.find("issue.raised", issue="i0002")
    world.change(position, limits=dict(world.limits, **{"D9.ordinary": 500}))
    return position


@abuse("supporters_enough")
def an_issue_is_said_to_need_one_supporter(world: World) -> int:
    position = world.find("issue.raised", issue="i0002")
    world.change(position, needed=1)
    return position


@abuse("supporters_enough")
def talk_begins_without_supporters(world: World) -> int:
    drop(world, world.find("issue.supported", issue="i0001"))
    return world.find("stage.begun", issue="i0001", stage="talk")


@abuse("supporters_enough")
def an_issue_that_had_its_supporters_is_left_lying(world: World) -> int:
    drop(world, world.find("stage.begun", issue="i0004"))
    return world.find("issue.supported", issue="i0004")


@abuse("drafts_frozen_in_time")
def a_draft_is_changed_after_drafts_had_closed(world: World) -> int:
    position = world.find("draft.revised")
    reply = world.chain[world.find("stage.begun", issue="i0001", stage="reply")].fact
    world.change(position, at=reply.drafts_close_at)  # type: ignore[attr-defined]
    return position


@abuse("papers_true")
def the_paper_shows_an_earlier_text(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    shown = world.chain[position].commitments["paper"].hex()
    text = world.contents.pop(shown).value.replace("We do it in June.", "We do it.")
    made = world.commit("poll.opened", "paper", "clock", "members", text)
    entry = world.chain[position]
    world.chain[position] = type(entry)(
        entry.at,
        entry.org,
        entry.actor,
        entry.auth,
        entry.n,
        entry.fact,
        {**entry.commitments, "paper": made},
    )
    world.pointers = [[*one[:2], made.hex()] if one[2] == shown else one for one in world.pointers]
    return position


@abuse("ballot_options")
def a_draft_is_kept_off_the_ballot(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    world.change(position, options=("d0001", "status-quo"))
    return position


@abuse("ballot_options")
def a_draft_without_supporters_is_on_the_ballot(world: World) -> int:
    drop(world, world.find("draft.supported"))
    return world.find("poll.opened", poll="p0004")


@abuse("ballot_options")
def a_vote_is_held_over_the_holidays_in_two_days(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    world.change(position, closes_at=world.chain[position].at + 2 * DAY)
    return position


@abuse("ballot_options")
def a_quorum_is_raised_when_the_vote_opens(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    world.change(position, quorum_bp=2_500)
    return position


@abuse("letters_in_time")
def a_letter_is_kept_back_for_a_week(world: World) -> int:
    position = world.find("letter.posted")
    world.change(position, received_at=world.chain[position].at - 7 * DAY)
    return position


# --- article 13: what comes from elsewhere ---


@abuse("archives_brought")
def a_leader_lets_an_old_thread_speak_for_them(world: World) -> int:
    world.change(position := world.find("archive.imported"), actor=CHAIR)
    return position


@abuse("archives_brought")
def a_thread_comes_from_a_program_that_nobody_knows(world: World) -> int:
    world.change(position := world.find("archive.imported"), source="memory")
    return position


@abuse("archives_brought")
def a_thread_without_words_is_brought_along(world: World) -> int:
    return slip_in(
        world, world.find("archive.imported"), archives.ArchiveImported("h9999", "loomio"), "m0010"
    )


@abuse("archives_brought")
def an_essay_is_brought_along_as_a_thread(world: World) -> int:
    fact = archives.ArchiveImported("h9999", "loomio")
    return slip_in(world, world.find("archive.imported"), fact, "m0010", thread="Vote for me.")


@abuse("archives_brought")
def a_thread_of_half_a_million_signs_is_brought_along(world: World) -> int:
    fact = archives.ArchiveImported("h9999", "loomio")
    long = THREAD.replace('"text":""', f'"text":"{500_000 * "x"}"')
    return slip_in(world, world.find("archive.imported"), fact, "m0010", thread=long)


@abuse("archives_brought")
def somebody_floods_the_archive(world: World) -> int:
    position = world.find("archive.imported")
    for number in range(500):
        fact = archives.ArchiveImported(f"h{1000 + number}", "loomio")
        slip_in(world, position, fact, "m0010", thread=THREAD)
    return position + 500


@abuse("erasure_allowed")
def somebody_else_erases_what_was_brought_along(world: World) -> int:
    position = world.find("archive.imported")
    gone = world.chain[position].commitments["thread"].hex()
    return slip_in(world, position + 1, talk.ContentErased((gone,), "own"), "m0011")


@abuse("statements_opened_on_time")
def a_statement_stays_closed(world: World) -> int:
    drop(world, world.find("statement.opened"))
    return world.find("stage.begun", issue="i0001", stage="answer")


@abuse("statements_opened_on_time")
def a_statement_is_opened_while_members_talk(world: World) -> int:
    world.record(talk.StatementOpened("s0002", "i0004", world.at))
    world.release("s0002")
    return world.here


@abuse("overdue")
def an_issue_is_forgotten(world: World) -> int:
    drop(world, world.find("issue.lapsed"))
    return world.find("issue.raised", issue="i0003")


@abuse("overdue")
def a_term_never_ends(world: World) -> int:
    drop(world, world.find("term.ended", why="term-over"))
    return world.find("term.begun", post="purse")


@abuse("overdue")
def the_members_are_never_asked(world: World) -> int:
    drop(world, world.find("poll.opened", poll="p0001"))
    return world.find("organisation.founded")


# --- article 12: rolls, ballots, counts ---


@abuse("roll_right")
def a_roll_is_padded(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    replace(world, position, "roll", lambda text: text.replace("]", ', "m0017"]'))
    world.change(position, roll_count=world.chain[position].fact.roll_count + 1)  # type: ignore[attr-defined]
    return position


@abuse("roll_right")
def somebody_is_left_off_the_roll(world: World) -> int:
    position = world.find("poll.opened", poll="p0004")
    replace(world, position, "roll", lambda text: text.replace('"m0007", ', ""))
    world.change(position, roll_count=world.chain[position].fact.roll_count - 1)  # type: ignore[attr-defined]
    return position


def replace(world: World, position: int, name: str, change: Callable[[str], str]) -> None:
    entry = world.chain[position]
    old = world.contents.pop(entry.commitments[name].hex())
    made = world.commit(old.kind, name, old.author, old.audience, change(old.value), old.held_until)
    world.chain[position] = type(entry)(
        entry.at, entry.org, entry.actor, entry.auth, entry.n, entry.fact, {**entry.commitments, name: made}
    )
    was = entry.commitments[name].hex()
    world.pointers = [[*one[:2], made.hex()] if one[2] == was else one for one in world.pointers]


@abuse("papers_true")
def the_paper_of_a_confirmation_tells_of_other_minutes(world: World) -> int:
    position = world.find("poll.opened", poll="p0001")
    replace(world, position, "paper", lambda text: text.replace("Minutes of that day", "Elected by all"))
    return position


@abuse("ballots_from_roll")
def somebody_votes_twice(world: World) -> int:
    position = world.find("ballot.cast", poll="p0004", actor="m0002")
    world.change(position, actor="m0001")
    return position


@abuse("ballots_from_roll")
def somebody_votes_who_is_not_on_the_roll(world: World) -> int:
    position = world.find("ballot.cast", poll="p0004", actor="m0002")
    world.change(position, actor="m0017")
    return position


@abuse("ballots_from_roll")
def a_ballot_comes_after_the_close(world: World) -> int:
    counted = world.find("poll.counted", poll="p0004")
    at = world.chain[counted].at
    return slip_in(world, counted, polls.BallotCast("p0004"), "m0012", at, choice='{"ranking":[["d0002"]]}')


@abuse("counts_recomputed")
def a_result_is_changed(world: World) -> int:
    position = world.find("poll.counted", poll="p0004")
    world.change(position, outcome="status-quo")
    return position


@abuse("counts_recomputed")
def figures_are_changed(world: World) -> int:
    position = world.find("poll.counted", poll="p0001")
    world.change(position, figures={"yes": 9, "no": 0, "abstain": 0})
    return position


@abuse("counts_recomputed")
def ballots_are_lost_on_the_way(world: World) -> int:
    drop(world, world.find("ballot.cast", poll="p0004"))
    return world.find("poll.counted", poll="p0004")


@abuse("counts_recomputed")
def a_vote_is_closed_early(world: World) -> int:
    position = world.find("poll.counted", poll="p0004")
    at = world.chain[position - 1].at + MINUTE
    world.change(position, at=at, due=at)
    return position


@abuse("counts_recomputed")
def a_ballot_says_something_else(world: World) -> int:
    position = world.find("ballot.cast", poll="p0001")
    replace(world, position, "choice", lambda text: '{"choice":"twice yes"}')
    return position


@abuse("decision_follows_count")
def a_lost_vote_is_called_won(world: World) -> int:
    position = world.find("issue.decided", issue="i0001")
    world.change(position, draft="d0002")
    return position


@abuse("decision_follows_count")
def a_decision_without_a_vote(world: World) -> int:
    world.record(issues.IssueDecided("i0004", "p0004", "carried", "d0005"))
    return world.here


@abuse("decision_follows_count")
def a_carried_text_is_not_put_in_force(world: World) -> int:
    drop(world, world.find("resolution.in_force", issue="i0001"))
    return world.find("issue.decided", issue="i0001")


@abuse("resolution_is_the_text_voted")
def another_text_is_in_force(world: World) -> int:
    position = world.find("resolution.in_force", issue="i0001")
    world.change(position, text_commitment=world.shown("draft.text", "d0001/1"))
    return position


@abuse("numbers_in_sequence")
def an_issue_is_made_away_with(world: World) -> int:
    position = world.find("issue.raised", issue="i0003")
    world.change(position, number=4)
    return position


# --- article 7: words ---


@abuse("contribution_own")
def a_leader_edits_a_members_words(world: World) -> int:
    position = world.find("contribution.revised")
    world.change(position, actor=CHAIR)
    return position


@abuse("contribution_own")
def a_version_is_passed_over(world: World) -> int:
    position = world.find("draft.revised")
    world.change(position, version=3)
    return position


@abuse("erasure_allowed")
def somebody_elses_words_are_erased(world: World) -> int:
    position = world.find("content.erased", actor="m0008")
    world.change(position, actor=CHAIR)
    return position


@abuse("erasure_allowed")
def a_member_is_known_by_no_name(world: World) -> int:
    world.erase("m0006", world.shown("member.name", "m0006"))
    return world.here


@abuse("erasure_allowed")
def nothing_leads_to_a_member_any_more(world: World) -> int:
    world.erase_name("m0006")
    return world.here


@abuse("erasure_allowed")
def a_name_is_erased_by_whoever_asked_them_in(world: World) -> int:
    world.leave("m0006")
    world.at += HOUR
    inviter = world.chain[world.find("member.invited", member="m0006")].actor
    world.erase(inviter, world.shown("member.name", "m0006"))
    return world.here


@abuse("erasure_allowed")
def somebody_else_erases_who_was_here(world: World) -> int:
    position = world.find("contact.erased", member="m0012")
    world.change(position, actor="m0001")
    return position


@abuse("erasure_allowed")
def a_chair_who_left_has_no_name_the_year_after(world: World) -> int:
    world.leave(CHAIR)
    world.at += 365 * DAY
    world.erase_name(CHAIR)
    return world.here


@abuse("acts_by_right")
def somebody_asks_to_join_to_whom_nothing_leads(world: World) -> int:
    world.apply(member="m0012")
    return world.here


@abuse("entries_well_formed")
def nothing_leads_to_somebody_twice(world: World) -> int:
    world.record(members.ContactErased("m0012"), "m0012")
    return world.here


@abuse("erasure_allowed")
def a_text_in_force_is_erased(world: World) -> int:
    world.erase("m0005", world.shown("draft.text", "d0001/2"))
    return world.here


@abuse("erasure_allowed")
def a_leader_takes_back_what_they_said_as_one(world: World) -> int:
    said = world.chain[world.find("contribution.made", actor=CHAIR)].fact.contribution  # type: ignore[attr-defined]
    world.erase(CHAIR, world.shown("contribution.text", f"{said}/1"))
    return world.here


@abuse("erasure_allowed")
def a_ballot_is_erased(world: World) -> int:
    world.erase("m0001", world.shown("ballot.choice", "p0004/m0001"))
    return world.here


@abuse("content_opens")
def a_text_disappears_without_an_entry(world: World) -> int:
    del world.contents[world.shown("contribution.text", "c0002/1")]
    return world.find("contribution.made", contribution="c0002")


@abuse("content_opens")
def a_text_is_altered(world: World) -> int:
    world.contents[world.shown("contribution.text", "c0002/1")].value = "I am against it."
    return world.find("contribution.made", contribution="c0002")


@abuse("content_opens")
def an_erased_text_is_still_handed_out(world: World) -> int:
    world.contents[world.shown("contribution.text", "c0003/1")].erased = False
    return world.find("contribution.made", contribution="c0003")


@abuse("content_opens")
def a_sealed_statement_leaks(world: World) -> int:
    world.contents[world.shown("statement.text", "s0002")].held_until = ""
    return world.find("statement.sealed", statement="s0002")


@abuse("content_opens")
def choices_are_kept_back_after_the_count(world: World) -> int:
    world.contents[world.shown("ballot.choice", "p0001/m0001")].held_until = "p0001"
    return world.find("ballot.cast", poll="p0001", actor="m0001")


@abuse("content_opens")
def words_are_bound_to_somebody_else(world: World) -> int:
    position = world.find("contribution.made", contribution="c0002")
    entry = world.chain[position]
    made = world.commit("contribution.made", "text", "m0001", "members", "I am for it, whatever it costs.")
    world.chain[position] = type(entry)(
        entry.at, entry.org, entry.actor, entry.auth, entry.n, entry.fact, {"text": made}
    )
    return position


# --- article 14: the record itself ---


@abuse("entries_well_formed")
def a_name_stands_in_clear(world: World) -> int:
    data = world.data()
    world.raw[len(data) - 1] = data[-1].replace(b'"i0004"', b'"Anna Example"')
    return len(data) - 1


@abuse("entries_well_formed")
def an_entry_of_an_unknown_kind(world: World) -> int:
    data = world.data()
    world.raw[len(data) - 1] = data[-1].replace(b"statement.sealed", b"permission.given")
    return len(data) - 1


@abuse("entries_well_formed")
def a_post_id_is_used_again(world: World) -> int:
    world.record(posts.PostCreated("chair", "root", False, 1, 365), "m0001", title="Friend")
    return world.here


@abuse("entries_well_formed")
def an_entry_from_another_organisation(world: World) -> int:
    entry = world.chain[-1]
    world.chain[-1] = type(entry)(
        entry.at, "elsewhere", entry.actor, entry.auth, entry.n, entry.fact, entry.commitments
    )
    return world.here


@abuse("export_stamps")
def stamps_that_leave_out_what_came_since(world: World) -> int:
    stamped = world.find("export.stamped")
    assert world.here > stamped + 1
    world.record(talk.ExportStamped(stamped + 1, "1" * 64))
    return world.here


@abuse("export_stamps")
def two_exports_of_one_size(world: World) -> int:
    size = world.chain[world.find("export.stamped")].fact.size  # type: ignore[attr-defined]
    world.record(talk.ExportStamped(size, "1" * 64))
    return world.here


# --- rows changed behind the server's back ---


@abuse("state_matches")
def a_row_with_no_entry_is_an_unlogged_act(world: World) -> None:
    world.add("supporters", issue="i0004", member="m0009", at="2026-05-31T20:00:00Z", withdrawn_at=None)


@abuse("state_matches")
def an_entry_without_its_row(world: World) -> int:
    world.rows["contributions"] = [
        row for row in world.rows["contributions"] if row["contribution"] != "c0002"
    ]
    return world.find("contribution.made", contribution="c0002")


@abuse("state_matches")
def a_term_is_prolonged_by_sql(world: World) -> int:
    world.row("terms", post="chair")["ends_at"] = "2027-01-01T00:00:00Z"
    return world.find("term.begun", post="chair")


@abuse("state_matches")
def a_stage_is_cut_by_sql(world: World) -> int:
    world.row("issues", issue="i0004")["stage_ends_at"] = "2026-06-01T18:00:00Z"
    return world.find("issue.raised", issue="i0004")


@abuse("state_matches")
def an_outcome_is_changed_by_sql(world: World) -> int:
    world.row("polls", poll="p0004")["outcome"] = "status-quo"
    return world.find("poll.opened", poll="p0004")


@abuse("state_matches")
def a_member_is_put_out_by_sql(world: World) -> int:
    world.row("members", member="m0007")["standing"] = "left"
    return world.find("member.invited", member="m0007")


@abuse("state_matches")
def a_limit_is_changed_by_sql(world: World) -> int:
    world.limits = dict(world.limits, **{"D5.other": 1})
    return 0


@abuse("state_matches")
def a_row_shows_other_words(world: World) -> int:
    other = world.shown("contribution.text", "c0001/1")
    world.pointers = [
        [*one[:2], other] if one[:2] == ["contribution.text", "c0002/1"] else one for one in world.pointers
    ]
    return world.find("contribution.made", contribution="c0002")


@abuse("state_matches")
def a_roll_is_padded_by_sql(world: World) -> int:
    world.add("voters", poll="p0004", member="m0017")
    return world.find("poll.opened", poll="p0004")


@abuse("state_matches")
def a_post_stops_leading_by_sql(world: World) -> int:
    world.row("posts", post="chair")["leading"] = False
    return world.find("post.created", post="chair")


@abuse("state_matches")
def a_content_is_given_to_somebody_else_by_sql(world: World) -> int:
    world.contents["0" * 64] = world.contents.pop(shown := world.shown("contribution.text", "c0003/1"))
    one = world.contents["0" * 64]
    one.author = "m0001"
    world.contents = {shown if key == "0" * 64 else key: value for key, value in world.contents.items()}
    return world.find("contribution.made", contribution="c0003")


@abuse("state_matches")
def a_whole_list_is_left_out(world: World) -> None:
    del world.rows["resolutions"]


@abuse("state_matches")
def the_same_ballot_is_claimed_twice(world: World) -> int:
    world.rows["ballots"].append(dict(world.rows["ballots"][0]))
    return world.find("ballot.cast", poll="p0001")


@abuse("posts_by_vote")
def a_single_post_is_marked_as_not_leading(world: World) -> int:
    position = world.find("post.created", post="counter")
    world.change(position, duty=None)
    return position
