# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organisation is built once; each abuse is done to it inside a savepoint that is then rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kollontai.auditor import Report, audit_export
from tests.conftest import StandingClock

from .building import Built, as_built, built_once
from .organisation import Tidewater, build


@pytest.fixture(scope="package")
def built(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Built]:
    """Build it once, by acts, in a transaction that is never committed."""
    yield from built_once(django_db_blocker, tmp_path_factory.mktemp("tampering"), build)


@pytest.fixture
def org(db: None, built: Built, now: StandingClock, own_home: Path) -> Iterator[Tidewater]:
    """The organisation as it was built, to be tampered with; afterwards nothing has happened."""
    yield from as_built(built, now, own_home)


@pytest.fixture(scope="package")
def clean(built: Built) -> Report:
    """What the auditor says of the honest export."""
    return audit_export(built.export)
