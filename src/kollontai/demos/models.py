# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demonstration's clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DemoClock(models.Model):
    """One row: the time it is in this house, until somebody moves it."""

    table_kind: ClassVar[str] = "machinery"

    shows = models.DateTimeField()
