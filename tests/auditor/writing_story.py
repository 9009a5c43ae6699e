# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest street: neighbours are named, write in, and are undone; and abuses of it, as in `abuses.py`."""

from __future__ import annotations

from kollontai.openrecord.facts import Fact
from kollontai.openrecord.kinds import members, talk, writing_in

from .abuses import abuse, slip_in
from .amendment_story import move
from .charter_stories import CHAIR, with_a_chair
from .stories import story
from .story import HOUR
from .town import Town
from .world import DAY, spell

ROSA, SAM, TESS, ULI = "m0006", "m0007", "m0008", "m0009"
BEN, DAI = "m0003", "m0004"
WRITTEN = "written_in_by_right"


def name(world: Town, member: str, writer: str) -> str:
    naming = world.new("n")
    world.record(writing_in.WriterNamed(naming, writer), member)
    world.add("namings", naming=naming, member=member, writer=writer, at=spell(world.at), ended_at=None)
    return naming


def end(world: Town, naming: str, by: str) -> None:
    world.record(writing_in.NamingEnded(naming), by)
    world.row("namings", naming=naming)["ended_at"] = spell(world.at)


def _write_in(world: Town, one: str, member: str, writer: str, issue: str, to: str, of: str) -> None:
    world.add(
        "write_ins", write_in=one, member=member, writer=writer, issue=issue, to=to, of=of, at=spell(world.at),
        undone_at=None, undone_how="",
    )  # fmt: skip


def write_words(world: Town, issue: str, member: str, writer: str, text: str) -> str:
    one, said = world.new("w"), world.new("c")
    stage = world.row("issues", issue=issue)["stage"]
    fact = writing_in.WordsWrittenIn(one, member, said, issue, stage, "for")
    made = world.record(fact, writer, author=member, text=text)
    _write_in(world, one, member, writer, issue, "words", said)
    world.add(
        "contributions", contribution=said, issue=issue, author=member, form="voice", stage=stage, stance="for",
        answers="", version=1, at=spell(world.at), written_by=writer,
    )  # fmt: skip
    world.point("contribution.text", f"{said}/1", made["text"])
    return one


def write_support(world: Town, issue: str, member: str, writer: str, to: str, of: str) -> str:
    one = world.new("w")
    world.record(writing_in.SupportWrittenIn(one, member, issue, to, of), writer)
    _write_in(world, one, member, writer, issue, to, of)
    row = {"member": member, "at": spell(world.at), "write_in": one}
    if to == "issue":
        world.add("supporters", issue=issue, withdrawn_at=None, **row)
    else:
        world.add(f"{to}_supporters", **{to: of}, **row)
    return one


def undo(world: Town, one: str, by: str, how: str = "member") -> None:
    """Undone while the issue is talked over: support of drafts and amendments is gone, words are marked."""
    world.record(writing_in.WritingUndone(one, how), by)
    row = world.row("write_ins", write_in=one)
    row["undone_at"], row["undone_how"] = spell(world.at), how
    if row["to"] == "words":
        world.row("contributions", contribution=row["of"])["disowned_at"] = spell(world.at)
    elif row["to"] == "issue":
        world.row("supporters", write_in=one)["withdrawn_at"] = spell(world.at)
    else:
        table = f"{row['to']}_supporters"
        world.rows[table] = [kept for kept in world.rows[table] if kept["write_in"] != one]


@story
def a_street(world: Town) -> None:
    """Four without mail, two who write in for them; one thing of each kind undone; a vote that is on at the end."""
    with_a_chair(world)
    for member in (ROSA, SAM):
        name(world, member, BEN)
    other = name(world, ROSA, DAI)
    world.at += HOUR
    issue = world.raise_issue("m0005", needed=2)
    world.at += HOUR
    taken = write_support(world, issue, ROSA, BEN, "issue", issue)
    world.stage(issue, "talk", by=BEN)
    world.at += HOUR
    write_words(world, issue, ROSA, DAI, "It is cold on the stairs.")
    gone = write_words(world, issue, SAM, BEN, "Let it be as it is.")
    beside = world.put(issue, "m0005", "1. We mend it.")
    write_support(world, issue, SAM, BEN, "draft", beside)
    change = move(world, "m0005", beside, 1, 1, "1. We mend it well.")
    undone = write_support(world, issue, SAM, BEN, "amendment", change)
    world.at += DAY
    undo(world, taken, ROSA)
    undo(world, gone, SAM, "slip")
    undo(world, undone, SAM)
    end(world, other, DAI)
    world.at += HOUR
    again = name(world, TESS, DAI)
    write_words(world, issue, TESS, DAI, "And dark.")
    end(world, again, TESS)
    name(world, ROSA, DAI)
    for stage in ("answer", "reply"):
        world.turn(issue, stage)
    first = world.rows["drafts"][0]["draft"]
    world.open_vote(issue, [first, beside])
    late = world.row("write_ins", to="draft")["write_in"]
    world.at += HOUR
    world.record(writing_in.WritingUndone(late, "member"), SAM)  # the paper stays as it was frozen
    world.row("write_ins", write_in=late).update(undone_at=spell(world.at), undone_how="member")


# --- Abuses --------------------------------------------------------------------------------------------


def _words_in(member: str, issue: str = "i0001") -> Fact:
    return writing_in.WordsWrittenIn("w0099", member, "c0099", issue, "talk", "for")


def _first_words(world: Town) -> int:
    return world.find("words.written_in")


def _answering(world: Town) -> int:
    return world.find("stage.begun", stage="answer")


@abuse(WRITTEN, a_street)
def somebody_who_was_never_named_writes_in(world: Town) -> int:
    world.change(_first_words(world), actor="m0005")
    return _first_words(world)


@abuse(WRITTEN, a_street)
def a_writer_was_named_only_afterwards(world: Town) -> int:
    naming = world.find("writer.named", actor=ROSA, writer=DAI)
    world.chain.insert(_answering(world) - 1, world.chain.pop(naming))
    return _first_words(world)


@abuse(WRITTEN, a_street)
def a_writer_goes_on_after_the_naming_ended(world: Town) -> int:
    at = _answering(world)
    return slip_in(world, at, _words_in(TESS), DAI, author=TESS, text="And damp.")


@abuse(WRITTEN, a_street)
def a_leader_is_named(world: Town) -> int:
    at = world.find("writer.named", actor=SAM)
    world.change(at, writer=CHAIR)
    return at


@abuse(WRITTEN, a_street)
def a_leader_writes_in(world: Town) -> int:
    at = world.find("support.written_in", to="issue")
    world.change(world.find("writer.named", actor=ROSA, writer=BEN), writer=CHAIR)
    world.change(at, actor=CHAIR)
    return at


@abuse(WRITTEN, a_street)
def a_vote_is_written_in(world: Town) -> int:
    world.record(writing_in.SupportWrittenIn("w0099", SAM, "i0001", "poll", "p0001"), BEN)
    return world.here


@abuse(WRITTEN, a_street)
def support_for_what_is_of_another_issue(world: Town) -> int:
    fact = writing_in.SupportWrittenIn("w0099", ROSA, "i0001", "issue", "i0002")
    return slip_in(world, _answering(world), fact, BEN)


@abuse(WRITTEN, a_street)
def a_writer_for_four(world: Town) -> int:
    name(world, TESS, BEN)
    name(world, ULI, BEN)
    return world.here


@abuse(WRITTEN, a_street)
def a_writer_passes_through_a_street(world: Town) -> int:
    for member in (TESS, ULI):
        world.at += DAY
        end(world, name(world, member, BEN), member)
    return world.here - 1


@abuse(WRITTEN, a_street)
def a_third_writer(world: Town) -> int:
    name(world, ROSA, "m0005")
    return world.here


@abuse(WRITTEN, a_street)
def somebody_names_the_same_writer_twice(world: Town) -> int:
    name(world, SAM, BEN)
    return world.here


@abuse(WRITTEN, a_street)
def somebody_names_themself(world: Town) -> int:
    name(world, ULI, ULI)
    return world.here


@abuse(WRITTEN, a_street)
def somebody_unknown_is_named(world: Town) -> int:
    name(world, ULI, "m0777")
    return world.here


@abuse(WRITTEN, a_street)
def somebody_reached_by_mail_names_a_writer(world: Town) -> int:
    world.record(members.ContactChangeAsked(ULI, world.at + 7 * DAY), ULI)
    name(world, ULI, DAI)
    return world.here


@abuse(WRITTEN, a_street)
def a_writer_goes_on_for_somebody_with_a_mailbox(world: Town) -> int:
    at = _first_words(world)
    when = world.chain[at].at
    slip_in(world, at, members.ContactChangeAsked(ROSA, when + 7 * DAY), ROSA)
    return at + 1


@abuse(WRITTEN, a_street)
def a_writer_goes_on_for_somebody_who_left(world: Town) -> int:
    at = _answering(world)
    slip_in(world, at, members.MemberLeft(SAM), SAM)
    return slip_in(world, at + 1, _words_in(SAM), BEN, author=SAM, text="As before.")


@abuse(WRITTEN, a_street)
def a_naming_is_ended_by_a_third(world: Town) -> int:
    at = world.find("naming.ended", actor=TESS)
    world.change(at, actor=BEN)
    return at


@abuse(WRITTEN, a_street)
def a_writer_undoes_it_themself(world: Town) -> int:
    at = world.find("writing.undone", actor=SAM)
    world.change(at, actor=BEN)
    return at


@abuse(WRITTEN, a_street)
def something_is_undone_after_four_weeks(world: Town) -> int:
    world.at += 40 * DAY
    one = world.row("write_ins", member=TESS)["write_in"]
    world.record(writing_in.WritingUndone(one, "member"), TESS)
    return world.here


@abuse(WRITTEN, a_street)
def something_is_undone_by_word_of_mouth(world: Town) -> int:
    at = world.find("writing.undone", actor=SAM)
    world.change(at, how="hearsay")
    return at


@abuse("supporters_enough", a_street)
def a_support_that_was_undone_begins_the_talk(world: Town) -> int:
    at = world.find("stage.begun", stage="talk")
    undone = world.find("writing.undone", actor=ROSA)
    fact = world.chain.pop(undone).fact
    slip_in(world, at, fact, ROSA)
    return at + 1


@abuse("ballot_options", a_street)
def a_draft_is_on_the_paper_by_a_support_that_was_undone(world: Town) -> int | None:
    late = world.chain.pop(world.here)
    slip_in(world, _answering(world), late.fact, SAM)
    return world.find("poll.opened", about="issue")


@abuse("entries_well_formed", a_street)
def a_support_counts_by_a_writer_and_by_oneself(world: Town) -> int:
    at = world.find("stage.begun", stage="talk")
    fact = writing_in.SupportWrittenIn("w0099", ROSA, "i0001", "issue", "i0001")
    return slip_in(world, at, fact, DAI)


@abuse("entries_well_formed", a_street)
def words_are_disowned_that_were_put_anew(world: Town) -> int:
    at = _answering(world)
    said = world.row("write_ins", member=TESS)
    slip_in(world, at, talk.ContributionRevised(said["of"], "i0001", 2), TESS, text="And very dark.")
    return slip_in(world, at + 1, writing_in.WritingUndone(said["write_in"], "member"), TESS)


@abuse("entries_well_formed", a_street)
def something_is_undone_twice(world: Town) -> int:
    fact = world.chain[world.find("writing.undone", actor=ROSA)].fact
    world.record(fact, ROSA)
    return world.here


@abuse("erasure_allowed", a_street)
def a_writer_erases_what_they_wrote_in(world: Town) -> int:
    world.record(talk.ContentErased((world.shown("contribution.text", "c0001/1"),), "own"), DAI)
    return world.here


@abuse("contribution_own", a_street)
def a_writer_puts_anothers_words_anew(world: Town) -> int:
    fact = talk.ContributionRevised("c0001", "i0001", 2)
    return slip_in(world, _answering(world), fact, DAI, text="It is warm on the stairs.")


@abuse("leaders_silent", a_street)
def a_leader_lets_others_write_in(world: Town) -> int:
    fact = writing_in.WordsWrittenIn("w0099", CHAIR, "c0099", "i0001", "talk", "for")
    slip_in(world, _answering(world), writing_in.WriterNamed("n0099", DAI), CHAIR)
    return slip_in(world, _answering(world), fact, DAI, author=CHAIR, text="Vote with me.")


@abuse("words_in_their_stage", a_street)
def words_are_written_in_while_the_vote_is_on(world: Town) -> int:
    fact = writing_in.WordsWrittenIn("w0099", ROSA, "c0099", "i0001", "vote", "for")
    world.record(fact, BEN, author=ROSA, text="Vote for it.")
    return world.here


@abuse("state_matches", a_street)
def the_hand_is_taken_off_a_contribution(world: Town) -> int:
    world.row("contributions", contribution="c0001")["written_by"] = ""
    return _first_words(world)


@abuse("state_matches", a_street)
def the_mark_is_taken_off_words_that_are_not_theirs(world: Town) -> int:
    world.row("contributions", contribution="c0002")["disowned_at"] = None
    return world.find("words.written_in", contribution="c0002")


@abuse("state_matches", a_street)
def a_support_that_was_undone_comes_back(world: Town) -> int:
    world.row("supporters", member=ROSA)["withdrawn_at"] = None
    return world.find("support.written_in", to="issue")


@abuse("state_matches", a_street)
def a_naming_is_lent_to_another_writer(world: Town) -> int:
    world.row("namings", member=SAM)["writer"] = "m0005"
    return world.find("writer.named", actor=SAM)


@abuse("state_matches", a_street)
def what_was_written_in_is_not_told(world: Town) -> int:
    gone = world.rows["write_ins"].pop(0)
    return world.find("support.written_in", write_in=gone["write_in"])
