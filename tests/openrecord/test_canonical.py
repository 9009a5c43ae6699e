# SPDX-License-Identifier: AGPL-3.0-or-later
"""One value, one spelling; the oracle is an independent implementation of RFC 8785."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kollontai.openrecord.canonical import LARGEST, decode, encode
from kollontai.openrecord.errors import NotCanonical, RecordError
from tests.openrecord.building import CALM

ascii_keys = st.text(st.characters(max_codepoint=127), max_size=8)
leaves = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(max_size=12)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_keys, inner, max_size=4)
)
documents = st.dictionaries(ascii_keys, values, max_size=6)


@CALM
@given(documents)
def test_the_spelling_is_that_of_rfc_8785(document: dict[str, Any]) -> None:
    assert encode(document) == rfc8785.dumps(document)


@CALM
@given(documents)
def test_what_is_written_is_read_back(document: dict[str, Any]) -> None:
    assert decode(encode(document)) == document


@CALM
@given(st.binary(max_size=60) | documents.map(lambda document: json.dumps(document).encode()))
def test_whatever_is_accepted_is_its_own_spelling(data: bytes) -> None:
    try:
        document = decode(data)
    except RecordError:
        return
    assert encode(document) == data


class Size(IntEnum):
    SMALL = 1


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1.5},
        {"a": 1.0},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": -(2**53)},
        {"a": Size.SMALL},
        {"a": b"bytes"},
        {"a": ("a", "tuple")},
        {"a": {1: 2}},
        {"ä": 1},
        {"a": [{"ä": 1}]},
        {"a": "\ud800"},
    ],
)
def test_a_value_without_one_sure_spelling_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(NotCanonical):
        encode(document)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"text"',
        b"1",
        b"null",
        b"{",
        b'{"a":1}\n',
        b' {"a":1}',
        b'{"a": 1}',
        b'{"a":1}{"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":2,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u00e4"}',
        b'{"\\u00e4":1}',
        '{"ä":1}'.encode(),
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":"\x01"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":' * 100_000,
    ],
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(NotCanonical):
        encode(endless)


def test_the_largest_numbers_are_kept_exactly() -> None:
    assert decode(encode({"a": LARGEST, "b": -LARGEST})) == {"a": LARGEST, "b": -LARGEST}
