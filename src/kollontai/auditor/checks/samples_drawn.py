# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was who signed shown to elected scrutineers alone, as few as may be, by a lot that nobody chose?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from kollontai.auditor.audit import Audit
from kollontai.auditor.elections import is_scrutineer
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.things import Petition, Sample
from kollontai.counting.lots import draw

QUESTION = (
    "Was every sample of signatures drawn once, by an elected scrutineer, by lot, and reported in full?"
)
ARTICLE = 14
EVIDENCE = attested(
    "the server, and the scrutineers who asked",
    limit="Lot and number are proved; whose the drawn signatures are, only the server said, to them.",
)
FINDS = ()

_found = Finder(__name__, ARTICLE)

ONE_IN, MOST = 10, 20


def check(audit: Audit) -> Iterator[Finding]:
    """After enough had signed, before the ties were destroyed, one in ten and at most twenty."""
    for petition in audit.state.petitions.values():
        drew: set[str] = set()
        for sample in petition.samples:
            yield from _drawn(audit, petition, sample, again=sample.member in drew)
            yield from _reported(audit, petition, sample)
            drew.add(sample.member)


def _drawn(audit: Audit, petition: Petition, sample: Sample, *, again: bool) -> Iterator[Finding]:
    at, who = sample.mark.position, sample.member
    if not is_scrutineer(audit, who, petition.unit, sample.mark):
        yield _found.breach(
            at, petition.id, f"{who} was shown who signed {petition.id} and is no scrutineer."
        )
    term = audit.state.terms.get(petition.subject)
    if term is not None and term.member == who:
        yield _found.breach(
            at, petition.id, f"{who} was shown who signed {petition.id}, which is about them."
        )
    if again:
        yield _found.breach(at, petition.id, f"{who} drew a second sample of {petition.id}.")
    if petition.reached is None or petition.reached.position > at:
        yield _found.breach(at, petition.id, f"{who} drew from {petition.id} before enough had signed.")
    if petition.links_gone is not None and petition.links_gone.position < at:
        yield _found.breach(at, petition.id, f"{who} drew from {petition.id} after its ties were destroyed.")
    standing = [one.alias for one in petition.standing_at(at)]
    size = min(MOST, -(-len(standing) // ONE_IN))
    if len(sample.aliases) > size:
        yield _found.breach(
            at,
            petition.id,
            f"{who} was shown {len(sample.aliases)} who signed {petition.id}; {size} are the most.",
        )
        return
    value = audit.contents.value(sample.sentence)
    if value is None:
        return
    given = f"kollontai/sample/v1\n{petition.id}\n{who}\n".encode() + value
    if tuple(sample.aliases) != draw(sha256(given).hexdigest(), standing)[:size]:
        yield _found.breach(at, petition.id, f"What {who} drew from {petition.id} is not what the lot gives.")


def _reported(audit: Audit, petition: Petition, sample: Sample) -> Iterator[Finding]:
    for mark in sample.again:
        yield _found.breach(
            mark.position, petition.id, f"{sample.member} reports twice on a sample of {petition.id}."
        )
    reported = sample.reported
    if reported is None:
        return
    if not is_scrutineer(audit, sample.member, petition.unit, reported):
        yield _found.breach(
            reported.position, petition.id,
            f"{sample.member} reports on a sample of {petition.id} and is no scrutineer any more.",
        )  # fmt: skip
    if min(sample.answers) < 0 or sum(sample.answers) != len(sample.aliases):
        yield _found.breach(
            reported.position, petition.id,
            f"{sample.member} drew {len(sample.aliases)} from {petition.id} and reports "
            f"{sum(sample.answers)}.",
        )  # fmt: skip
