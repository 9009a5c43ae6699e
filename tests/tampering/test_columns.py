# SPDX-License-Identifier: AGPL-3.0-or-later
"""No column of a public table can be changed without the export changing too, but for those named here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from kollontai.auditor.audit import Audit
from kollontai.auditor.read import Export
from kollontai.auditor.rows import TABLES
from kollontai.chapters.charter.models import Dues, LawNote, QuietDays, VotingDay
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    AmendmentSupporter,
    AmendmentVersion,
    Attachment,
    Combination,
    CombinationYes,
    DraftEffects,
    SpokenOf,
)
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.members.models import Member, MergeYes
from kollontai.chapters.petitions.models import Sample
from kollontai.chapters.record.keys import KeyMissing
from kollontai.chapters.record.models import Head, Organisation
from kollontai.chapters.voting.models import LotShare, OutsideEntry, SealedBallot, SecretBox, Voter
from kollontai.followers.claims import claims
from kollontai.followers.export import write_export

from .organisation import Tidewater
from .sql import change

pytestmark = pytest.mark.django_db

ON_PURPOSE = {
    "members_contact.email": "an address is nobody's business but its owner's; Mine shows it to them",
    "members_contact.pending_email": "as the address; that a change waits, and until when, is claimed",
    "members_contact.account_id": "which account speaks for a member is private; Mine shows what it did",
    "members_member.signed_at": "that a founder signed is claimed; when, only the entry says",
    "petitions_signaturelink.member_id": "who signed is shown to the signer alone; that a tie is kept, is claimed",
    "voting_voter.marked": "who takes part in a secret vote is nobody's business; how many did, is told at its count",
    "record_organisation.demo": "a door that the record tells by the word demo in every entry",
}
"""Columns that no export shows, and why."""

_WHO = {"signed_at": "ada", "invited_by": "tom", "invited_at": "tom", "listed": "ada"}
"""In whose row a column of members says something; an applicant's otherwise."""

OF_ELECTIONS = [
    Election, Candidacy, CandidacyVersion, Offer, SecretBox, LotShare, OutsideEntry, DraftEffects, Voter, Sample,
    Dues, LawNote, QuietDays, VotingDay,
]  # fmt: skip
"""Tables that only elections fill, tried in an organisation that is in the midst of them."""

LISTS_OF_ELECTIONS = {
    "elections", "nominations", "offers", "boxes", "marks", "lots", "outside_entries", "effects",
    "candidate_words", "samples", "dues", "law_notes", "quiet_days",
    "voting_days",
}  # fmt: skip
"""Lists of the claim in which only such an organisation has something."""

OF_AMENDMENTS = [
    Amendment, AmendmentVersion, AmendmentSupporter, Combination, CombinationYes, Alternative, SpokenOf,
    Attachment,
]  # fmt: skip
"""Tables that only amendments fill, tried in an organisation that has some."""

LISTS_OF_AMENDMENTS = {
    "amendments", "amendment_supporters", "combinations", "combination_yes", "alternatives", "spoken_of",
    "attachments",
}  # fmt: skip

OF_MERGERS = [MergeYes]
"""Tables that only mergers fill, tried in an organisation that has one."""

LISTS_OF_MERGERS = {"merge_yeses"}

SEALED = {
    SealedBallot: "what lies in a box is claimed when it is opened; till then nobody may see even how much"
}
"""Tables that no export shows, and why."""

PUBLIC = [model for model in apps.get_models() if getattr(model, "table_kind", "") == "public"]
PLAIN = [model for model in PUBLIC if model not in (*SEALED, *OF_ELECTIONS, *OF_AMENDMENTS, *OF_MERGERS)]


def _others(field: Any, value: Any) -> Iterator[Any]:
    """Values that a column does not hold now."""
    if isinstance(field, models.ForeignKey):
        yield from field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True)[:20]
        whole = isinstance(field.target_field, models.IntegerField)
        yield 10**9 if whole else "x" * 16
    elif isinstance(field, models.DateTimeField):
        yield (value or datetime(2026, 2, 3, tzinfo=UTC)) + timedelta(days=1)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.JSONField):
        yield json.dumps({"other": 1})
    elif isinstance(field, models.BinaryField):
        yield b"other words"
    elif isinstance(field, models.IntegerField):
        yield from ((value or 0) + 1, (value or 0) + 100)
    else:
        yield f"{value or ''}z"[-(field.max_length or 200) :]


def shown(org: Tidewater, table: str) -> Any:
    """What the export says: the words too where they may be touched, else the claim alone."""
    organisation = org.world.organisation
    if table not in ("record_content", "record_organisation"):
        return claims(organisation)
    files: dict[str, bytes] = {}
    write_export(organisation, files.__setitem__)
    del files["manifest"]
    return files


@pytest.mark.parametrize("model", PLAIN, ids=[model._meta.db_table for model in PLAIN])
def test_a_column_changed_behind_the_server_changes_the_export(model: Any, org: Tidewater) -> None:
    every_column_is_seen(model, org)


def every_column_is_seen(model: Any, org: Any) -> None:
    before = shown(org, model._meta.db_table)
    unseen = {
        f"{model._meta.db_table}.{field.column}"
        for field in model._meta.concrete_fields
        if not field.primary_key and _shown_with(org, model, field) == before
    }
    known = {name for name in ON_PURPOSE if name.startswith(f"{model._meta.db_table}.")}
    assert unseen == known, "claim a new column in followers/claims.py, and derive it in auditor/rows.py"


def _shown_with(org: Tidewater, model: Any, field: Any) -> Any:
    """What the export says once a column of one row says something else."""
    mine = {"pk": org.world.id} if model is Organisation else {"organisation": org.world.id}
    row = model._default_manager.filter(**mine).order_by("pk").last()
    assert row is not None, f"the organisation of these tests has no row of {model.__name__}"
    if model is Member:
        row = org.world.member(_WHO.get(field.column, "sara"))
    for other in _others(field, getattr(row, field.attname)):
        try:
            with transaction.atomic():
                change(row, **{field.column: other})
                told = shown(org, model._meta.db_table)
                transaction.set_rollback(True)
                return told
        except IntegrityError:
            continue  # the table itself refuses this one
        except (KeyMissing, Organisation.DoesNotExist, Head.DoesNotExist) as error:
            return error  # there is no export any more: everybody sees that
    pytest.fail(f"no other value was possible in {field.column}")


def test_every_field_that_is_claimed_is_worked_out_again_by_the_auditor(built: Any) -> None:
    lists = fields_agree(built) | LISTS_OF_ELECTIONS | LISTS_OF_AMENDMENTS | LISTS_OF_MERGERS
    assert lists == TABLES.keys(), "something is in every list"


def fields_agree(built: Any) -> set[str]:
    """Hold each row of an honest claim against the auditor's own; give the lists in which something is."""
    audit = Audit(Export(built.export))
    claimed = json.loads((built.export / "state.json").read_bytes())
    compared = {
        "v",
        "level",
        "organisation",
        "record",
        "articles",
        "limits",
        "voters",
        "contents",
        "pointers",
    }
    assert claimed.keys() == TABLES.keys() | compared
    for name, table in TABLES.items():
        for row in claimed[name]:
            derived = table.find(audit, row)
            assert derived is not None
            assert derived.fields.keys() == row.keys()
    return {name for name in TABLES if claimed[name]}
