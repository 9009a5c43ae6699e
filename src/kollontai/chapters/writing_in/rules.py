# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of writing in for a neighbour. Article 7, and of 2 what concerns whose turn it is.

1. Whoever has no mail address names, signed in themself, up to two members who may write in for them. Nobody
   names for another. A member writes in for three at most; somebody whose naming ended less than 28 days ago
   counts as one of them, so that nobody passes through a whole street.
2. No holder of a leading post is named; while a writer holds one, the naming rests. Where half or more of the
   house lead, nobody speaks after the others, and so this hinders nobody there. Either of the two ends a
   naming at any time; leaving ends it, and so does a mail address: who has a mailbox again acts themself.
3. A writer puts down, in the other's name and openly by their own hand: words on an issue, support for an
   issue, a draft or an amendment. Nothing else, and never a vote or a protected signature.
4. It must be the turn of both: what either may not do in this stage, cannot be written in.
5. Each write-in can be undone for 28 days, by the one in whose name it stands or with the code on its slip.
   Support then counts no longer; a ballot paper that was frozen before stays as it is. Words stay and are
   marked; whoever has put them anew has made them their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kollontai.chapters.members.rules import Person, must_be_member
from kollontai.chapters.record.refusal import Refusal

ARTICLE = 7
MOST_WRITERS = 2  # of one member
MOST_WRITTEN_FOR = 3  # by one member
RESTS = timedelta(days=28)  # how long an ended naming still counts for its writer
UNDO_WITHIN = timedelta(days=28)
SUPPORTED = ("issue", "draft", "amendment")


# --- Naming ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Naming:
    """A member wants another to write in for them."""

    by: Person
    founded_at: datetime | None
    has_address: bool
    oneself: bool
    writer: Person
    writer_leads: bool  # holds a leading post now
    named: bool  # by this member already
    writers: int  # of this member
    others: Sequence[datetime | None]  # other members the writer counts for: when each naming ended


def may_name_writer(facts: Naming, *, at: datetime) -> Refusal | None:
    """Whoever has no mail address names a member who leads nowhere and writes in for few."""
    refusal = must_be_member(facts.by, facts.founded_at)
    if refusal is not None:
        return refusal
    if facts.has_address:
        return Refusal("reached-by-mail", ARTICLE)
    if facts.oneself:
        return Refusal("writer-is-another", ARTICLE)
    if facts.writer.standing != "member":
        return Refusal("writer-no-member", ARTICLE)
    if facts.writer_leads:
        return Refusal("writer-leads", ARTICLE)
    if facts.named:
        return Refusal("writer-named-already", ARTICLE)
    if facts.writers >= MOST_WRITERS:
        return Refusal("enough-writers", ARTICLE, facts={"most": MOST_WRITERS})
    if len(facts.others) >= MOST_WRITTEN_FOR:
        until = free_again(facts.others)
        return Refusal("writer-for-enough", ARTICLE, until=until, facts={"most": MOST_WRITTEN_FOR})
    return None


def free_again(others: Sequence[datetime | None]) -> datetime | None:
    """When a writer has room for another; nobody knows while three namings stand."""
    frees = sorted(ended + RESTS for ended in others if ended is not None)
    missing = len(others) - MOST_WRITTEN_FOR + 1
    return frees[missing - 1] if len(frees) >= missing else None


def may_end_naming(*, one_of_them: bool, stands: bool) -> Refusal | None:
    """Either of the two, at any time."""
    if not one_of_them:
        return Refusal("not-your-naming", ARTICLE)
    if not stands:
        return Refusal("naming-over", ARTICLE)
    return None


# --- Writing in --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """A writer wants to put something down for another.

    `mine`, `theirs`: what stands in the way of each of the two doing it in this stage for themself.
    """

    writer: Person
    founded_at: datetime | None
    named: bool  # by this member, and the naming stands
    leads: bool  # the writer holds a leading post now
    has_address: bool  # the other is reached by mail, or will be
    mine: Refusal | None
    theirs: Refusal | None


def may_write_in(facts: Writing) -> Refusal | None:
    """Whoever was named, while they lead nowhere, where it is the turn of both."""
    refusal = must_be_member(facts.writer, facts.founded_at)
    if refusal is not None:
        return refusal
    if not facts.named:
        return Refusal("not-named-by-them", ARTICLE)
    if facts.leads:
        return Refusal("naming-rests", ARTICLE)
    if facts.has_address:
        return Refusal("they-are-reached-by-mail", ARTICLE)
    if facts.mine is not None:
        return facts.mine
    if facts.theirs is None:
        return None
    if facts.theirs.code == "already-supports":
        return Refusal("they-support-already", facts.theirs.article)
    return Refusal("not-their-turn", facts.theirs.article, until=facts.theirs.until)


# --- Undoing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Undoing:
    """Somebody wants a write-in undone."""

    own: bool  # it stands in their name, and they are still led to, or come with its slip
    slip_given: bool
    slip_fits: bool
    at: datetime  # when it was written in
    undone: bool
    stands: bool  # the support still stands by it; the words were not put anew


def may_undo(facts: Undoing, *, at: datetime) -> Refusal | None:
    """The one in whose name it stands, or whoever holds its slip, for 28 days."""
    if not facts.own:
        return Refusal("not-written-for-you", ARTICLE)
    if facts.slip_given and not facts.slip_fits:
        return Refusal("slip-fits-nothing", ARTICLE)
    if facts.undone:
        return Refusal("undone-already", ARTICLE)
    if at >= facts.at + UNDO_WITHIN:
        return Refusal("too-late-to-undo", ARTICLE, facts={"days": UNDO_WITHIN.days})
    if not facts.stands:
        return Refusal("nothing-left-to-undo", ARTICLE)
    return None
