# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other seat: what the member who signed the recall sees that evening, and what she can check.

She has what she took home, and the copy of the record that every member may take. She needs nobody's word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kollontai.auditor import Report, Unusable, audit_export
from kollontai.chapters.members.models import Member
from kollontai.chapters.petitions import queries as petitions
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.models import EntryRow, Organisation
from kollontai.chapters.voting import queries as voting
from kollontai.chapters.voting.models import Poll
from kollontai.demos.rigit.rewriting import parting
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.policy import Policy
from kollontai.openrecord.receipt import Carried, Receipt

SHOWN = 8  # findings


def sees(pocket: Path, export: Path) -> dict[str, Any]:
    """Everything she can check tonight, with what comes of it, as plain values."""
    hers = json.loads((pocket / "pocket.json").read_text())
    member = Member.objects.select_related("name").get(pk=hers["member"])
    return {
        "name": str(member.name),
        "signature": _signature(member),
        "receipt": receipt_holds(pocket, export),
        "ballot": _ballot(hers),
        "audit": audited(export, old=pocket / "copy"),
        "parting": parting(pocket / "copy", export),
    }


def _signature(member: Member) -> dict[str, Any]:
    """Her signature as her own list shows it."""
    petition = Petition.objects.get(organisation=member.organisation_id, about="recall")
    own = petitions.own_signature(petition, member)
    told = {"title": str(petition.title), "signed": petition.signatures.count(), "needed": petition.needed}
    if own is None:
        return {**told, "found": False}
    entries = EntryRow.objects.filter(organisation=member.organisation_id, actor=own.alias)
    return {**told, "found": True, "alias": own.alias, "entry": entries.order_by("-position")[0].position}


def receipt_holds(pocket: Path, export: Path) -> dict[str, Any]:
    """Whether her receipt is sound in itself, and whether the record shown today still has what it proves."""
    receipt = Receipt.parse((pocket / "signature.tlog-proof").read_bytes())
    assert receipt.extra is not None
    entry = Carried.unpack(receipt.extra).entry
    accepted = receipt.verify(entry, Policy.trusting(RecordDirectory(pocket / "copy").log_key()))
    try:
        stands = RecordDirectory(export).raw_entry(receipt.index) == entry
    except (RecordError, OSError):
        stands = False
    return {"entry": receipt.index, "size": accepted.checkpoint.size, "stands": stands}


def _ballot(hers: dict[str, Any]) -> dict[str, Any]:
    """Her check code among the published ballots, and what stands beside it there."""
    poll = Poll.objects.select_related("secret_box__ballots").get(pk=hers["poll"])
    shown = voting.shown_ballots(poll)
    found = [one.choice.ranking or () for one in shown if one.code == hers["code"]]
    people = Member.objects.filter(organisation=poll.organisation_id).select_related("name")
    names = {member.pk: str(member.name) for member in people}
    says = [names.get(option, option) for levels in found[:1] for level in levels for option in level]
    same = says == hers["ranking"]
    return {"code": hers["code"], "found": len(found), "of": len(shown), "says": says, "same": same}


def audited(export: Path, *, old: Path | None = None) -> dict[str, Any]:
    """What the auditor says of an export, by itself or beside an earlier copy."""
    try:
        report = audit_export(export, old=old)
    except (Unusable, RecordError) as error:
        return {"unusable": str(error), "findings": [], "found": 0, "asked": 0, "ok": False}
    return told(report)


def told(report: Report) -> dict[str, Any]:
    """A report as plain values, the first findings in full."""
    return {
        "ok": report.ok,
        "size": report.size,
        "words": report.words,
        "asked": len(report.answers),
        "found": len(report.findings),
        "findings": [
            {"article": one.article, "entry": one.position, "check": one.check, "sentence": one.sentence,
             "row": one.subject}
            for one in report.findings[:SHOWN]
        ],
        "unfinished": [answer.check.name for answer in report.answers if answer.unfinished],
    }  # fmt: skip


def organisation() -> Organisation:
    """The one organisation of a copy."""
    return Organisation.objects.get()
