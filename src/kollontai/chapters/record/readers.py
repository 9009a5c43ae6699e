# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read the entries of a record. The chapters above fill this in; until they do, nobody may."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from kollontai.chapters.record.models import Organisation

Reader = Callable[[HttpRequest, Organisation], bool]
_readers: list[Reader] = []


def let_read(reader: Reader) -> Reader:
    """Add a way in: members by their session, programs by their token."""
    _readers.append(reader)
    return reader


def may_read_entries(request: HttpRequest, organisation: Organisation) -> bool:
    """Whether any of the ways in is open to this request."""
    return any(reader(request, organisation) for reader in _readers)
