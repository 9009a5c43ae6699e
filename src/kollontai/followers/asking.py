# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions to the tables that are asked again and again, each time of another organisation or day.

An export asks some forty of them. To put one into SQL takes Django longer than the database to answer it:
that is done once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

ORGANISATION = "the organisation that is asked about"


def asked_once(question: Callable[[], QuerySet[Any, Any]]) -> Callable[[str], list[tuple[Any, ...]]]:
    """Make of a question for columns (`values_list`) one that is asked of a single organisation by its id.

    It is put together when it is asked for the first time: only then the tables are known.
    """

    @cache
    def made() -> tuple[Any, str, tuple[Any, ...]]:
        compiler = question().filter(organisation_id=ORGANISATION).query.get_compiler("default")
        sql, given = compiler.as_sql()
        assert ORGANISATION in given
        return compiler, sql, given

    def answer(organisation_id: str) -> list[tuple[Any, ...]]:
        compiler, sql, given = made()
        with connection.cursor() as cursor:
            cursor.execute(sql, [organisation_id if one == ORGANISATION else one for one in given])
            rows = cursor.fetchall()
        return list(compiler.results_iter([rows], tuple_expected=True))

    return answer
