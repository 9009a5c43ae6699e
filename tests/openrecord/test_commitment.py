# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commitments bind a value to its place, and to nothing once the salt is gone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from kollontai.openrecord.commitment import commit, new_salt, opens

SALT = bytes(range(32))
PLACE: dict[str, Any] = {
    "org": "tidewater",
    "kind": "contribution.made",
    "field": "text",
    "author": "m-1",
    "salt": SALT,
    "value": "Über uns".encode(),
}


def test_a_commitment_is_the_hash_of_its_parts_each_after_its_length() -> None:
    parts = [
        b"kollontai/commit/v1",
        b"tidewater",
        b"contribution.made",
        b"text",
        b"m-1",
        SALT,
        b"\xc3\x9cber uns",
    ]
    written_out = b"".join(b"\x00" * 7 + bytes([len(part)]) + part for part in parts)
    assert commit(**PLACE) == hashlib.sha256(written_out).digest()


def test_a_commitment_opens_with_exactly_what_was_committed() -> None:
    assert opens(commit(**PLACE), **PLACE)


@pytest.mark.parametrize(
    "change",
    [
        {"org": "tidewate"},
        {"kind": "contribution.revised"},
        {"field": "title"},
        {"author": "m-2"},
        {"salt": bytes(32)},
        {"value": b"other"},
        {"field": "tex", "author": "tm-1"},  # the same bytes in a row, divided elsewhere
    ],
)
def test_a_commitment_opens_with_nothing_else(change: dict[str, Any]) -> None:
    assert not opens(commit(**PLACE), **{**PLACE, **change})


def test_a_salt_has_32_random_bytes() -> None:
    assert len(new_salt()) == 32
    assert new_salt() != new_salt()
    with pytest.raises(ValueError, match="32"):
        commit(**{**PLACE, "salt": b"short"})
    assert not opens(commit(**PLACE), **{**PLACE, "salt": b""})
