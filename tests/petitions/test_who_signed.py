# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who signed stands in one row and nowhere else: no other table, no file, no line of a log."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.acts.withdraw_signature import withdraw_signature
from kollontai.chapters.petitions.models import SignatureLink
from kollontai.chapters.record.models import EntryRow
from tests.world import founded, founders

from .street import NAMES, asked, fresh

pytestmark = pytest.mark.django_db


def places_of(needle: str, home: Path) -> Counter[str]:
    """Every row and every file that an id stands in, how often."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            found[model._meta.db_table] += any(needle.encode() in _bytes(value) for value in row)
    for path in home.rglob("*"):
        if path.is_file() and not path.parent.name.endswith(".p"):  # unfinished tiles repeat the entries
            found[path.suffix or path.parent.name] += path.read_bytes().count(needle.encode())
    return +found


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_signing_leaves_its_signer_in_the_one_tie_and_nothing_else(now, own_home, caplog):
    world = founded(listed=founders(*NAMES, *(f"n{i}" for i in range(50))))
    petition = asked(world)
    dai = world.people["dai"]
    before = places_of(dai, own_home)
    with caplog.at_level(logging.DEBUG):
        sign_petition(world.actor("dai"), petition_id=petition.pk)
        withdraw_signature(world.actor("dai"), petition_id=petition.pk)
        now.move(hours=1)
        sign_petition(world.actor("dai"), petition_id=petition.pk)
    assert places_of(dai, own_home) - before == Counter({SignatureLink._meta.db_table: 1})
    assert dai not in caplog.text

    now.pass_to(fresh(petition).closes_at + timedelta(days=183))
    assert places_of(dai, own_home) == before
    assert EntryRow.objects.filter(kind__startswith="petition.signed").count() == 3, "what was done stays"


def test_opening_one_leaves_its_opener_in_the_one_tie_and_nothing_else(own_home):
    world = founded(listed=founders(*NAMES))
    before = places_of(world.people["cleo"], own_home)
    asked(world)
    assert places_of(world.people["cleo"], own_home) - before == Counter({SignatureLink._meta.db_table: 1})


def test_the_tickets_of_two_acts_have_nothing_in_common(now):
    """A ticket is drawn for each act; it ties no entry to anybody."""
    world = founded(listed=founders(*NAMES, *(f"n{i}" for i in range(50))))
    petition = asked(world)
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    withdraw_signature(world.actor("dai"), petition_id=petition.pk)
    rows = EntryRow.objects.filter(subject=petition.pk).exclude(kind="petition.opened")
    tickets = rows.order_by("position").values_list("ticket", flat=True)
    assert len(set(tickets)) == len(tickets) == 3
    assert not set(tickets) & set(world.people.values())
