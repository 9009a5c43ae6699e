# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of amendments: by leaders, by movers, by the clock, and on the paper."""

from __future__ import annotations

from kollontai.openrecord.kinds import amendments, issues, lines

from .abuses import abuse, drop, slip_in
from .amendment_story import LEADER, amendments_of_every_kind, move, reword
from .town import Town
from .world import MINUTE

HERE = amendments_of_every_kind
ISSUE, DRAFT = "i0001", "d0001"


def closes(world: Town) -> int:
    """Where the vote begins."""
    return world.find("stage.begun", stage="vote")


# --- leaders ---


@abuse("leaders_silent", HERE)
def a_leader_moves_an_amendment_in_the_talk(world: Town) -> int:
    at = world.find("amendment.moved", amendment="a0001")
    world.change(at, actor=LEADER)
    return at


@abuse("leaders_silent", HERE)
def a_leader_accepts_an_amendment_in_the_talk(world: Town) -> int:
    at = world.find("amendment.accepted", amendment="a0003")
    world.change(at, actor=LEADER)
    return at


@abuse("leaders_silent", HERE)
def a_leader_stands_behind_an_amendment(world: Town) -> int:
    at = world.find("amendment.supported", amendment="a0001")
    world.change(at, actor=LEADER)
    return at


@abuse("leaders_silent", HERE)
def a_leader_ties_amendments_together_in_the_talk(world: Town) -> int:
    at = world.find("combination.proposed")
    world.change(at, actor=LEADER)
    return at


# --- movers ---


@abuse("amendments_by_their_movers", HERE)
def somebody_takes_anothers_amendment_back(world: Town) -> int:
    fact = amendments.AmendmentWithdrawn("a0001", ISSUE)
    return slip_in(world, world.find("combination.proposed"), fact, "m0007")


@abuse("amendments_by_their_movers", HERE)
def somebody_accepts_for_the_mover_of_a_draft(world: Town) -> int:
    at = world.find("amendment.accepted", amendment="a0003")
    world.change(at, actor="m0005")
    return at


@abuse("amendments_by_their_movers", HERE)
def amendments_are_combined_without_a_movers_yes(world: Town) -> int:
    drop(world, world.find("combination.agreed"))
    return world.find("amendments.combined")


@abuse("amendments_by_their_movers", HERE)
def amendments_that_conflict_are_combined(world: Town) -> int:
    world.change(world.find("amendment.moved", amendment="a0006"), first=4, last=4)
    return world.find("amendments.combined")


@abuse("amendments_by_their_movers", HERE)
def one_member_moves_eleven_amendments(world: Town) -> int:
    at, kept = closes(world), world.at
    world.__dict__["at"] = world.chain[world.find("stage.begun", stage="reply")].at + MINUTE
    for number in range(11):
        move(world, "m0007", DRAFT, 5, 5, f"Five and {number}.", version=2)
        world.chain.insert(at + number, world.chain.pop())
    world.__dict__["at"] = kept
    return at + 9  # with the one that was taken back


# --- time and place ---


@abuse("amendments_in_time", HERE)
def an_amendment_is_moved_after_the_close(world: Town) -> int:
    fact = amendments.AmendmentMoved("a0099", ISSUE, DRAFT, 9, "replace", 3, 5, 5)
    vote = closes(world)
    return slip_in(world, vote, fact, "m0007", world.chain[vote].at - 5 * MINUTE, text="Five at last.")


@abuse("amendments_in_time", HERE)
def an_amendment_is_supported_after_the_close(world: Town) -> int:
    fact = amendments.AmendmentSupported("a0008", ISSUE)
    vote = closes(world)
    return slip_in(world, vote, fact, "m0004", world.chain[vote].at - 5 * MINUTE)


@abuse("amendments_in_time", HERE)
def a_number_is_passed_over(world: Town) -> int:
    at = world.find("amendment.moved", amendment="a0008")
    world.change(at, number=9)
    return at


@abuse("amendments_in_time", HERE)
def an_old_text_is_amended_to_bring_it_back(world: Town) -> int:
    fact = amendments.AmendmentMoved("a0099", ISSUE, DRAFT, 9, "replace", 2, 3, 3)
    vote = closes(world)
    revised = world.find("draft.revised", version=3)
    return slip_in(world, vote, fact, "m0007", world.chain[revised].at + MINUTE, text="Three, as it was.")


@abuse("amendments_in_time", HERE)
def a_member_amends_while_the_leaders_answer(world: Town) -> int:
    at = world.find("amendment.moved", amendment="a0008")
    world.change(at, actor="m0007")
    return at


@abuse("amendments_in_time", HERE)
def an_amendment_to_an_amendment_to_an_amendment(world: Town) -> int:
    at = world.find("amendment.moved", amendment="a0007")
    world.change(at, parent="a0004")
    return at


@abuse("amendments_in_time", HERE)
def lines_are_amended_that_are_not_there(world: Town) -> int:
    at = world.find("amendment.moved", amendment="a0005")
    world.change(at, first=9, last=9)
    return at


@abuse("words_in_their_stage", HERE)
def words_are_laid_on_lines_that_are_not_there(world: Town) -> int:
    said = world.speak(ISSUE, "m0005", "I mean the last line.")
    world.chain.insert(closes(world), world.chain.pop())
    at = closes(world)
    world.change(at - 1, at=world.chain[world.find("stage.begun", stage="reply")].at + MINUTE)
    fact = lines.LinesSpokenOf(said, ISSUE, DRAFT, 2, 9, 9)
    return slip_in(world, at, fact, "m0005", world.chain[at - 1].at)


# --- acceptance ---


@abuse("accepted_as_moved", HERE)
def an_acceptance_slips_another_sentence_in(world: Town) -> int:
    text = "One.\nTwo.\nThree.\nFour.\nFive.\nSix, and the chair gets a car."
    return reword(world, world.find("draft.revised", version=2), "text", text)


@abuse("accepted_as_moved", HERE)
def an_acceptance_brings_an_effect_along(world: Town) -> int:
    at = world.find("draft.revised", version=2) + 1
    fact = issues.EffectsDeclared(DRAFT, 2, ("create_post",))
    effects = '[{"effect": "create_post", "title": "Director"}]'
    return slip_in(world, at, fact, "m0001", world.chain[at - 1].at, effects=effects)


@abuse("accepted_as_moved", HERE)
def an_amendment_is_accepted_in_word_alone(world: Town) -> int:
    at = world.find("amendment.accepted", amendment="a0003")
    drop(world, at + 1)
    return at


@abuse("accepted_as_moved", HERE)
def an_amendment_is_rewritten_by_nobodys_acceptance(world: Town) -> int:
    at = world.find("amendment.accepted", amendment="a0004")
    drop(world, at)
    return at


@abuse("accepted_as_moved", HERE)
def an_overtaken_amendment_is_accepted(world: Town) -> int:
    fact = amendments.AmendmentAccepted("a0008", ISSUE, 4)
    at = world.find("draft.revised", version=3) + 1
    slip_in(world, at, fact, "m0001", world.chain[at - 1].at)
    revised = amendments.AmendmentRevised("a0001", ISSUE, 3)
    return slip_in(world, at, revised, "m0003", world.chain[at].at, text="Two.")


# --- the paper ---


@abuse("alternatives_written", HERE)
def an_alternative_says_something_else(world: Town) -> int:
    text = "One.\nTwo at least.\nAnd four.\nThree in June.\nFour.\nFive.\nSix."
    return reword(world, world.find("alternative.written", alternative="l0001"), "text", text)


@abuse("alternatives_written", HERE)
def an_alternative_with_its_supporters_is_left_out(world: Town) -> int:
    drop(world, world.find("alternative.written", alternative="l0003"))
    at = world.find("poll.opened", subject=ISSUE)
    world.change(at, options=("d0001", "l0001", "l0002", "status-quo"))
    return at


@abuse("alternatives_written", HERE)
def an_alternative_without_supporters_comes_onto_the_paper(world: Town) -> int:
    drop(world, world.find("amendment.supported", amendment="a0007"))
    return world.find("alternative.written", alternative="l0003")


@abuse("alternatives_written", HERE)
def what_was_taken_back_comes_onto_the_paper(world: Town) -> int:
    fact = amendments.AmendmentWithdrawn("a0007", ISSUE)
    vote = closes(world)
    slip_in(world, vote, fact, "m0009", world.chain[vote].at - 5 * MINUTE)
    return world.find("alternative.written", alternative="l0003")


@abuse("alternatives_written", HERE)
def what_was_combined_stands_alone(world: Town) -> int:
    at = world.find("alternative.written", alternative="l0002")
    world.change(at, amendments=("a0002",))
    return at


@abuse("ballot_options", HERE)
def alternatives_stand_out_of_their_order(world: Town) -> int:
    at = world.find("poll.opened", subject=ISSUE)
    world.change(at, options=("d0001", "l0003", "l0001", "l0002", "status-quo"))
    return at


@abuse("alternatives_written", HERE)
def the_paper_shows_an_alternative_otherwise(world: Town) -> int:
    at = world.find("poll.opened", subject=ISSUE)
    shown = world.contents[world.chain[at].commitments["paper"].hex()].value
    return reword(world, at, "paper", shown.replace("Two at least.", "Two at most."))


# --- what is in force ---


@abuse("decision_follows_count", HERE)
def the_draft_is_said_to_have_carried_unamended(world: Town) -> int:
    at = world.find("issue.decided", issue=ISSUE)
    world.change(at, alternative=None)
    return at


@abuse("resolution_is_the_text_voted", HERE)
def the_unamended_draft_is_put_in_force(world: Town) -> int:
    at = world.find("resolution.in_force", issue=ISSUE)
    world.change(at, alternative=None, text_commitment=world.words(DRAFT, "text")[0])
    return at


@abuse("state_matches", HERE)
def an_amendment_is_marked_as_withdrawn_in_the_rows(world: Town) -> int:
    row = world.row("amendments", amendment="a0001")
    row["withdrawn_at"] = row["moved_at"]
    return world.find("amendment.moved", amendment="a0001")


@abuse("state_matches", HERE)
def a_supporter_of_an_amendment_is_lost_from_the_rows(world: Town) -> int:
    row = world.row("amendment_supporters", amendment="a0001", member="m0004")
    world.rows["amendment_supporters"].remove(row)
    return world.find("amendment.supported", amendment="a0001")
