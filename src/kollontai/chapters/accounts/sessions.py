# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's sessions in the database, read by one statement written by hand: every page asks for one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Sessions
from django.db import connection

from kollontai import clock


class SessionStore(Sessions):
    """A session; ended on all machines at once when its row is gone."""

    def load(self) -> dict[str, Any]:
        """Read the session of a browser; an empty one where there is none any more."""
        now = connection.ops.adapt_datetimefield_value(clock.machine_time())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
