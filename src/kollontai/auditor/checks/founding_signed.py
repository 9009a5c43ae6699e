# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the organisation begin with enough names under its charter, and with nothing before?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import zone_of
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Founding

QUESTION = "Did at least three founders, two thirds of those listed, sign before anything else happened?"
ARTICLE = 13
EVIDENCE = proved(limit="Whether the founders are people, and different ones, is for the founders to know.")
FINDS = ("an organisation that began with too few names under its charter",)

_found = Finder(__name__, ARTICLE)

LEAST = 3


def check(audit: Audit) -> Iterator[Finding]:
    """Opened first, signed by the listed alone, founded at the needed name; until then nobody holds "
    "anything."""
    founding = audit.state.founding
    if founding is None:
        if audit.state.size:
            yield _found.breach(0, "founding", "The record does not begin with a founding.")
        return
    if founding.opened.position != 0:
        yield _found.breach(
            founding.opened.position, "founding", "Something stands before the founding was opened."
        )
    yield from _words(founding)
    yield from _names(audit, founding)
    yield from _threshold(founding)
    yield from _before(audit, founding)
    yield from _units(audit, founding)


def _words(founding: Founding) -> Iterator[Finding]:
    at = founding.opened.position
    if founding.preset not in ("normal", "small"):
        yield _found.breach(at, "founding", f"There is no preset {founding.preset}.")
    if founding.joining not in ("open", "vouched"):
        yield _found.breach(at, "founding", f"There is no way of joining called {founding.joining}.")
    if zone_of(founding.zone) is None:
        yield _found.breach(
            at, "founding", f"The zone {founding.zone} is unknown, so no evening can be told."
        )


def _names(audit: Audit, founding: Founding) -> Iterator[Finding]:
    listed = set(founding.listed)
    if len(listed) != len(founding.listed):
        yield _found.breach(founding.opened.position, "founding", "A founder is listed twice.")
    invited = set(audit.state.listed)
    for member in sorted(invited ^ listed):
        yield _found.breach(
            founding.opened.position, member,
            f"{member} is listed as a founder in one place and not in the other.",
        )  # fmt: skip
    for member, mark in founding.signed.items():
        if member not in listed:
            yield _found.breach(mark.position, member, f"{member} signed the charter without being listed.")
        if mark.actor != member:
            yield _found.breach(
                mark.position, member, f"{mark.actor} signed the charter in the name of {member}."
            )


def _threshold(founding: Founding) -> Iterator[Finding]:
    founded = founding.founded
    signed = {
        member
        for member, mark in founding.signed.items()
        if mark.actor == member
        and member in founding.listed
        and (founded is None or mark.position < founded.position)
    }
    listed = len(set(founding.listed))
    enough = len(signed) >= LEAST and 3 * len(signed) >= 2 * listed
    if founded is None:
        if enough:
            yield _found.breach(
                founding.opened.position, "founding", "Enough founders have signed, but nothing was founded."
            )
        return
    if not enough:
        yield _found.breach(
            founded.position, "founding",
            f"It was founded with {len(signed)} names of {listed}; at least {LEAST} and two thirds are "
            f"needed.",
        )  # fmt: skip
    if (founding.founded_signed, founding.founded_listed) != (len(signed), listed):
        yield _found.breach(
            founded.position, "founding",
            f"It says {founding.founded_signed} of {founding.founded_listed} signed; it was "
            f"{len(signed)} of {listed}.",
        )  # fmt: skip


def _before(audit: Audit, founding: Founding) -> Iterator[Finding]:
    """Nobody is a member, holds a post or raises anything before the founding."""
    state = audit.state
    until = founding.founded.position if founding.founded else state.size
    early = [
        *((one.mark, "was admitted") for p in state.people.values() for one in p.admissions),
        *((one.mark, "asked to join") for p in state.people.values() for one in p.applications),
        *((term.begun, "took a post") for term in state.terms.values()),
        *((issue.raised, "raised an issue") for issue in state.issues.values()),
        *((poll.opened, "opened a poll") for poll in state.polls.values()),
    ]
    for mark, what in early:
        if mark.position < until:
            yield _found.breach(
                mark.position, mark.actor, f"Somebody {what} before the organisation existed."
            )


def _units(audit: Audit, founding: Founding) -> Iterator[Finding]:
    if founding.founded is None:
        return
    voted = {change.unit for change in audit.state.unit_changes}  # whole_by_vote looks at them
    for unit in audit.state.units.values():
        if unit.id in voted:
            continue
        if unit.made.position > founding.founded.position:
            yield _found.breach(
                unit.made.position,
                unit.id,
                "A unit began after the founding, and no vote made it.",
                article=12,
            )
