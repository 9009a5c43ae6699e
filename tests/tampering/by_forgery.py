# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entries forged, dropped, added and moved, with every hash redone and signed with the record's own key.

"forged": the story itself breaks an article, and its check says so from this one export alone. "past": the
new story breaks nothing; only who kept an earlier copy, or a receipt, can tell.
"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.read import Export
from kollontai.ids import new_id

from .abuses import Seen, abuse
from .forgery import Story
from .organisation import Tidewater


def _moved(text: str, **by: float) -> str:
    return f"{datetime.fromisoformat(text) + timedelta(**by):%Y-%m-%dT%H:%M:%SZ}"


def _poll(story: Story, issue: str) -> str:
    return str(story.entries[story.find("poll.opened", subject=issue)]["f"]["poll"])


def _end(story: Story) -> int:
    return len(story.entries)


# --- article 2: who speaks when, and for how long ---


@abuse("forged", "stages_full_length", "stage.begun of the talk: ends_at three days sooner")
def the_talk_was_to_be_shorter_from_the_beginning(story: Story, org: Tidewater) -> Seen:
    at = story.find("stage.begun", issue=org.talk, stage="talk")
    story.set(at, ends_at=_moved(story.entries[at]["f"]["ends_at"], days=-3))
    return Seen(org.talk, at, "is cut short")


@abuse(
    "forged", "stages_full_length", "stage.begun of the reply: ends_at a day later, drafts_close_at with it"
)
def the_reply_is_drawn_out(story: Story, org: Tidewater) -> Seen:
    at = story.find("stage.begun", issue=org.voting, stage="reply")
    story.set(at, ends_at=_moved(story.entries[at]["f"]["ends_at"], days=1))
    return Seen(org.voting, at, "is drawn out")


@abuse("forged", "stages_full_length", "stage.begun of the answer is dropped")
def the_leaders_answer_is_left_out(story: Story, org: Tidewater) -> Seen:
    story.drop(story.find("stage.begun", issue=org.voting, stage="answer"))
    return Seen(org.voting, story.find("stage.begun", issue=org.voting, stage="reply"), "came out of turn")


@abuse("forged", "leaders_silent", "contribution.made by the chair, in the talk")
def a_leader_speaks_in_the_members_talk(story: Story, org: Tidewater) -> Seen:
    said = new_id()
    at = story.insert(
        _end(story), "contribution.made", org.who("hal"), contribution=said, issue=org.talk, stage="talk",
        stance="for", text_text="Vote with me.",
    )  # fmt: skip
    return Seen(said, at, "spoke in the stage talk")


@abuse("forged", "leaders_silent", "draft.supported by the chair, in the talk")
def a_leader_supports_a_draft_in_the_talk(story: Story, org: Tidewater) -> Seen:
    draft = story.entries[story.find("draft.put", issue=org.talk, first=False)]["f"]["draft"]
    at = story.insert(_end(story), "draft.supported", org.who("hal"), draft=draft, issue=org.talk)
    return Seen(draft, at, "supported a draft")


@abuse("forged", "leaders_silent", "draft.put by the chair, in the talk")
def a_leader_puts_a_draft_in_the_talk(story: Story, org: Tidewater) -> Seen:
    draft = new_id()
    at = story.insert(
        _end(story), "draft.put", org.who("hal"), draft=draft, issue=org.talk, first=False,
        text_title="Mine", text_text="1. Mine.",
    )  # fmt: skip
    return Seen(draft, at, "put a draft in the stage talk")


@abuse("forged", "leaders_silent", "issue.raised: the actor is the chair, by_leader stays false")
def a_leader_raises_an_issue_as_if_none(story: Story, org: Tidewater) -> Seen:
    at = story.find("issue.raised", issue=org.gathering)
    story.entries[at]["actor"] = org.who("hal")
    return Seen(org.gathering, at, "is said to be no leader")


@abuse("forged", "leaders_silent", "fact.answered where the contribution is no question")
def an_opinion_is_passed_off_as_a_fact(story: Story, org: Tidewater) -> Seen:
    said = new_id()
    at = story.insert(
        _end(story), "fact.answered", org.who("hal"), contribution=said, issue=org.talk, stage="talk",
        form="answer", answers=org.revised, text_text="No.", text_source="Me.",
    )  # fmt: skip
    return Seen(said, at, "where nobody had asked a question")


@abuse("forged", "words_in_their_stage", "contribution.made on an issue in its vote")
def somebody_speaks_while_the_vote_is_on(story: Story, org: Tidewater) -> Seen:
    said = new_id()
    at = story.insert(
        _end(story), "contribution.made", org.who("dai"), contribution=said, issue=org.voting, stage="vote",
        stance="for", text_text="One last word.",
    )  # fmt: skip
    return Seen(said, at, "while the vote was on")


@abuse("forged", "statements_opened_on_time", "statement.opened while the members talk, its words with it")
def a_statement_is_opened_early(story: Story, org: Tidewater) -> Seen:
    sealed = story.find("statement.sealed", issue=org.talk)
    story.rewrite(sealed, "text", "I would sweep it myself.")
    statement = story.entries[sealed]["f"]["statement"]
    at = story.insert(
        _end(story),
        "statement.opened",
        "clock",
        statement=statement,
        issue=org.talk,
        due=story.at(_end(story) - 1),
    )
    return Seen(statement, at, "before the leaders' stage")


@abuse("forged", "statements_opened_on_time", "statement.opened is dropped")
def a_statement_is_never_opened(story: Story, org: Tidewater) -> Seen:
    opened = story.find("statement.opened", issue=org.ranked)
    statement = story.entries[opened]["f"]["statement"]
    del story.contents[story.entries[story.find("statement.sealed", statement=statement)]["c"]["text"]]
    answer = story.find("stage.begun", issue=org.ranked, stage="answer")
    story.drop(opened)
    return Seen(statement, answer, "was not opened")


@abuse("forged", "drafts_frozen_in_time", "draft.revised after drafts had closed")
def a_draft_is_revised_after_the_freeze(story: Story, org: Tidewater) -> Seen:
    put = story.entries[story.find("draft.put", issue=org.voting)]
    at = story.insert(
        story.find("poll.opened", subject=org.voting) + 1, "draft.revised", put["actor"], draft=put["f"]["draft"],
        issue=org.voting, version=2, text_title="Chairs", text_text="1. Other chairs.",
    )  # fmt: skip
    return Seen(put["f"]["draft"], at, "changed a draft")


@abuse("forged", "drafts_frozen_in_time", "the paper of poll.opened shows another text")
def the_ballot_paper_shows_another_text(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.ranked)
    paper = json.dumps(story.words(at, "paper"), ensure_ascii=False)
    put = story.entries[story.find("draft.put", issue=org.ranked, first=False)]
    last = put["c"]["text"]
    text = story.words_text(story.find("draft.put", issue=org.ranked, first=False), "text")
    story.rewrite(at, "paper", paper.replace(text, "1. Nothing.").replace(last, "ab" * 32))
    return Seen(put["f"]["draft"], at, "The ballot paper does not show the text")


@abuse("forged", "papers_true", "the paper of poll.opened: the text is another, its commitment is kept")
def the_ballot_paper_shows_another_text_under_the_right_commitment(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.voting)
    paper = story.words(at, "paper")
    paper["draft"]["text"] = "1. We thank the committee."
    story.rewrite(at, "paper", json.dumps(paper))
    return Seen(_poll(story, org.voting), at, "shows text otherwise")


@abuse("forged", "papers_true", "the paper of poll.opened: an effect that no draft declares")
def the_ballot_paper_promises_what_no_draft_would_change(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.ranked)
    paper = story.words(at, "paper")
    paper["options"][1] |= {"effects": [{"effect": "set_dues", "dues": 0}], "would_change": ["No more dues."]}
    story.rewrite(at, "paper", json.dumps(paper))
    return Seen(_poll(story, org.ranked), at, "shows effects otherwise")


@abuse("forged", "supporters_enough", "issue.supported of the second of two supporters is dropped")
def an_issue_comes_up_with_too_few_supporters(story: Story, org: Tidewater) -> Seen:
    story.drop(story.find("issue.supported", issue=org.voting, actor=org.who("dai")))
    return Seen(org.voting, story.find("stage.begun", issue=org.voting), "began with 1 supporters")


@abuse("forged", "supporters_enough", "issue.raised: needed is 9")
def an_issue_is_to_need_nine_supporters(story: Story, org: Tidewater) -> Seen:
    at = story.set(story.find("issue.raised", issue=org.gathering), needed=9)
    return Seen(org.gathering, at, "is said to need 9 supporters")


@abuse("forged", "letters_in_time", "letter.posted: received_at two days sooner")
def a_letter_was_kept_back(story: Story, org: Tidewater) -> Seen:
    at = story.find("letter.posted", issue=org.talk)
    story.set(at, received_at=_moved(story.entries[at]["f"]["received_at"], days=-2))
    return Seen(story.entries[at]["f"]["letter"], at, "within 24 hours")


@abuse("forged", "decision_follows_count", "issue.decided and resolution.in_force name the draft that lost")
def the_draft_that_lost_is_declared_the_winner(story: Story, org: Tidewater) -> Seen:
    at = story.find("issue.decided", issue=org.ranked)
    put = story.entries[story.find("draft.put", issue=org.ranked, first=False)]
    story.set(at, draft=put["f"]["draft"])
    in_force = story.find("resolution.in_force", issue=org.ranked)
    story.set(in_force, draft=put["f"]["draft"], text_commitment=put["c"]["text"])
    return Seen(org.ranked, at, "the count says carried with")


@abuse("forged", "decision_follows_count", "resolution.in_force is dropped")
def a_decision_is_not_carried_out(story: Story, org: Tidewater) -> Seen:
    story.drop(story.find("resolution.in_force", issue=org.plain))
    return Seen(org.plain, story.find("issue.decided", issue=org.plain), "is not in force")


@abuse("forged", "resolution_is_the_text_voted", "resolution.in_force points at the other draft's text")
def another_text_is_put_in_force_than_was_voted(story: Story, org: Tidewater) -> Seen:
    at = story.find("resolution.in_force", issue=org.ranked)
    put = story.entries[story.find("draft.put", issue=org.ranked, first=False)]
    story.set(at, text_commitment=put["c"]["text"])
    return Seen(story.entries[at]["f"]["resolution"], at, "not the one that was voted")


# --- article 12: rolls, ballots, counts ---


@abuse("forged", "roll_right", "the roll of poll.opened names a newcomer, roll_count with it")
def a_roll_is_padded_at_the_opening(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.voting)
    roll = sorted([*story.words(at, "roll"), org.who("tom")])
    story.rewrite(at, "roll", json.dumps(roll))
    story.set(at, roll_count=len(roll))
    return Seen(org.who("tom"), at, "does not belong there")


@abuse("forged", "roll_right", "the roll of poll.opened leaves a member out, roll_count with it")
def a_member_is_left_off_a_roll(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.voting)
    roll = [one for one in story.words(at, "roll") if one != org.who("eva")]
    story.rewrite(at, "roll", json.dumps(roll))
    story.set(at, roll_count=len(roll))
    return Seen(org.who("eva"), at, "was left out")


@abuse("forged", "ballots_from_roll", "ballot.cast by somebody who is not on the roll")
def a_ballot_comes_from_outside_the_roll(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.voting)
    at = story.insert(_end(story), "ballot.cast", org.who("tom"), poll=poll, text_choice='{"choice":"yes"}')
    del story.contents[story.entries[at]["c"]["choice"]]
    return Seen(poll, at, "without being on the roll")


@abuse("forged", "ballots_from_roll", "ballot.cast twice by the same member")
def somebody_votes_twice(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.voting)
    at = story.insert(_end(story), "ballot.cast", org.who("ada"), poll=poll, text_choice='{"choice":"yes"}')
    del story.contents[story.entries[at]["c"]["choice"]]
    return Seen(poll, at, "a second time")


@abuse("forged", "counts_recomputed", "poll.counted, issue.decided changed, resolution.in_force dropped")
def a_result_is_changed(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.plain)
    at = story.set(
        story.find("poll.counted", poll=poll), outcome="no", figures={"yes": 1, "no": 2, "abstain": 0}
    )
    decided = story.find("issue.decided", issue=org.plain)
    story.set(decided, outcome="not-carried")
    story.entries[decided]["f"].pop("draft")
    story.drop(story.find("resolution.in_force", issue=org.plain))
    return Seen(poll, at, "counted again it is yes")


@abuse("forged", "counts_recomputed", "ballot.cast is dropped, poll.counted stays")
def a_ballot_is_lost_and_the_count_stays(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.ranked)
    lost = story.find("ballot.cast", poll=poll, actor=org.who("dai"))
    del story.contents[story.entries[lost]["c"]["choice"]]
    story.drop(lost)
    return Seen(poll, story.find("poll.counted", poll=poll), "the record holds 6 ballots")


@abuse("forged", "counts_recomputed", "poll.counted days before the close, not everybody having voted")
def a_vote_is_closed_when_it_suits(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.voting)
    closes = story.entries[story.find("poll.opened", poll=poll)]["f"]["closes_at"]
    at = story.insert(
        _end(story), "poll.counted", "clock", poll=poll, due=closes, cast=3, outcome="no",
        figures={"yes": 1, "no": 1, "abstain": 1}, text_count="{}",
    )  # fmt: skip
    return Seen(poll, at, "although not everybody had voted")


@abuse("forged", "ballot_options", "poll.opened: quorum_bp is 1")
def the_quorum_is_lowered_at_the_opening(story: Story, org: Tidewater) -> Seen:
    at = story.set(story.find("poll.opened", subject=org.voting), quorum_bp=1)
    return Seen(_poll(story, org.voting), at, "The quorum is 1")


@abuse("forged", "ballot_options", "poll.opened: closes_at two days sooner, the stage's end with it")
def the_voting_window_is_narrowed(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.voting)
    sooner = _moved(story.entries[at]["f"]["closes_at"], days=-2)
    story.set(at, closes_at=sooner)
    story.set(story.find("stage.begun", issue=org.voting, stage="vote"), ends_at=sooner)
    return Seen(_poll(story, org.voting), at, "its time ends at")


@abuse("forged", "ballot_options", "poll.opened: one draft is missing from options, and the form is yes_no")
def a_draft_is_kept_off_the_ballot(story: Story, org: Tidewater) -> Seen:
    at = story.find("poll.opened", subject=org.ranked)
    story.set(at, form="yes_no", options=["yes", "no", "abstain"])
    story.entries[at]["f"].pop("status_quo")
    return Seen(_poll(story, org.ranked), at, "are to be ranked with the status quo")


@abuse("forged", "limits_copied", "founding.opened: D1.ordinary is 1")
def the_charter_is_founded_below_a_floor(story: Story, org: Tidewater) -> Seen:
    story.set(0, limits={**story.entries[0]["f"]["limits"], "D1.ordinary": 1})
    return Seen("D1.ordinary", 0, "no vote can set it below")


@abuse("forged", "limits_copied", "issue.raised: D1.ordinary is 2")
def an_issue_is_born_with_other_limits(story: Story, org: Tidewater) -> Seen:
    at = story.find("issue.raised", issue=org.gathering)
    story.set(at, limits={**story.entries[at]["f"]["limits"], "D1.ordinary": 2})
    return Seen(org.gathering, at, "D1.ordinary = 2")


# --- article 1: posts ---


def _post(story: Story, org: Tidewater, name: str) -> str:
    return str(story.entries[story.find("post.entered", member=org.who(name))]["f"]["post"])


@abuse("forged", "terms_from_counts", "term.begun with a poll that there never was")
def a_term_begins_without_a_poll(story: Story, org: Tidewater) -> Seen:
    term = new_id()
    at = story.insert(
        _end(story), "term.begun", "clock", term=term, post=_post(story, org, "eva"), member=org.who("eva"),
        poll=new_id(), how="confirmed", ends_at="2026-06-01T12:00:00Z",
    )  # fmt: skip
    return Seen(term, at, "without a vote on it")


@abuse("forged", "terms_from_counts", "post.unconfirmed becomes term.begun")
def who_was_voted_down_takes_the_post(story: Story, org: Tidewater) -> Seen:
    at = story.find("post.unconfirmed")
    fields, term = story.entries[at]["f"], new_id()
    ends = story.entries[story.find("term.begun")]["f"]["ends_at"]
    story.entries[at] = {**story.entries[at], "kind": "term.begun"}
    story.entries[at]["f"] = {**fields, "term": term, "how": "confirmed", "ends_at": ends}
    return Seen(term, at, "although the vote did not carry")


@abuse("forged", "terms_from_counts", "term.begun: ends_at a year later")
def a_term_is_to_last_longer(story: Story, org: Tidewater) -> Seen:
    at = story.find("term.begun")
    story.set(at, ends_at=_moved(story.entries[at]["f"]["ends_at"], days=365))
    return Seen(story.entries[at]["f"]["term"], at, "longer than it must")


@abuse("forged", "terms_from_counts", "term.begun: another member")
def another_takes_the_post_than_was_voted_on(story: Story, org: Tidewater) -> Seen:
    at = story.set(story.find("term.begun"), member=org.who("ben"))
    return Seen(story.entries[at]["f"]["term"], at, "without having been entered at the founding")


@abuse("forged", "posts_by_vote", "post.created after the founding")
def a_post_is_made_without_a_vote(story: Story, org: Tidewater) -> Seen:
    post = new_id()
    at = story.insert(
        _end(story), "post.created", org.who("ada"), post=post, unit=org_unit(story), leading=True, seats=1,
        term_days=365, text_title="Co-ordinator",
    )  # fmt: skip
    return Seen(post, at, "no vote made it")


def org_unit(story: Story) -> str:
    """The unit that is the whole organisation."""
    return str(story.entries[story.find("unit.created")]["f"]["unit"])


# --- articles 9 and 13: members, founders ---


@abuse("forged", "membership_by_own_act", "member.admitted of somebody who never accepted")
def an_invited_person_is_admitted_unasked(story: Story, org: Tidewater) -> Seen:
    member = org.who("pia")
    unit = story.entries[story.find("member.invited", member=member)]["f"]["unit"]
    at = story.insert(
        _end(story), "member.admitted", org.who("ada"), member=member, unit=unit, ground="moving-in"
    )
    return Seen(member, at, "accepted the invitation in the name of")


@abuse("forged", "membership_by_own_act", "member.left by somebody else")
def a_member_is_expelled(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "member.left", org.who("hal"), member=org.who("cleo"))
    return Seen(org.who("cleo"), at, "ended the membership of")


@abuse("forged", "membership_by_own_act", "member.vouched by a member of two days")
def a_newcomer_vouches(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "member.vouched", org.who("tom"), member=org.who("sara"))
    return Seen(org.who("sara"), at, "for less than 90 days")


@abuse("forged", "membership_by_own_act", "member.vouched of the second voucher is dropped")
def somebody_comes_in_with_one_voucher(story: Story, org: Tidewater) -> Seen:
    story.drop(story.find("member.vouched", member=org.who("rosa"), actor=org.who("ben")))
    return Seen(org.who("rosa"), story.find("member.admitted", member=org.who("rosa")), "with 1 vouchers")


@abuse("forged", "membership_by_own_act", "code_letter.vouched as the second, where there was no first")
def one_member_alone_makes_a_letter(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "code_letter.vouched", org.who("finn"), member=org.who("pia"), second=True)
    return Seen(org.who("pia"), at, "as the second, without a first")


@abuse("forged", "membership_by_own_act", "code_letter.vouched by a member of another unit")
def a_stranger_to_the_unit_vouches_for_a_letter(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "code_letter.vouched", org.who("ada"), member=org.who("pia"), second=False)
    return Seen(org.who("pia"), at, "but belonged to another unit")


@abuse("forged", "membership_by_own_act", "code_letter.vouched by one member for a fourth person")
def a_pair_lets_in_one_after_another(story: Story, org: Tidewater) -> Seen:
    for name in ("pia", "sara", "tom"):  # and uma before them
        at = story.insert(
            _end(story), "code_letter.vouched", org.who("gus"), member=org.who(name), second=False
        )
    return Seen(org.who("tom"), at, "for the first letters of 4 people within 91 days; 3 are allowed")


# --- article 7: written in by a neighbour ---


def _writes(story: Story, org: Tidewater, writer: str, member: str, at: int) -> tuple[str, int]:
    """Words forged into the members' talk by a writer, and where they stand."""
    made = new_id()
    return made, story.insert(
        at, "words.written_in", org.who(writer), author=org.who(member), write_in=made,
        member=org.who(member), contribution=new_id(), issue=org.talk, stage="talk", stance="for",
        text_text="As they would have said it.",
    )  # fmt: skip


@abuse("forged", "written_in_by_right", "words.written_in by somebody who was never named")
def words_are_written_in_by_a_stranger(story: Story, org: Tidewater) -> Seen:
    made, at = _writes(story, org, "ned", "vic", _end(story))
    return Seen(made, at, "without having been named")


@abuse("forged", "written_in_by_right", "naming.ended moved before what was written in")
def a_writer_goes_on_after_the_naming_ended(story: Story, org: Tidewater) -> Seen:
    first = story.find("words.written_in", actor=org.who("kit"))
    naming = story.entries[story.find("writer.named", writer=org.who("kit"))]["f"]["naming"]
    story.insert(first, "naming.ended", org.who("vic"), naming=naming)
    return Seen(story.entries[first + 1]["f"]["write_in"], first + 1, "without having been named")


@abuse("forged", "written_in_by_right", "writer.named: the chair")
def the_chair_is_named_and_writes_in(story: Story, org: Tidewater) -> Seen:
    at = story.find("writer.named", writer=org.who("lea"))
    story.set(at, writer=org.who("hal"))
    return Seen(story.entries[at]["f"]["naming"], at, "who held a leading post")


@abuse("forged", "written_in_by_right", "words.written_in by a member who leads by then")
def a_leader_writes_in(story: Story, org: Tidewater) -> Seen:
    story.set(story.find("writer.named", writer=org.who("lea")), writer=org.who("hal"))
    at = story.find("words.written_in", actor=org.who("lea"))
    story.entries[at]["actor"] = org.who("hal")
    return Seen(story.entries[at]["f"]["write_in"], at, "while holding a leading post")


@abuse("forged", "written_in_by_right", "writer.named by a third and a fourth, for one writer")
def a_writer_collects_the_street(story: Story, org: Tidewater) -> Seen:
    namings = [new_id() for _one in range(3)]
    at = 0
    for naming, name in zip(namings, ("ned", "max", "ida"), strict=True):
        at = story.insert(_end(story), "writer.named", org.who(name), naming=naming, writer=org.who("kit"))
    return Seen(namings[2], at, "3 are allowed")


@abuse("forged", "written_in_by_right", "support.written_in on a poll")
def a_vote_is_written_in(story: Story, org: Tidewater) -> Seen:
    made = new_id()
    at = story.insert(
        _end(story), "support.written_in", org.who("kit"), write_in=made, member=org.who("vic"),
        issue=org.voting, to="poll", of=_poll(story, org.voting),
    )  # fmt: skip
    return Seen(made, at, "words and support are all that can be written in")


@abuse("forged", "written_in_by_right", "contact.change_asked before words.written_in")
def somebody_with_a_mailbox_is_written_for(story: Story, org: Tidewater) -> Seen:
    first = story.find("words.written_in", actor=org.who("kit"))
    story.insert(
        first, "contact.change_asked", org.who("vic"), member=org.who("vic"),
        effective_at=_moved(story.at(first), days=7),
    )  # fmt: skip
    return Seen(story.entries[first + 1]["f"]["write_in"], first + 1, "who was reached by mail")


@abuse("forged", "written_in_by_right", "writing.undone by the writer")
def a_writer_undoes_what_they_wrote(story: Story, org: Tidewater) -> Seen:
    at = story.find("writing.undone", actor=org.who("vic"))
    story.entries[at]["actor"] = org.who("lea")
    return Seen(story.entries[at]["f"]["write_in"], at, "undid what was written in for")


@abuse("forged", "membership_by_own_act", "contact.change_asked: effective_at an hour later")
def an_address_is_taken_over_at_once(story: Story, org: Tidewater) -> Seen:
    at = story.find("contact.change_asked", member=org.who("max"))
    story.set(at, effective_at=_moved(story.at(at), hours=1))
    return Seen(org.who("max"), at, "before its days of waiting")


@abuse("forged", "founding_signed", "five of twelve charter.signed are dropped")
def the_organisation_is_founded_with_too_few_names(story: Story, org: Tidewater) -> Seen:
    founded = story.find("organisation.founded")
    before = [at for at in story.places("charter.signed") if at < founded]
    story.drop(*before[:3])
    return Seen("founding", story.find("organisation.founded"), "two thirds are needed")


# --- article 7: words ---


@abuse("forged", "contribution_own", "contribution.revised by somebody else")
def anothers_words_are_edited(story: Story, org: Tidewater) -> Seen:
    at = story.find("contribution.revised", contribution=org.revised)
    story.entries[at]["actor"] = org.who("ben")
    story.rewrite(at, "text", "Never.")
    return Seen(org.revised, at, "changed the words of")


@abuse("forged", "erasure_allowed", "content.erased by somebody else")
def anothers_words_are_erased(story: Story, org: Tidewater) -> Seen:
    at = story.find("content.erased")
    story.entries[at]["actor"] = org.who("ben")
    return Seen(story.entries[at]["f"]["commitments"][0], at, "erased the text of a contribution.made by")


@abuse("forged", "erasure_allowed", "content.erased of a leader's answer of fact")
def a_leader_takes_back_what_was_said_as_leader(story: Story, org: Tidewater) -> Seen:
    words = story.entries[story.find("fact.answered", contribution=org.answer)]["c"]["text"]
    at = story.insert(_end(story), "content.erased", org.who("hal"), commitments=[words], ground="own")
    del story.contents[words]
    return Seen(words, at, "a leader said in that role")


@abuse("forged", "erasure_allowed", "contact.erased of a member")
def nothing_leads_to_a_member_any_more(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "contact.erased", org.who("ida"), member=org.who("ida"))
    return Seen(org.who("ida"), at, "was erased while they were here")


@abuse("forged", "erasure_allowed", "content.erased of a member's name")
def a_member_is_known_by_no_name(story: Story, org: Tidewater) -> Seen:
    name = story.entries[story.find("member.invited", member=org.who("ida"))]["c"]["name"]
    at = story.insert(_end(story), "content.erased", org.who("ida"), commitments=[name], ground="own")
    return Seen(name, at, "was erased while they were here")


@abuse("forged", "erasure_allowed", "content.erased of a text that is in force")
def a_text_in_force_is_erased(story: Story, org: Tidewater) -> Seen:
    put = story.entries[story.find("draft.put", issue=org.plain)]
    at = story.insert(
        _end(story), "content.erased", put["actor"], commitments=[put["c"]["text"]], ground="own"
    )
    del story.contents[put["c"]["text"]]
    return Seen(put["c"]["text"], at, "stood on a ballot")


@abuse("forged", "content_opens", "contribution.made repeats a commitment of another entry")
def words_are_borrowed_from_another_entry(story: Story, org: Tidewater) -> Seen:
    words = story.entries[story.find("contribution.made", issue=org.talk, actor=org.who("max"))]["c"]
    at = story.insert(
        _end(story), "contribution.made", org.who("ben"), contribution=new_id(), issue=org.talk, stage="talk",
        stance="for",
    )  # fmt: skip
    story.entries[at]["c"] = dict(words)
    return Seen(words["text"], at, "repeats a commitment")


# --- article 14: the record ---


@abuse("forged", "clock_never_back", "letter.posted: at twenty minutes before the entry before it")
def an_entry_is_dated_back(story: Story, org: Tidewater) -> Seen:
    at = story.find("letter.posted", issue=org.talk)
    story.entries[at]["at"] = _moved(story.at(at), minutes=-20)
    return Seen("clock", at, "but an earlier one is of")


@abuse("forged", "clock_not_early", "member.admitted: due a day after it happened")
def the_clock_runs_ahead(story: Story, org: Tidewater) -> Seen:
    at = story.find("member.admitted", member=org.who("rosa"))
    story.set(at, due=_moved(story.at(at), days=1))
    return Seen(org.who("rosa"), at, "before it was due")


@abuse("forged", "acts_by_right", "poll.counted by a member")
def a_member_does_what_only_the_clock_does(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.ranked)
    at = story.find("poll.counted", poll=poll)
    story.entries[at].update(actor=org.who("hal"), auth="code")
    return Seen(poll, at, "which only the clock does")


@abuse("forged", "acts_by_right", "contribution.made by the operator")
def the_operator_speaks(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        _end(story), "contribution.made", "operator", auth="operator", contribution=new_id(), issue=org.talk,
        stage="talk", stance="for", text_text="I run this.",
    )  # fmt: skip
    return Seen(org.talk, at, "the operator has no such right")


@abuse("forged", "acts_by_right", "contribution.made by somebody who has left")
def somebody_who_has_left_is_made_to_speak(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        _end(story), "contribution.made", org.who("ola"), contribution=new_id(), issue=org.talk, stage="talk",
        stance="for", text_text="From far away.",
    )  # fmt: skip
    return Seen(org.who("ola"), at, "after leaving")


@abuse("forged", "acts_by_right", "auth of a ballot is demo")
def somebody_comes_in_by_the_door_of_a_demonstration(story: Story, org: Tidewater) -> Seen:
    at = story.find("ballot.cast", poll=_poll(story, org.voting))
    story.entries[at]["auth"] = "demo"
    return Seen("demo", at, "this is none")


@abuse("forged", "entries_well_formed", "an entry of the kind permission.granted")
def a_permission_is_granted(story: Story, org: Tidewater) -> Seen:
    at = story.insert(_end(story), "permission.granted", org.who("hal"), issue=org.talk)
    return Seen("entry", at, "knows no kind 'permission.granted'")


@abuse("forged", "entries_well_formed", "contribution.made whose id is an e-mail address")
def an_e_mail_address_stands_in_clear(story: Story, org: Tidewater) -> Seen:
    at = story.insert(
        _end(story), "contribution.made", org.who("ada"), contribution="ben@example.org", issue=org.talk,
        stage="talk", stance="for", text_text="There.",
    )  # fmt: skip
    return Seen("entry", at, "holds free text")


@abuse("forged", "entries_well_formed", "founding.opened a second time")
def the_organisation_is_founded_anew(story: Story, org: Tidewater) -> Seen:
    story.entries.append({**story.entries[0], "at": story.at(_end(story) - 1), "n": "0" * 32})
    story.entries[-1].pop("c")
    return Seen("founding", _end(story) - 1, "this is a second")


@abuse("forged", "entries_well_formed", "post.created with the id of another post")
def the_id_of_a_post_is_used_again(story: Story, org: Tidewater) -> Seen:
    made = story.places("post.created")
    one = story.entries[made[0]]["f"]["post"]
    story.set(made[1], post=one)
    return Seen(one, made[1], "ids are never reused")


@abuse("forged", "numbers_in_sequence", "issue.raised: number of the issue before")
def two_issues_bear_one_number(story: Story, org: Tidewater) -> Seen:
    at = story.find("issue.raised", issue=org.gathering)
    story.set(at, number=story.entries[at]["f"]["number"] - 1)
    return Seen(org.gathering, at, "bears the number 4")


@abuse("forged", "numbers_in_sequence", "issue.raised, its draft and support are dropped; the numbers go on")
def an_issue_is_made_away_with(story: Story, org: Tidewater) -> Seen:
    gone = [
        at for at, core in enumerate(story.entries)
        if core["f"].get("issue") == org.talk or (core["kind"] == "content.erased")
    ]  # fmt: skip
    for at in gone:
        for words in story.entries[at].get("c", {}).values():
            story.contents.pop(words, None)
    story.drop(*gone)
    return Seen(org.gathering, story.find("issue.raised", issue=org.gathering), "after number 3 bears")


@abuse("forged", "overdue", "poll.counted, issue.decided and resolution.in_force are dropped")
def a_count_that_displeased_never_was(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.plain)
    counted = story.find("poll.counted", poll=poll)
    del story.contents[story.entries[counted]["c"]["count"]]
    story.drop(
        counted,
        story.find("issue.decided", issue=org.plain),
        story.find("resolution.in_force", issue=org.plain),
    )
    return Seen(poll, story.find("poll.opened", poll=poll), "was never counted")


# --- what only an earlier copy shows ---


def _count_again(story: Story, poll: str) -> None:
    """Let the count say what the forged ballots give."""
    with tempfile.TemporaryDirectory() as folder:
        audit = Audit(Export(story.write(Path(folder) / "again", claim=False)))
        again = audit.recount(audit.state.polls[poll])
    at = story.find("poll.counted", poll=poll)
    figures: Any = again.figures
    story.set(
        at, cast=len(story.places("ballot.cast", poll=poll)), outcome=again.outcome, figures=dict(figures)
    )
    story.rewrite(at, "count", json.dumps(again.whole))


def _past() -> Seen:
    return Seen("record", None, "history was rewritten")


@abuse("past", "history_kept", "ballot.cast is dropped, and the vote counted again")
def a_ballot_is_lost_and_the_count_made_to_fit(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.ranked)
    lost = story.find("ballot.cast", poll=poll, actor=org.who("dai"))
    del story.contents[story.entries[lost]["c"]["choice"]]
    story.drop(lost)
    _count_again(story, poll)
    return _past()


@abuse("past", "history_kept", "the choice of ballot.cast is another, and the vote counted again")
def a_members_vote_is_turned_round(story: Story, org: Tidewater) -> Seen:
    poll = _poll(story, org.ranked)
    ballot = story.find("ballot.cast", poll=poll, actor=org.who("dai"))
    other = story.find("ballot.cast", poll=poll, actor=org.who("ada"))
    story.rewrite(ballot, "choice", json.dumps(story.words(other, "choice")))
    _count_again(story, poll)
    return _past()


@abuse("past", "history_kept", "contribution.made is dropped with its words")
def a_criticism_never_was(story: Story, org: Tidewater) -> Seen:
    at = story.find("contribution.made", issue=org.talk, actor=org.who("max"))
    del story.contents[story.entries[at]["c"]["text"]]
    story.drop(at)
    return _past()


@abuse("past", "history_kept", "contribution.made commits to other words")
def a_members_words_are_exchanged(story: Story, org: Tidewater) -> Seen:
    at = story.find("contribution.made", issue=org.talk, actor=org.who("max"))
    story.rewrite(at, "text", "I fully agree with the chair.")
    return _past()


@abuse("past", "history_kept", "letter.posted is moved before the talk began, and dated so")
def a_letter_is_moved_in_time(story: Story, org: Tidewater) -> Seen:
    at = story.find("letter.posted", issue=org.talk)
    core = story.entries.pop(at)
    before = story.find("stage.begun", issue=org.talk)
    core["at"] = story.at(before)
    story.entries.insert(before, core)
    return _past()


@abuse("past", "history_kept", "two contributions change places")
def one_is_made_to_have_spoken_first(story: Story, org: Tidewater) -> Seen:
    one, other = story.places("contribution.made", issue=org.ranked)
    story.entries[one], story.entries[other] = (
        {**story.entries[other], "at": story.at(one)},
        {**story.entries[one], "at": story.at(other)},
    )
    answered = story.find("fact.answered", issue=org.ranked)
    story.entries.insert(other, story.entries.pop(answered))
    return _past()


@abuse("past", "history_kept", "member.invited and all it led to are dropped")
def an_invitation_was_never_sent(story: Story, org: Tidewater) -> Seen:
    at = story.find("member.invited", member=org.who("pia"))
    del story.contents[story.entries[at]["c"]["name"]]
    story.drop(at)
    return _past()


@abuse("past", "history_kept", "a contribution in somebody's name is slipped in between old entries")
def somebody_is_made_to_have_spoken(story: Story, org: Tidewater) -> Seen:
    story.insert(
        story.find("letter.posted", issue=org.talk), "contribution.made", org.who("eva"), contribution=new_id(),
        issue=org.talk, stage="talk", stance="for", text_text="I agree with the chair.",
    )  # fmt: skip
    return _past()


@abuse("past", "history_kept", "everything from some ballots on is cut off")
def the_end_of_the_record_is_cut_off(story: Story, org: Tidewater) -> Seen:
    last = story.find("ballot.cast", poll=_poll(story, org.voting))
    for core in story.entries[last:]:
        for words in core.get("c", {}).values():
            story.contents.pop(words, None)
    del story.entries[last:]
    return Seen("record", _end(story), "it was cut")
