# SPDX-License-Identifier: AGPL-3.0-or-later
"""Written in by a neighbour: who may, what was written in for whom, and what was undone of it.

The actor of a write-in is whoever wrote, never the one in whose name it stands: an entry says who did it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("writer.named", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class WriterNamed(Fact):
    """A member without a mail address named another who may write in for them; the actor is the first."""

    naming: str
    writer: str


@kind("naming.ended", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class NamingEnded(Fact):
    """A naming is over; the actor is whoever had named, or whoever was named."""

    naming: str


@kind("words.written_in", link="accountable", audience="members", commits=("text",))
@dataclass(frozen=True, slots=True)
class WordsWrittenIn(Fact):
    """A writer put words into the talk for `member`, in whose name they stand and whose words they are.

    The fields after `contribution` are those of `contribution.made`.
    """

    write_in: str
    member: str
    contribution: str
    issue: str
    stage: str
    stance: str
    answers: str | None = None


@kind("support.written_in", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class SupportWrittenIn(Fact):
    """A writer put `member` behind something: `to` is "issue", "draft" or "amendment", `of` its id."""

    write_in: str
    member: str
    issue: str
    to: str
    of: str


@kind("writing.undone", link="accountable", audience="members")
@dataclass(frozen=True, slots=True)
class WritingUndone(Fact):
    """The one in whose name it stood says that a write-in is not theirs; the actor is that member.

    `how`: "member" (signed in) or "slip" (by the code on the slip, which its writer has seen too). Support
    counts no longer from here on; words stay, marked.
    """

    write_in: str
    how: str
