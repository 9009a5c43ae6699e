# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every table of the members refuses every writing outside its frame, however it is spelled."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F

from kollontai.chapters.record.act import private_write
from kollontai.chapters.record.guard import OutsideFrame, guard, opened_for, tables_written
from kollontai.chapters.record.models import Content, Outbox

pytestmark = pytest.mark.django_db


def tables(kind: str) -> list[str]:
    """The tables of one kind."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "table_kind", "machinery") == kind
    )


PUBLIC = tables("public")
PRIVATE = tables("private")
SPELLINGS = (
    "INSERT INTO {t} (id) VALUES (1)",
    'insert into "{t}" (id) values (1)',
    "INSERT OR REPLACE INTO {t} (id) VALUES (1)",
    "INSERT OR IGNORE INTO {t} SELECT * FROM {t}",
    "REPLACE INTO `{t}` (id) VALUES (1)",
    "UPDATE {t} SET organisation_id = organisation_id",
    "update or ignore [{t}] set id = id",
    'UPDATE ONLY "public"."{t}" SET id = id',
    "DELETE FROM {t}",
    "delete\nfrom\t{T}",
    "DELETE FROM ONLY {t}",
    "DELETE FROM main.{t}",
    "/* */ DELETE FROM {t}",
    "/* SELECT 1 */ /* ' */ delete from {t} -- nothing",
    "-- x\nDELETE FROM {t}",
    "-- it's\n-- SELECT\n  UPDATE {t} SET id = id",
    "UPDATE/**/{t}/**/SET id = id",
    "WITH a AS (SELECT ')' AS b) DELETE FROM {t}",
    "WITH a AS (SELECT 1), b AS (SELECT (2)) UPDATE {t} SET id = id",
    "WITH gone AS (DELETE FROM {t} RETURNING 1) SELECT * FROM gone",
    "SELECT '/*'; DELETE FROM {t} -- */",
    "SELECT 'it''s'; DELETE FROM {t}",
    "SELECT E'\\''; DELETE FROM {t}",
    "SELECT 1; TRUNCATE {t}",
    "TRUNCATE TABLE auth_group, {t} CASCADE",
    "MERGE INTO {t} USING x ON true WHEN MATCHED THEN DELETE",
    "COPY {t} FROM STDIN",
    "EXPLAIN ANALYZE DELETE FROM {t}",
    "DO $$ BEGIN DELETE FROM {t}; END $$",
    "\ufeff DELETE FROM {t}",
)


def refuse_to_run(*_: object) -> None:
    raise AssertionError("the statement was let through")


@pytest.mark.parametrize("table", PUBLIC)
def test_every_public_table_refuses_every_spelling_of_a_write(table):
    for spelling in SPELLINGS:
        sql = spelling.format(t=table, T=table.upper())
        with pytest.raises(OutsideFrame):
            guard(refuse_to_run, sql, (), False, {})
        with opened_for("private"), pytest.raises(OutsideFrame):
            guard(refuse_to_run, sql, (), False, {})
        with opened_for("public"):
            assert guard(lambda *_: "done", sql, (), False, {}) == "done"


@pytest.mark.parametrize("table", PRIVATE)
def test_every_private_table_is_written_by_its_owner_alone(table):
    for spelling in SPELLINGS:
        sql = spelling.format(t=table, T=table.upper())
        with pytest.raises(OutsideFrame):
            guard(refuse_to_run, sql, (), False, {})
        with opened_for("public"), pytest.raises(OutsideFrame):
            guard(refuse_to_run, sql, (), False, {})
        with opened_for("private"):
            assert guard(lambda *_: "done", sql, (), False, {}) == "done"


@pytest.mark.parametrize("model", [model for model in apps.get_models() if model._meta.db_table in PUBLIC])
def test_every_public_table_refuses_the_orm(model):
    first = model._meta.concrete_fields[-1].attname
    for write in (
        lambda: model().save(force_insert=True),
        lambda: model(pk="1" if model._meta.pk.get_internal_type() == "CharField" else 1).save(
            force_update=True
        ),
        lambda: model.objects.bulk_create([model(), model()]),
        lambda: model.objects.update(**{first: F(first)}),
        lambda: model.objects.all()._raw_delete("default"),
        lambda: (
            model.objects.bulk_update([model(pk=1)], [first]) if first != model._meta.pk.attname else refuse()
        ),
    ):
        with pytest.raises(OutsideFrame), transaction.atomic():
            write()


def refuse() -> None:
    raise OutsideFrame


def test_raw_sql_through_a_cursor_is_refused_in_the_database_itself():
    for sql in (
        "/* */ DELETE FROM record_content",
        "-- x\ndelete from record_content",
        'UPDATE "record_content" SET id=id',
    ):
        with pytest.raises(OutsideFrame), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(OutsideFrame), transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("DELETE FROM record_content WHERE id = %s", [(1,), (2,)])


def test_reading_and_locking_are_no_writing():
    for sql in (
        "SELECT * FROM record_content", "SELECT 1 FROM record_content FOR UPDATE",
        'SELECT 1 FROM "record_content" FOR UPDATE OF "record_content" NOWAIT',
        "SELECT 1 FROM record_content FOR NO KEY UPDATE SKIP LOCKED",
        "SELECT 'delete from record_content'", "SELECT 1 -- delete from record_content",
        'SELECT "delete" FROM record_content', "SELECT 1 /* update record_content set */",
    ):  # fmt: skip
        wrong = tables_written(sql) & set(PUBLIC)
        assert wrong == frozenset() or "OF" in sql, sql
        if "OF" not in sql:
            assert guard(lambda *_: "read", sql, (), False, {}) == "read"


def test_locking_a_public_row_by_name_is_let_through():
    with transaction.atomic(), connection.cursor() as cursor:
        assert (
            tables_written('SELECT 1 FROM "record_content" FOR UPDATE OF "record_content"') & set(PUBLIC)
            == frozenset()
        )
        cursor.execute("SELECT 1 FROM record_content")


def test_machinery_is_written_by_the_code_that_needs_it():
    with transaction.atomic():
        assert Outbox.objects.filter(organisation_id="nobody").delete() == (0, {})


def test_a_private_write_opens_no_public_table():
    with pytest.raises(OutsideFrame), transaction.atomic(), private_write():
        Content.objects.update(field="x")


def test_there_are_tables_of_each_kind():
    assert {"record_content", "record_organisation", "voting_openballot", "members_member"} <= set(PUBLIC)
    assert PRIVATE
