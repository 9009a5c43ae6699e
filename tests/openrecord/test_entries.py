# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entries: their bytes, what they must have, and what they may not hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from kollontai.openrecord import canonical
from kollontai.openrecord.entries import LARGEST_ENTRY, Entry, from_bytes, read_core, to_bytes
from kollontai.openrecord.errors import MalformedEntry, NotCanonical, RecordError, UnknownKind
from kollontai.openrecord.facts import KINDS, Fact
from kollontai.openrecord.kinds.issues import IssueSupported, StageBegun
from kollontai.openrecord.kinds.talk import ContributionMade
from tests.openrecord.building import NOON, contribution, seeded

ENTRY = Entry(
    at=NOON,
    org="tidewater",
    actor="m-00000007",
    auth="passkey",
    n=seeded("nonce 7")[:16],
    fact=ContributionMade("c-7", "i-1", "talk", "for"),
    commitments={"text": seeded("text 7")},
)
BYTES = (
    b'{"actor":"m-00000007","at":"2026-02-19T12:00:00Z","auth":"passkey",'
    b'"c":{"text":"' + seeded("text 7").hex().encode() + b'"},'
    b'"f":{"contribution":"c-7","issue":"i-1","stage":"talk","stance":"for"},'
    b'"kind":"contribution.made","n":"'
    + seeded("nonce 7")[:16].hex().encode()
    + b'","org":"tidewater","v":1}'
)


def test_an_entry_has_these_bytes() -> None:
    assert to_bytes(ENTRY) == BYTES == contribution(7)


def test_an_entry_is_read_back_with_its_position() -> None:
    assert from_bytes(BYTES) == ENTRY
    assert from_bytes(BYTES, 41) == replace(ENTRY, position=41)


def test_an_entry_without_commitments_has_no_c() -> None:
    entry = replace(ENTRY, fact=IssueSupported("i-1"), commitments={})
    assert b'"c"' not in to_bytes(entry)
    assert from_bytes(to_bytes(entry)) == entry


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": NOON.replace(tzinfo=None)}, "in UTC"),
        ({"at": NOON.replace(microsecond=5)}, "whole seconds"),
        ({"at": NOON + timedelta(seconds=1)}, "whole minute"),
        ({"org": ""}, "plain ids"),
        ({"org": "Tidewater Federation"}, "plain ids"),
        ({"actor": "rosa@example.org"}, "plain ids"),
        ({"actor": "+491701234567"}, "telephone"),
        ({"auth": "password"}, "how its actor was known"),
        ({"n": b"short"}, "random bytes"),
        ({"commitments": {"name": seeded("a")}}, "commits to no 'name'"),
        ({"commitments": {"text": b"short"}}, "SHA-256"),
        ({"fact": ContributionMade("c-7", "i-1", "talk", "for the strike")}, "free text"),
        ({"fact": ContributionMade("c-7", "i-1", "talk", 7)}, "stance"),  # type: ignore[arg-type]
    ],
)
def test_what_may_not_stand_on_the_record_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedEntry, match=words):
        to_bytes(replace(ENTRY, **change))


def test_the_clock_writes_whole_seconds() -> None:
    entry = replace(
        ENTRY,
        at=NOON + timedelta(seconds=7),
        auth="clock",
        actor="clock",
        fact=StageBegun("i-1", "answer", NOON, due=NOON),
        commitments={},
    )
    assert from_bytes(to_bytes(entry)) == entry


def test_an_entry_too_long_for_its_two_byte_length_is_refused() -> None:
    fact = KINDS["content.erased"]("x", "own")  # type: ignore[call-arg]
    fits = replace(ENTRY, fact=replace(fact, commitments=("a" * 64,) * 900), commitments={})
    assert len(to_bytes(fits)) <= LARGEST_ENTRY
    with pytest.raises(MalformedEntry, match="65535"):
        to_bytes(replace(fits, fact=replace(fact, commitments=("a" * 64,) * 1000)))


def test_a_fact_outside_the_list_of_kinds_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Unlisted(Fact):
        thing: str

    with pytest.raises(UnknownKind, match="Unlisted"):
        to_bytes(replace(ENTRY, fact=Unlisted("a"), commitments={}))


def changed(**change: Any) -> bytes:
    """Write the entry with some of its outer keys changed; None takes a key away."""
    core = json.loads(BYTES) | change
    return canonical.encode({name: value for name, value in core.items() if value is not None})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed(v=2), "version"),
        (changed(v=True), "version"),
        (changed(v="1"), "version"),
        (changed(actor=None), "the keys"),
        (changed(extra=1), "the keys"),
        (changed(kind=1), "kind"),
        (changed(org=""), "org"),
        (changed(actor="a b"), "actor"),
        (changed(actor=["a"]), "actor"),
        (changed(auth="password"), "how its actor"),
        (changed(auth=["code"]), "how its actor"),
        (changed(at="2026-02-19"), "time"),
        (changed(at=7), "time"),
        (changed(at="2026-02-19T12:00:07Z"), "whole minute"),
        (changed(n="AB" * 16), "random bytes"),
        (changed(n="ab" * 15), "random bytes"),
        (changed(n=7), "random bytes"),
        (changed(f=[]), "fields"),
        (changed(f={}), "contribution of contribution.made is missing"),
        (changed(c={}), "left out when empty"),
        (changed(c=[]), "left out when empty"),
        (changed(c={"text": "AB" * 32}), "small hexadecimal"),
        (changed(c={"text": 7}), "small hexadecimal"),
        (changed(c={"name": "ab" * 32}), "commits to no"),
    ],
)
def test_bytes_that_are_no_entry_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(MalformedEntry, match=words):
        from_bytes(data)


def test_another_spelling_of_the_same_entry_is_refused() -> None:
    with pytest.raises(NotCanonical):
        from_bytes(BYTES.replace(b":1}", b": 1}"))


def test_an_unknown_kind_can_still_be_shown() -> None:
    data = changed(kind="nursery.opened", f={"anything": [1, 2]})
    with pytest.raises(UnknownKind, match=r"nursery\.opened"):
        from_bytes(data)
    assert read_core(data)["f"] == {"anything": [1, 2]}


def test_every_byte_changed_gives_another_entry_or_none() -> None:
    for place in range(len(BYTES)):
        for flip in (0x01, 0x20, 0x80):
            data = BYTES[:place] + bytes([BYTES[place] ^ flip]) + BYTES[place + 1 :]
            try:
                entry = from_bytes(data)
            except RecordError:
                continue
            assert entry != ENTRY
            assert canonical.encode(read_core(data)) == data


def test_every_kind_says_what_it_stands_for() -> None:
    assert len(KINDS) >= 30
    for name, cls in KINDS.items():
        assert cls.__doc__, f"{name} has no docstring"
        assert not cls.__doc__.startswith(f"{cls.__name__}("), f"{name} has only what the dataclass wrote"
