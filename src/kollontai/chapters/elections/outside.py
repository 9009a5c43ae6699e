# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots that law has a scrutineer hold outside: what they take along, and what they bring back.

They take along the frozen roll and the paper; they bring back a report and a ballot file (BLT). The file is
kept in one spelling: equal ballots together and in order, candidates by their ids. So the files of two
scrutineers who saw the same are the same, and no name stands where the world may read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.elections import rules
from kollontai.chapters.elections.models import Election
from kollontai.chapters.members.importing import escape_cell
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.refusal import Refusal, Refused, require
from kollontai.chapters.voting.choices import RON
from kollontai.chapters.voting.models import OutsideEntry, Poll
from kollontai.counting.ballots import Ballots
from kollontai.counting.errors import WrongFile
from kollontai.counting.files import blt

RON_NAME = "Re-open nominations"
LONGEST_NUMBER = 9  # digits; no word of a ballot file is longer, but for names


def scrutinising(poll: Poll, member: Member | None, *, at: datetime) -> rules.Outside:
    """Facts for the rules of ballots held outside."""
    last = OutsideEntry.objects.filter(poll=poll, member=member).order_by("at").last() if member else None
    terms = Term.objects.over(poll.unit).filter(member=member, duty="scrutineer") if member else None
    return rules.Outside(
        is_member=member is not None and member.standing == "member",
        is_scrutineer=terms is not None and terms.running_at(at).exists(),
        is_candidate=member is not None and member.pk in poll.options,
        held_outside=poll.box == "outside",
        is_open=poll.state == "open",
        closes_at=poll.closes_at,
        entered=last is not None and last.taken_back_at is None,
        last_entered_at=last.at if last else None,
    )


def standing_entries(poll: Poll):  # type: ignore[no-untyped-def]
    """What scrutineers entered and did not take back."""
    return OutsideEntry.objects.filter(poll=poll, taken_back_at=None)


def agree(poll: Poll, mine: Ballots, *, at: datetime) -> bool:
    """Whether another scrutineer has entered these very ballots; refused where one who still is one differs.

    What somebody entered who holds the post no more can nobody take back: it hinders nobody, and holds beside
    the same.
    """
    found = False
    for entry in standing_entries(poll).select_related("ballots", "member").order_by("at", "pk"):
        differs = rules.same_count(mine, blt.careful(str(entry.ballots)))
        if rules.may_scrutinise(scrutinising(poll, entry.member, at=at)) is None:
            require(differs)
        found = found or differs is None
    return found


def counted_ballots(poll: Poll) -> tuple[Ballots, str] | None:
    """The ballots that two entered and that were counted, and the seed of their lot; None before."""
    entry = standing_entries(poll).select_related("ballots").order_by("at", "pk").last()  # that it went by
    if poll.box != "outside" or poll.state != "counted" or entry is None:
        return None
    return blt.careful(str(entry.ballots)), entry.sha256


def election_of(poll: Poll) -> Election:
    """The election that a poll decides."""
    return Election.objects.select_related("post__unit", "post__title", "organisation").get(poll=poll.pk)


# --- What they take along ----------------------------------------------------------------------------


@dataclass(frozen=True)
class OnRoll:
    """Somebody who may vote, as the scrutineer's list has them."""

    name: str
    unit: str


def roll_of(poll_id: str, reader: Member | None, *, at: datetime) -> list[OnRoll] | None:
    """The frozen roll of a ballot held outside, for those who hold a scrutineer's post there; else None."""
    visible = Poll.objects.visible_to(reader).select_related("unit")
    poll: Poll | None = visible.filter(pk=poll_id).first()
    if poll is None or rules.may_scrutinise(scrutinising(poll, reader, at=at)) is not None:
        return None
    voters = poll.voters.select_related("member__name", "member__unit__name")
    lines = [OnRoll(str(voter.member.name), str(voter.member.unit.name)) for voter in voters]
    return sorted(lines, key=lambda line: (line.unit.casefold(), line.name.casefold()))


def roll_as_csv(roll: Sequence[OnRoll]) -> str:
    """The roll as a table that no program takes for formulas."""
    return _csv([("name", "unit"), *((line.name, line.unit) for line in roll)])


def names_on_paper(poll: Poll) -> list[str]:
    """The names on the paper, in its order."""
    members = Member.objects.select_related("name").in_bulk([one for one in poll.options if one != RON])
    return [RON_NAME if option == RON else str(members[option].name) for option in poll.options]


def paper_as_csv(poll: Poll) -> str:
    """The paper as a table: the number of each candidate in the ballot file, and the name."""
    rows = ((str(number), name) for number, name in enumerate(names_on_paper(poll), 1))
    return _csv([("number", "name"), *rows])


def empty_ballot_file(poll: Poll) -> str:
    """A ballot file with the paper's names in their order and no ballots yet."""
    seats = election_of(poll).seats
    return blt.write(Ballots(tuple(names_on_paper(poll)), seats, (), str(election_of(poll).post.title)))


def _csv(rows: Sequence[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([escape_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


# --- What they bring back ----------------------------------------------------------------------------


def read_ballots(text: str, poll: Poll, *, seats: int) -> Ballots:
    """Read the ballots of a poll from a file, into their one spelling; refused with line and column."""
    paper = rules.Paper(names_on_paper(poll), seats, poll.roll_count)
    if len(text) > rules.LONGEST_BALLOT_FILE:
        raise Refused(Refusal("ballot-file-too-long", 12, facts={"most": rules.LONGEST_BALLOT_FILE}))
    try:
        for word in islice(blt.words(text), 1):  # a number without end is not even read
            if (
                len(word.text) > LONGEST_NUMBER
                or not word.text.isdecimal()
                or int(word.text) != len(paper.names)
            ):
                raise Refused(rules.other_paper(word.text[:20], paper))
        for word in blt.words(text):
            if len(word.text) > LONGEST_NUMBER and not word.quoted:
                raise WrongFile(word.line, word.column, "a number that can be", word.text[:20])
        read = blt.careful(text)
    except WrongFile as wrong:
        facts = {"line": wrong.line, "column": wrong.column, "expected": wrong.expected, "found": wrong.found}
        raise Refused(Refusal("ballot-file-wrong", 12, facts=facts)) from wrong
    require(rules.usable_ballots(read, paper))
    return in_one_spelling(read, poll)


def in_one_spelling(read: Ballots, poll: Poll) -> Ballots:
    """The same ballots, equal ones together, in order, with candidates by their ids."""
    return Ballots(tuple(poll.options), read.seats, tuple(sorted(read.merged().items())), poll.pk)
