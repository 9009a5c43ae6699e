# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds of entry, their fields, and what may not stand in them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from kollontai.openrecord.errors import MalformedEntry
from kollontai.openrecord.facts import Fact, from_fields, kind, refuse_personal_data, to_fields

AT = datetime(2026, 2, 19, 9, 42, tzinfo=UTC)


@pytest.fixture
def everything(own_kinds: dict[str, type[Fact]]) -> type[Any]:
    """Make a kind with a field of every type there is."""

    @kind("thing.tried", link="public", audience="world")
    @dataclass(frozen=True, slots=True)
    class ThingTried(Fact):
        text: str
        number: int
        truth: bool
        moment: datetime
        texts: tuple[str, ...]
        numbers: tuple[int, ...]
        matrix: tuple[tuple[int, ...], ...]
        rankings: tuple[tuple[str, ...], ...]
        counts: Mapping[str, int]
        words: Mapping[str, str]
        maybe: str | None = None
        sometime: datetime | None = None

    return ThingTried


VALUES: dict[str, Any] = {
    "text": "a",
    "number": -3,
    "truth": True,
    "moment": AT,
    "texts": ("a", "b"),
    "numbers": (1, 2),
    "matrix": ((1, 2), (3, 4)),
    "rankings": (("a", "b"), ()),
    "counts": {"a": 1},
    "words": {"a": "b"},
}
FIELDS: dict[str, Any] = {
    "text": "a",
    "number": -3,
    "truth": True,
    "moment": "2026-02-19T09:42:00Z",
    "texts": ["a", "b"],
    "numbers": [1, 2],
    "matrix": [[1, 2], [3, 4]],
    "rankings": [["a", "b"], []],
    "counts": {"a": 1},
    "words": {"a": "b"},
}


def test_a_fact_is_written_field_by_field_and_read_back(everything: type[Any]) -> None:
    fact = everything(**VALUES)
    assert to_fields(fact) == FIELDS
    assert from_fields(everything, FIELDS) == fact


def test_what_is_none_is_left_out_and_comes_back_as_none(everything: type[Any]) -> None:
    fact = everything(**VALUES, maybe="b", sometime=AT)
    fields = to_fields(fact)
    assert fields == {**FIELDS, "maybe": "b", "sometime": "2026-02-19T09:42:00Z"}
    assert from_fields(everything, fields) == fact
    assert from_fields(everything, FIELDS).maybe is None


@pytest.mark.parametrize("missing", sorted(FIELDS))
def test_a_missing_field_is_named(everything: type[Any], missing: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != missing}
    with pytest.raises(MalformedEntry, match=rf"{missing} of thing\.tried is missing"):
        from_fields(everything, fields)


def test_an_extra_field_is_named(everything: type[Any]) -> None:
    with pytest.raises(MalformedEntry, match="no field 'surplus'"):
        from_fields(everything, {**FIELDS, "surplus": 1})


WRONG_FIELDS: list[tuple[str, Any]] = [
    ("text", 1),
    ("text", None),
    ("number", "1"),
    ("number", True),
    ("number", 2**53),
    ("truth", 1),
    ("moment", "2026-02-19T09:42:00+00:00"),
    ("moment", "2026-02-19 09:42:00Z"),
    ("moment", "2026-02-30T09:42:00Z"),
    ("moment", "2026-02-19T09:42:60Z"),
    ("moment", "2026-02-19T24:00:00Z"),
    ("moment", "٢٠٢٦-02-19T09:42:00Z"),
    ("moment", 1771494120),
    ("texts", "ab"),
    ("texts", ["a", 1]),
    ("texts", {"a": "b"}),
    ("numbers", [True]),
    ("matrix", [1, 2]),
    ("matrix", [["a"]]),
    ("rankings", ["ab"]),
    ("counts", {"a": "1"}),
    ("counts", [["a", 1]]),
    ("words", {"a": None}),
    ("maybe", None),
    ("maybe", 1),
    ("sometime", None),
]


@pytest.mark.parametrize(("name", "value"), WRONG_FIELDS)
def test_a_field_of_another_type_is_named_when_read(everything: type[Any], name: str, value: Any) -> None:
    with pytest.raises(MalformedEntry, match=rf"The field {name} of thing\.tried must be"):
        from_fields(everything, {**FIELDS, name: value})


WRONG_VALUES: list[tuple[str, Any]] = [
    ("text", 1),
    ("text", None),
    ("number", True),
    ("number", 2**53),
    ("truth", 0),
    ("moment", AT.replace(tzinfo=None)),
    ("moment", AT.replace(microsecond=1)),
    ("moment", AT.astimezone(timezone(timedelta(hours=1)))),
    ("moment", "2026-02-19T09:42:00Z"),
    ("texts", ["a"]),
    ("texts", ("a", 1)),
    ("matrix", ((1, "a"),)),
    ("counts", {"a": 1.5}),
    ("counts", {"ä": 1}),
    ("words", {1: "a"}),
]


@pytest.mark.parametrize(("name", "value"), WRONG_VALUES)
def test_a_value_of_another_type_is_named_when_written(everything: type[Any], name: str, value: Any) -> None:
    with pytest.raises(MalformedEntry, match=rf"The field {name} of thing\.tried must be"):
        to_fields(everything(**{**VALUES, name: value}))


def test_no_two_kinds_have_one_name(everything: type[Any]) -> None:
    with pytest.raises(ValueError, match=r"two kinds called thing\.tried"):
        kind("thing.tried", link="public", audience="world")


@pytest.mark.parametrize(
    "name", ["thing", "Thing.tried", "thing.tried.twice", "thing._tried", "thing.tried2", ""]
)
def test_a_kind_has_a_name_of_two_words(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a kind"):
        kind(name, link="public", audience="world")


def test_a_kind_carries_what_was_declared(own_kinds: dict[str, type[Fact]]) -> None:
    @kind("thing.kept", link="protected", audience="unit", commits=("text",), held=True)
    @dataclass(frozen=True, slots=True)
    class ThingKept(Fact):
        thing: str

    assert own_kinds["thing.kept"] is ThingKept
    declared = (ThingKept.kind_name, ThingKept.link, ThingKept.audience, ThingKept.commits, ThingKept.held)
    assert declared == ("thing.kept", "protected", "unit", ("text",), True)


def test_a_fact_has_only_fields_the_record_can_hold(own_kinds: dict[str, type[Fact]]) -> None:
    with pytest.raises(TypeError, match="no fields of type"):

        @kind("thing.weighed", link="public", audience="world")
        @dataclass(frozen=True, slots=True)
        class ThingWeighed(Fact):
            weight: float

    assert "thing.weighed" not in own_kinds


def test_a_fact_is_frozen(own_kinds: dict[str, type[Fact]]) -> None:
    with pytest.raises(TypeError, match="frozen"):

        @kind("thing.melted", link="public", audience="world")
        @dataclass
        class ThingMelted(Fact):
            thing: str


def test_a_field_does_not_hide_what_the_kind_declares(own_kinds: dict[str, type[Fact]]) -> None:
    with pytest.raises(TypeError, match="no name for a field"):

        @kind("thing.shown", link="public", audience="world")
        @dataclass(frozen=True, slots=True)
        class ThingShown(Fact):
            audience: str


@pytest.mark.parametrize(
    "value",
    [
        "Rosa Miller",
        "a@b.org",
        "Zoë",
        "line\nbreak",
        "a" * 201,
        "+491701234567",
        "+49-170-1234567",
        "0170/1234567",
        "030-90.12.34",
        "DE89370400440532013000",
        "GB82-WEST-1234-5698-7654-32",
        "x:DE89370400440532013000",
        ["fine", "not fine"],
        [["a", "not fine"]],
        {"key": "not fine"},
        {"not fine": 1},
    ],
)
def test_what_looks_like_a_person_is_refused_at_the_door(value: Any) -> None:
    with pytest.raises(MalformedEntry, match="The field note"):
        refuse_personal_data({"note": value})


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no-supporters",
        "2026-02-19T09:42:00Z",
        "7d3f0a52-1c7e-4a3b-9f0e-5b8f6f0f3a11",
        "00000000-0000-4000-8000-000000000000",
        "004930123456",
        "0.12.10",
        "0.10.12.1",
        "DE89370400440532013001",
        "tidewater.example/record",
        "Europe/Berlin",
        12345678901,
        True,
        ["a", "b"],
        {"D1": 21},
    ],
)
def test_ids_words_and_hashes_pass_the_door(value: Any) -> None:
    refuse_personal_data({"note": value})


def test_no_random_id_is_refused_by_chance() -> None:
    for _ in range(2000):
        refuse_personal_data({"hex": secrets.token_hex(16), "hash": secrets.token_hex(32)})
