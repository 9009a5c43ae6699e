# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abuses of big decisions, of effects and of the charter, as in `abuses.py`."""

from __future__ import annotations

import json

from kollontai.openrecord.kinds import charter

from .abuses import abuse, drop, replace, slip_in
from .charter_stories import (
    CHAIR,
    SCRIBE,
    called_big,
    charter_changed,
    declare,
    law_note,
    raised_by_an_effect,
    units_and_dues,
)
from .electoral_abuses import ABUSES
from .town import Town
from .world import DAY, MINUTE

__all__ = ["ABUSES"]

# --- article 2: big decisions ---


@abuse("big_decisions", called_big)
def called_big_by_a_leader(world: Town) -> int:
    position = world.find("issue.called_big", actor="m0007")
    world.change(position, actor=CHAIR)
    return position


@abuse("big_decisions", called_big)
def made_big_by_too_few(world: Town) -> int:
    drop(world, world.find("issue.called_big", actor="m0007"))
    return world.find("issue.made_big")


@abuse("big_decisions", called_big)
def called_big_after_its_days(world: Town) -> int:
    position = world.find("issue.called_big", actor="m0008")
    late = world.chain[position].at + 4 * DAY
    for at in range(position, position + 3):
        world.change(at, at=late)
    return position


@abuse("big_decisions", called_big)
def the_talk_does_not_begin_anew(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    return position


@abuse("stages_full_length", called_big)
def the_new_talk_is_short(world: Town) -> int:
    position = world.find("issue.made_big") + 1
    world.change(position, ends_at=world.chain[position].fact.ends_at - 5 * DAY)
    return position


@abuse("limits_copied", called_big)
def made_big_with_other_limits(world: Town) -> int:
    position = world.find("issue.made_big")
    world.change(position, limits={**world.limits, "D5.big": 8})
    return position


@abuse("big_decisions", called_big)
def enough_call_it_big_and_nothing_follows(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    drop(world, position)
    return position - 1


@abuse("big_decisions", called_big)
def a_big_matter_is_called_big_to_delay_it_again(world: Town) -> int:
    at = world.find("stage.begun", stage="answer")
    when = world.chain[world.find("issue.made_big")].at + DAY
    return slip_in(world, at, charter.IssueCalledBig("i0001"), "m0003", when)


@abuse("big_decisions", raised_by_an_effect)
def made_big_by_an_effect_that_needs_no_long_times(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position - 1)
    return position - 1


@abuse("big_decisions", raised_by_an_effect)
def an_effect_needs_the_long_times_and_gets_none(world: Town) -> int:
    position = world.find("issue.made_big")
    drop(world, position + 1)
    drop(world, position)
    return position - 1


@abuse("effects_in_time", raised_by_an_effect)
def effects_are_added_late(world: Town) -> int:
    world.at += 2 * MINUTE
    draft = world.put("i0001", CHAIR, "We want two scribes.")
    declare(world, draft, CHAIR, {**SCRIBE, "seats": 2})
    return world.here


@abuse("effects_in_time", raised_by_an_effect)
def an_effect_is_doubled_late(world: Town) -> int:
    world.at += 2 * MINUTE
    draft = world.put("i0001", CHAIR, "We want a scribe and another.")
    declare(world, draft, CHAIR, SCRIBE, {**SCRIBE, "title": "Clerk"})
    return world.here


# --- article 12: the charter ---


@abuse("charter_by_vote", charter_changed)
def a_limit_is_changed_without_a_vote(world: Town) -> int:
    issue = world.find("issue.raised", issue="i0003")
    fact = charter.CharterChanged(4, "set_limit", "i0001", "d0001", key="D9.ordinary", value=600)
    return slip_in(world, issue, fact, "clock")


@abuse("charter_by_vote", charter_changed)
def a_simple_majority_changes_the_charter(world: Town) -> int:
    poll = world.chain[world.find("poll.opened", subject="i0001")].fact.poll
    for member in ("m0005", "m0006"):
        replace(
            world, world.find("ballot.cast", actor=member, poll=poll), "choice", lambda _: '{"choice": "no"}'
        )
    position = world.find("poll.counted", poll=poll)
    world.change(position, figures={"yes": 4, "no": 4, "abstain": 0})
    return world.find("charter.changed", version=2)


@abuse("ballot_options", charter_changed)
def the_vote_on_the_charter_opens_with_a_simple_majority(world: Town) -> int:
    position = world.find("poll.opened", subject="i0001")
    world.change(position, majority=(1, 2), more_than=True)
    return position


@abuse("ballot_options", charter_changed)
def the_vote_on_the_charter_opens_with_the_small_quorum(world: Town) -> int:
    position = world.find("poll.opened", subject="i0001")
    world.change(position, quorum_bp=1250)
    return position


@abuse("charter_by_vote", charter_changed)
def a_limit_goes_below_its_floor(world: Town) -> int:
    position = world.find("charter.changed", version=2)
    world.change(position, value=6)
    return position


@abuse("charter_by_vote", charter_changed)
def a_limit_goes_above_its_ceiling(world: Town) -> int:
    position = world.find("charter.changed", version=2)
    world.change(position, value=3650)
    return position


@abuse("charter_by_vote", charter_changed)
def another_limit_is_changed_than_was_voted(world: Town) -> int:
    position = world.find("charter.changed", version=2)
    world.change(position, key="D1.big", value=30)
    return position


@abuse("charter_by_vote", charter_changed)
def an_entrenched_limit_is_changed(world: Town) -> int:
    position = world.find("charter.changed", version=2)
    world.change(position, key="N.nominations", value=9)
    return position


@abuse("charter_by_vote", charter_changed)
def the_words_of_the_charter_are_swapped(world: Town) -> int:
    position = world.find("charter.changed", version=3)
    replace(world, position, "text", lambda _: "The board has what it wants.")
    return position


@abuse("charter_by_vote", charter_changed)
def what_the_members_carried_is_left_undone(world: Town) -> int:
    position = world.find("charter.changed", version=4)
    drop(world, position)
    return position - 2


@abuse("charter_by_vote", charter_changed)
def one_vote_changes_the_charter_twice(world: Town) -> int:
    position = world.find("charter.changed", version=2) + 1
    fact = charter.CharterChanged(3, "set_limit", "i0001", "d0001", key="D1.big", value=14)
    return slip_in(world, position, fact, "clock", world.chain[position - 1].at)


@abuse("charter_by_vote", charter_changed)
def two_subjects_in_one_draft(world: Town) -> int:
    position = world.find("effects.declared", draft="d0001")
    replace(world, position, "effects", lambda text: text.replace("]", f", {json.dumps(SCRIBE)}]"))
    world.change(position, what=("set_limit", "create_post"))
    return position


@abuse("charter_by_vote", charter_changed)
def a_change_of_the_charter_comes_beside_another_matter(world: Town) -> int:
    world.at += MINUTE
    draft = world.put("i0004", "m0007", "And we vote less often.")
    declare(world, draft, "m0007", {"effect": "set_limit", "key": "D9.charter", "value": 1500})
    return world.here


@abuse("limits_copied", called_big)
def a_quorum_rises_as_an_issue_is_made_big(world: Town) -> int:
    position = world.find("issue.made_big")
    raised = world.find("issue.raised", issue=world.chain[position].fact.issue)  # type: ignore[attr-defined]
    world.change(raised, limits={**world.limits, "D9.ordinary": 600})
    return position


@abuse("papers_true", charter_changed)
def the_paper_tells_a_change_of_the_charter_otherwise(world: Town) -> int:
    position = world.find("poll.opened", about="issue")
    replace(world, position, "paper", lambda text: text.replace("matter: 14 days", "matter: 11 days"))
    return position


@abuse("limits_copied", charter_changed)
def an_issue_is_born_with_the_limits_of_yesterday(world: Town) -> int:
    position = world.find("issue.raised", issue="i0004")
    world.change(position, limits={**world.limits, "D1.ordinary": 10})
    return position


@abuse("state_matches", charter_changed)
def a_limit_of_the_charter_is_changed_by_sql(world: Town) -> int:
    world.limits = {**world.limits, "D9.charter": 1500}
    return 0


@abuse("state_matches", charter_changed)
def the_history_of_the_charter_is_mended(world: Town) -> int:
    world.row("charters", version=2)["was"] = 14
    return world.find("charter.changed", version=2)


# --- article 13: units and dues ---


@abuse("whole_by_vote", units_and_dues)
def a_unit_is_voted_by_nobody(world: Town) -> int:
    at = world.find("issue.raised", issue="i0004")
    return slip_in(
        world, at, charter.UnitDecided("own", "root", "created", "i0001", "d0001"), "clock", name="Us"
    )


@abuse("whole_by_vote", units_and_dues)
def a_unit_is_called_otherwise_than_its_vote_said(world: Town) -> int:
    position = world.find("unit.decided")
    replace(world, position, "name", lambda _: "The Board’s Own")
    return position


@abuse("whole_by_vote", units_and_dues)
def a_unit_is_renamed_by_all_the_others(world: Town) -> int:
    position = world.find("unit.decided")
    world.change(position, unit="north", what="renamed")
    return position


@abuse("whole_by_vote", units_and_dues)
def dues_are_set_higher_than_voted(world: Town) -> int:
    position = world.find("dues.set", number=2)
    world.change(position, amount=700)
    return position


@abuse("whole_by_vote", units_and_dues)
def dues_are_set_without_a_vote(world: Town) -> int:
    at = world.find("issue.raised", issue="i0004")
    return slip_in(world, at, charter.DuesSet(3, 900, "i0002", "d0002"), "clock")


@abuse("whole_by_vote", units_and_dues)
def voted_dues_are_left_undone(world: Town) -> int:
    position = world.find("dues.set", number=2)
    drop(world, position)
    return position - 2


@abuse("state_matches", units_and_dues)
def dues_are_changed_by_sql(world: Town) -> int:
    world.row("dues", number=2)["amount"] = 900
    return world.find("dues.set", number=2)


# --- article 12: law notes ---


@abuse("law_notes", law_note)
def a_law_note_is_kept_beyond_its_day(world: Town) -> int:
    drop(world, world.find("law_note.lapsed"))
    return world.find("law_note.voted")


@abuse("law_notes", law_note)
def a_law_note_is_given_more_years(world: Town) -> int:
    position = world.find("law_note.voted")
    world.change(position, until=world.chain[position].fact.until + 365 * DAY)
    return position


@abuse("law_notes", law_note)
def a_law_note_without_a_vote(world: Town) -> int:
    at = world.find("law_note.lapsed")
    when = world.chain[at].at
    fact = charter.LawNoteVoted("n0002", 1, "term", when + 730 * DAY, "i0001", "d0001")
    return slip_in(world, at, fact, "clock", when, words="{}")


@abuse("law_notes", law_note)
def a_law_note_reaches_for_the_groups(world: Town) -> int:
    position = world.find("law_note.voted")
    world.change(position, article=3)
    return position


@abuse("law_notes", law_note)
def a_law_note_says_more_than_was_voted(world: Town) -> int:
    position = world.find("law_note.voted")
    replace(world, position, "words", lambda text: text.replace("Five years.", "For life."))
    return position


@abuse("law_notes", law_note)
def a_law_note_is_ended_by_a_member(world: Town) -> int:
    position = world.find("law_note.lapsed")
    world.change(position, actor=CHAIR)
    return position
