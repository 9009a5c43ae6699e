# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every table says of which kind it is and to which organisation its rows belong."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

KINDS = {"public", "private", "machinery"}


def tables() -> Iterator[type[Model]]:
    """Every table of ours, also those that Django makes unasked."""
    for app in apps.get_app_configs():
        if app.name.startswith("kollontai."):
            yield from app.get_models(include_auto_created=True)


def test_every_table_says_whether_it_is_public_private_or_machinery() -> None:
    assert [table._meta.label for table in tables() if getattr(table, "table_kind", None) not in KINDS] == []


def test_every_row_that_matters_belongs_to_an_organisation() -> None:
    homeless = [
        table._meta.label
        for table in tables()
        if getattr(table, "table_kind", None) != "machinery"
        and table.__name__ != "Organisation"
        and "organisation" not in {field.name for field in table._meta.get_fields()}
    ]
    assert homeless == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("A model changed without its migration: python -m kollontai.manage makemigrations.")
