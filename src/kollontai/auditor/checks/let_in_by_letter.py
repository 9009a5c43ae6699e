# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many were let in by letters with a code, by whom, and how much do they weigh?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "How many were let in by letters with a code, who vouched for them, and how much do they weigh?"
ARTICLE = 9
EVIDENCE = attested(
    "the server that says who has no mail address",
    limit="Whether a letter with a code reached the person it names, the record cannot tell.",
)
FINDS = ()

FEW = 3
"""Fewer people are nothing to tell."""
TENTH = 10
"""From this share on, one in so many, a unit or a roll is told of."""

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Nothing here breaks a rule: too many letters do, and membership_by_own_act says so."""
    people = audit.state.people
    here = {one for one in audit.codes if people[one].belongs}
    if len(audit.codes) < FEW:
        return
    size = _sizes(audit)
    yield from _units(audit, here, size)
    yield from _pairs(audit, here, size)
    yield from _vouchers(audit, here)
    yield from _rolls(audit)


def _unit_of(audit: Audit, member: str) -> str:
    """The unit somebody belongs to, or belonged to last."""
    person = audit.state.people[member]
    unit = person.admission.unit if person.admission else person.unit
    return audit.state.where(unit, audit.state.size)


def _sizes(audit: Audit) -> Counter[str]:
    """How many belong to each unit now; to the whole, everybody."""
    size = Counter(_unit_of(audit, one.id) for one in audit.state.people.values() if one.belongs)
    if audit.state.root is not None:
        size[audit.state.root] = size.total()
    return size


def _units(audit: Audit, here: Collection[str], size: Mapping[str, int]) -> Iterator[Finding]:
    let_in: dict[str, set[str]] = defaultdict(set)
    for member in here:
        let_in[_unit_of(audit, member)].add(member)
    if audit.state.root is not None:
        let_in[audit.state.root] = set(here)
    for unit, members in sorted(let_in.items()):
        if len(members) >= FEW and len(members) * TENTH >= size[unit]:
            yield _found.observe(
                _last(audit, members), unit,
                f"{_of(len(members), size[unit])} members of {unit} were let in by letters with a code.",
            )  # fmt: skip


def _pairs(audit: Audit, here: Collection[str], size: Mapping[str, int]) -> Iterator[Finding]:
    by_pair: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for member in here:
        for code in audit.codes[member]:
            by_pair[tuple(sorted(code.by))].add(member)
    for pair, members in sorted(by_pair.items()):
        if len(members) >= FEW:
            whole = size.get(_unit_of(audit, pair[0]), 0) if pair[0] in audit.state.people else 0
            yield _found.observe(
                _last(audit, members), pair[0],
                f"{' and '.join(pair)} together let in {len(members)} people by letters with a code; their "
                f"unit has {whole} members.",
            )  # fmt: skip


def _vouchers(audit: Audit, here: Collection[str]) -> Iterator[Finding]:
    """Who let in many, with those whom these let in, and so on."""
    let_in: dict[str, set[str]] = defaultdict(set)
    for member in here:
        for code in audit.codes[member]:
            for voucher in code.by:
                let_in[voucher].add(member)
    for voucher, members in sorted(let_in.items()):
        further = _further(let_in, voucher) - members
        if len(members) > FEW or (further and len(members | further) >= FEW):
            more = f", and these let in {len(further)} more" if further else ""
            yield _found.observe(
                _last(audit, members | further), voucher,
                f"{voucher} vouched for letters with a code by which {len(members)} people came in{more}.",
            )  # fmt: skip


def _further(let_in: Mapping[str, set[str]], voucher: str) -> set[str]:
    """Everybody who came in by somebody, however many letters lie between."""
    found: set[str] = set()
    ahead = [voucher]
    while ahead:
        new = let_in.get(ahead.pop(), set()) - found - {voucher}
        found |= new
        ahead += new
    return found


def _rolls(audit: Audit) -> Iterator[Finding]:
    for poll in audit.state.polls.values():
        at = poll.opened.position
        before = {one for one, codes in audit.codes.items() if codes[0].made.position < at}
        if len(before) < FEW:
            continue
        roll = audit.roll(poll)
        members = before & roll
        if len(members) >= FEW and len(members) * TENTH >= len(roll):
            yield _found.observe(
                at, poll.id,
                f"{_of(len(members), len(roll))} people on the roll of {poll.id} had been let in by letters "
                "with a code.",
            )  # fmt: skip


def _of(some: int, all_: int) -> str:
    return f"{some} of the {all_} ({100 * some // max(all_, 1)} in a hundred)"


def _last(audit: Audit, members: Collection[str]) -> int:
    return max(audit.codes[one][-1].made.position for one in members)
