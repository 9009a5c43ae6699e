# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every secret box give as many well-formed ballots as voters were marked?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import lgamma, log

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.published import sealed_hashes
from kollontai.auditor.recount import rule_for
from kollontai.auditor.things import Box, Poll

QUESTION = "Did every secret box give as many ballots as voters, each readable, each with a code of its own?"
ARTICLE = 12
EVIDENCE = attested(
    "the server; whoever voted can check their code",
    limit="How many voters checked their code, and whether the server looked into a box while it was open.",
)
FINDS = ("secret ballots that are more or fewer than the voters, or that cannot be read",)

_found = Finder(__name__, ARTICLE)

FEW, FEW_RANKS, MOST_RANKS = 200, 5, 30
_HASH = re.compile(r"[0-9a-f]{64}")


def check(audit: Audit) -> Iterator[Finding]:
    """From the opening of a box to the list of what lay in it."""
    for poll in audit.state.polls.values():
        box = poll.secret
        if box is None:
            continue
        if poll.box != "separated":
            yield _found.breach(box.opened.position, poll.id, f"{poll.id} is no secret poll and has a box.")
        yield from _opened(audit, poll, box)
        yield from _ended(audit, poll, box)
        if box.counted is not None:
            yield from _counted(audit, poll, box, box.counted.position)


def _opened(audit: Audit, poll: Poll, box: Box) -> Iterator[Finding]:
    at, seats, rule, ranks = box.opened.position, 0, "yes-no", box.most_ranks
    if poll.about == "election" and (election := audit.state.elections.get(poll.subject)) is not None:
        seats, rule = election.seats, rule_for(election.seats)
        ranks = FEW_RANKS if poll.roll_count < FEW else MOST_RANKS
    if (box.seats, box.rule) != (seats, rule):
        yield _found.breach(
            at,
            poll.id,
            f"{poll.id} is to be counted by {box.rule} for {box.seats} seats; it is {rule} for {seats}.",
        )
    if box.most_ranks not in (ranks, min(ranks, len(poll.options))):
        yield _found.breach(
            at, poll.id, f"A ballot of {poll.id} has {box.most_ranks} ranks; with such a roll it is {ranks}."
        )
    if not _HASH.fullmatch(box.key) or box.size < 1:
        yield _found.breach(at, poll.id, f"The box of {poll.id} was sealed with no key.")


def _ended(audit: Audit, poll: Poll, box: Box) -> Iterator[Finding]:
    if box.lost is not None:
        yield _found.observe(
            box.lost.position,
            poll.id,
            f"The box of {poll.id} was lost ({box.lost_why}); the vote was annulled.",
        )
        if box.lost_why not in ("key-missing", "ballots-differ", "unreadable"):
            yield _found.breach(box.lost.position, poll.id, f"No box is lost by {box.lost_why}.")
        if box.lost.at < poll.closes_at:
            yield _found.breach(
                box.lost.position, poll.id, f"The box of {poll.id} was opened before its close."
            )
        election = audit.state.elections.get(poll.subject)
        about = election or audit.state.petitions.get(poll.subject)
        following = [
            one
            for one in map(audit.state.polls.__getitem__, about.polls if about else ())
            if one.opened.at == box.lost.at and one.opened.position > box.lost.position
        ]
        annulled = election.annulled if election else None  # whether it may be: elections_on_time
        if not following and (annulled is None or annulled.at != box.lost.at):
            yield _found.breach(
                box.lost.position, poll.id, f"{poll.id} was annulled, and no other vote opened at once."
            )
    if poll.counted is not None and (box.counted is None or box.counted.at != poll.counted.at):
        yield _found.breach(poll.counted.position, poll.id, f"{poll.id} was counted without opening its box.")
    if box.counted is not None and poll.counted is None:
        yield _found.breach(
            box.counted.position, poll.id, f"The box of {poll.id} was opened without a count."
        )


def _counted(audit: Audit, poll: Poll, box: Box, at: int) -> Iterator[Finding]:
    if box.cast != poll.cast:
        yield _found.breach(
            at, poll.id, f"{box.cast} of the roll voted in {poll.id}, and {poll.cast} are said to be counted."
        )
    if box.cast > poll.roll_count:
        yield _found.breach(
            at, poll.id, f"{box.cast} voted in {poll.id}; the roll has {poll.roll_count} names."
        )
    hashes = sealed_hashes(poll, audit.contents)
    if hashes is not None:
        if hashes != sorted(set(hashes)) or hashes == [""]:
            yield _found.breach(at, poll.id, f"The list of what lay in the box of {poll.id} is out of order.")
        if len(hashes) != box.cast:
            yield _found.breach(
                at, poll.id, f"{len(hashes)} sealed ballots lay in the box of {poll.id}; {box.cast} voted."
            )
    given = audit.published(poll)
    if not given.here:
        return
    for problem in given.problems:
        yield _found.breach(at, poll.id, f"{poll.id}: {problem}")
    if len(given.codes) != box.cast:
        yield _found.breach(
            at, poll.id, f"{len(given.codes)} ballots of {poll.id} were published; {box.cast} voted."
        )
    if len(set(given.codes)) != len(given.codes):
        found = _found.observe if alike_by_chance(given.codes) else _found.breach
        yield found(at, poll.id, f"Two ballots of {poll.id} have the same code.")
    if given.codes != sorted(given.codes):
        yield _found.breach(
            at, poll.id, f"The ballots of {poll.id} are not in the order of their codes.", article=14
        )


def alike_by_chance(codes: Sequence[str]) -> bool:
    """Whether so many equal codes come about by chance at least once in a million votes.

    Voters choose the first four signs, and many choose the same; the server draws five more, each one of 31.
    """
    same, expected = _pairs(codes), _pairs([code[:4] for code in codes]) / 31**5
    if same <= expected:
        return True
    return same * log(expected) - expected - lgamma(same + 1) >= log(1e-6)  # Poisson


def _pairs(words: Sequence[str]) -> int:
    return sum(number * (number - 1) // 2 for number in Counter(words).values())
