# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds that live for one test. A library knows no house: its tests are given none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kollontai.openrecord import facts, kinds


@pytest.fixture(autouse=True)
def own_home() -> None:
    """No files but those that a test makes."""


@pytest.fixture
def own_kinds() -> Iterator[dict[str, type[facts.Fact]]]:
    """Let a test add kinds of its own; the list is as before when it ends."""
    assert kinds.__path__
    before = dict(facts.KINDS)
    yield facts.KINDS
    facts.KINDS.clear()
    facts.KINDS.update(before)
