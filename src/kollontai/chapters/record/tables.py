# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables this release needs: made at once where there are none, changed by migrations where there are.

An empty database is given the tables as the models are, and every migration is noted as done: walking
through them one by one would come to the same tables and take some twenty times as long. That it is the same
is tested on both databases (tests/record/test_tables.py).
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kollontai.chapters.record.guard import opened_for


def bring_up_to_date() -> None:
    """Make or change the tables. No migration reads or changes the record. Errors: those of the database."""
    with opened_for("all"):
        if not connection.introspection.table_names():
            make_all()
        call_command("migrate", interactive=False, verbosity=0)


def missing() -> int:
    """How many changes this release makes that these tables have not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_all() -> None:
    """Make every table in an empty database, and note the migrations as done: all of it, or nothing.

    The guard must stand aside, as it does in `bring_up_to_date`.
    """
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        editor.create_model(recorder.Migration)
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=app, name=name)
            for app, name in sorted(MigrationLoader(None).disk_migrations)
        )
