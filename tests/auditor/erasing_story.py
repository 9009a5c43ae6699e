# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest talk in which drafts and amendments are taken back and erased, and abuses of that."""

from __future__ import annotations

from kollontai.openrecord.kinds import issues, raising

from .abuses import abuse
from .amendment_story import move, open_vote, stand_behind, take_back
from .attachment_story import PAPER, attach
from .charter_stories import CHAIR, talked, with_a_chair
from .stories import story
from .story import HOUR
from .town import Town
from .world import spell

ISSUE, FIRST, GONE, CARRIES = "i0001", "d0001", "d0002", "d0003"


def withdraw(world: Town, draft: str, by: str) -> None:
    world.record(issues.DraftWithdrawn(draft, ISSUE), by)
    world.row("drafts", draft=draft)["withdrawn_at"] = spell(world.at)


def words(world: Town, draft: str, *versions: int) -> list[str]:
    return [world.shown(f"draft.{part}", f"{draft}/{n}") for n in versions for part in ("title", "text")]


@story
def drafts_and_amendments_erased(world: Town) -> None:
    """One draft goes with its file, one amendment with its reasons, and what too few wanted."""
    with_a_chair(world)
    issue = talked(world)
    world.at += HOUR
    gone = world.put(issue, "m0007", "One.\nTwo.")
    attach(world, issue, "draft", gone, "m0007", PAPER)
    world.at += HOUR
    world.redraft(gone, "m0007", "One.\nTwo and a half.")
    world.put(issue, "m0008", "A.\nB.")  # d0003
    regretted = move(world, "m0009", FIRST, 1, 1, "Perhaps.", reasons="I wondered.")  # a0001
    lonely = move(world, "m0001", FIRST, 1, 1, "Alone.")  # a0002
    liked = move(world, "m0003", FIRST, 1, 1, "Liked.")  # a0003
    stand_behind(world, liked, "m0004")
    move(world, "m0004", CARRIES, 1, 1, "Z.")  # a0004
    world.at += HOUR
    withdraw(world, GONE, "m0007")
    take_back(world, regretted, "m0009")
    world.at += HOUR
    files = [world.shown(f"attachment.{part}", "f0001") for part in ("name", "file")]
    world.erase("m0007", *words(world, gone, 1, 2), *files)
    world.erase(
        "m0009", world.shown("amendment.text", f"{regretted}/1"), world.shown("amendment.reasons", regretted)
    )
    world.turn(issue, "answer")
    world.at += HOUR
    led = move(world, CHAIR, FIRST, 1, 1, "As I say.", leads=True)  # a0005
    world.turn(issue, "reply")
    take_back(world, led, CHAIR)
    open_vote(world, issue, FIRST, ("Liked.", (liked,)))
    world.at += HOUR
    world.erase("m0001", world.shown("amendment.text", f"{lonely}/1"))
    world.erase("m0008", *words(world, CARRIES, 1))


def erase(world: Town, by: str, *commitments: str, before: int = 0) -> int:
    """Erase something now, or before an entry."""
    world.erase(by, *commitments)
    if before:
        world.chain.insert(before, world.chain.pop())
        world.change(before, at=world.chain[before - 1].at)
        return before
    return len(world.chain) - 1


@abuse("erasure_allowed", drafts_and_amendments_erased)
def somebody_erases_anothers_draft(world: Town) -> int:
    at = world.find("content.erased", actor="m0007")
    world.change(at, actor="m0008")
    return at


@abuse("erasure_allowed", drafts_and_amendments_erased)
def a_draft_on_the_ballot_is_erased(world: Town) -> int:
    return erase(world, "m0005", *words(world, FIRST, 1))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def an_amendment_on_the_ballot_is_erased(world: Town) -> int:
    return erase(world, "m0003", world.shown("amendment.text", "a0003/1"))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def a_leader_erases_what_they_moved_as_one(world: Town) -> int:
    return erase(world, CHAIR, world.shown("amendment.text", "a0005/1"))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def a_draft_is_erased_while_it_stands(world: Town) -> int:
    return erase(world, "m0007", *words(world, GONE, 1), before=world.find("draft.withdrawn"))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def an_amendment_is_erased_while_it_stands(world: Town) -> int:
    shown = world.shown("amendment.text", "a0002/1")
    return erase(world, "m0001", shown, before=world.find("stage.begun", stage="answer"))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def a_draft_is_taken_from_under_the_amendments_to_it(world: Town) -> int:
    before = world.find("stage.begun", stage="answer")
    world.record(issues.DraftWithdrawn(CARRIES, ISSUE), "m0008", at=world.chain[before - 1].at)
    world.chain.insert(before, world.chain.pop())
    return erase(world, "m0008", *words(world, CARRIES, 1), before=before + 1)


@abuse("attachments_plain", drafts_and_amendments_erased)
def a_drafts_file_outlives_its_words(world: Town) -> int:
    at = world.find("content.erased", actor="m0007")
    world.change(at, commitments=tuple(words(world, GONE, 1, 2)))
    return at


@abuse("erasure_allowed", drafts_and_amendments_erased)
def what_was_put_in_the_name_of_a_committee_is_erased(world: Town) -> int:
    issue = world.raise_issue("m0006", needed=2)
    world.record(raising.IssueRaisedFor(issue, "chair"), "m0006")
    world.at = world.time(world.row("issues", issue=issue)["stage_ends_at"])
    world.lapse(issue, "no-supporters", world.at)
    return erase(world, "m0006", *words(world, world.rows["drafts"][-1]["draft"], 1))


@abuse("erasure_allowed", drafts_and_amendments_erased)
def a_leader_erases_what_they_raised(world: Town) -> int:
    issue = world.raise_issue(CHAIR, needed=2, leader=True)
    world.at = world.time(world.row("issues", issue=issue)["stage_ends_at"])
    world.lapse(issue, "no-supporters", world.at)
    return erase(world, CHAIR, *words(world, world.rows["drafts"][-1]["draft"], 1))
