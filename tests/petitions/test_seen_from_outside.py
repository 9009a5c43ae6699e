# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties and petitions changed behind the acts: the claim shows it, and never whose an alias is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from kollontai.auditor import audit_export
from kollontai.chapters.petitions.models import Petition, Signature, SignatureLink
from kollontai.chapters.record.guard import opened_for
from kollontai.followers.export import export_to
from kollontai.ids import new_id
from tests.world import World, founded, founders

from .street import NAMES, asked

pytestmark = pytest.mark.django_db


def a_tie_is_removed(world: World) -> None:
    SignatureLink.objects.all().delete()


def a_tie_is_added(world: World) -> None:
    SignatureLink.objects.create(
        organisation_id=world.id, petition=Petition.objects.get(), member=world.member("dai"), alias=new_id()
    )


def a_tie_has_another_alias(world: World) -> None:
    SignatureLink.objects.update(alias=new_id())


def a_signature_is_added(world: World) -> None:
    petition = Petition.objects.get()
    Signature.objects.create(
        organisation_id=world.id, petition=petition, alias=new_id(), at=petition.opened_at
    )


def a_signature_is_taken_away(world: World) -> None:
    SignatureLink.objects.all().delete()
    Signature.objects.all().delete()


def a_petition_needs_more(world: World) -> None:
    Petition.objects.update(needed=5)


def a_petition_has_longer_limits(world: World) -> None:
    Petition.objects.update(limits={"S5.within": 1})


def a_petition_is_said_to_have_forgotten(world: World) -> None:
    Petition.objects.update(links_destroyed=True)


@pytest.mark.parametrize(
    ("abuse", "row"),
    [
        (a_tie_is_removed, "ties"),
        (a_tie_is_added, "ties"),
        (a_tie_has_another_alias, "ties"),
        (a_signature_is_added, "signatures"),
        (a_signature_is_taken_away, "signatures"),
        (a_petition_needs_more, "petitions"),
        (a_petition_has_longer_limits, "petitions"),
        (a_petition_is_said_to_have_forgotten, "petitions"),
    ],
)
def test_a_row_changed_behind_the_acts_is_found(
    abuse: Callable[[World], None], row: str, tmp_path: Path
) -> None:
    world = founded(listed=founders(*NAMES))
    asked(world)
    with transaction.atomic():
        with opened_for("all"):
            abuse(world)
        export_to(world.organisation, tmp_path / "changed")
        transaction.set_rollback(True)
    report = audit_export(tmp_path / "changed")
    found = [
        finding.sentence
        for answer in report.answers
        if answer.check.name == "state_matches"
        for finding in answer.findings
        if row in finding.sentence
    ]
    assert found, "nobody noticed"
