# SPDX-License-Identifier: AGPL-3.0-or-later
"""The auditor: from an export alone it works out again who may do what, and lists every breach.

It shares formats with the server (the record, the counting, the bylaws file) and no rules: a mistake has
to be made twice to pass. Read in this order:

    lines, things     one entry; what entries tell of        folding, folds/  how entries become state
    state             everything the record says             read, contents   the files of an export
    days, limits      time and limits, worked out afresh     leaders          who leads on an issue
    recount, rows     counts and rows, derived again         checks/          one question per file
    audit, report     one audit, and what it has to say
"""

from __future__ import annotations

import gc
from itertools import islice
from pathlib import Path

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks import CHECKS, Check
from kollontai.auditor.findings import Finding
from kollontai.auditor.read import Export, Unusable
from kollontai.auditor.report import Answer, Report, not_seen
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.policy import Policy

__all__ = ["CHECKS", "Audit", "Check", "Finding", "Report", "Unusable", "audit_export"]

MOST_FINDINGS = 500
"""Of one check; whoever has more to hide needs no more to be shown."""


def audit_export(
    path: Path, *, vkey: VerifierKey | None = None, old: Path | None = None, policy: Policy | None = None
) -> Report:
    """Audit an export; raise Unusable where there is nothing that could be audited."""
    collecting = gc.isenabled()
    gc.disable()  # a million lasting things are no garbage; looking for some takes long
    try:
        return _audit(path, vkey, old, policy)
    finally:
        if collecting:
            gc.enable()


def _audit(path: Path, vkey: VerifierKey | None, old: Path | None, policy: Policy | None) -> Report:
    audit = Audit(Export(path, vkey), old, policy)
    answers = tuple(_ask(check, audit) for check in CHECKS)
    state = audit.state
    checkpoint = audit.export.checkpoint
    origin = (
        checkpoint.origin
        if checkpoint
        else (state.founding.origin if state.founding else "an unknown record")
    )
    return Report(
        origin,
        checkpoint.size if checkpoint else state.size,
        audit.root,
        state.last_at,
        answers,
        tuple(not_seen(audit, CHECKS)),
        dict(audit.articles.titles),
    )


def _ask(check: Check, audit: Audit) -> Answer:
    found: list[Finding] = []
    asked = check.ask(audit)
    try:
        found += islice(asked, MOST_FINDINGS)
        return Answer(check, tuple(found), next(asked, None) is not None)
    except Exception as error:  # whatever a hostile export brings about, the other questions are still asked
        return Answer(check, tuple(found), unfinished=f"{type(error).__name__}: {error}"[:300])
