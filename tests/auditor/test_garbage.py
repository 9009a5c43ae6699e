# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever bytes lie in an export, the auditor finds something or says it cannot; it never breaks."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kollontai.auditor import Unusable, audit_export
from kollontai.openrecord.errors import RecordError

from .story import honest
from .world import World, manifest, write

WORLD = honest()
FILES = WORLD.files()
NAMES = sorted(FILES)
KINDS = sorted({entry.fact.kind_name for entry in WORLD.chain})
TIMES = (WORLD.at, WORLD.at.replace(year=1), WORLD.at.replace(year=9999))
IMPORTANT = [name for name in NAMES if not name.startswith("content/")]


def damaged(data: bytes, seed: int, how: str, piece: bytes) -> bytes:
    place = seed % (len(data) + 1)
    if how == "replace":
        return data[:place] + piece + data[place + len(piece) :]
    if how == "insert":
        return data[:place] + piece + data[place:]
    if how == "cut":
        return data[:place]
    if how == "double":
        return data + data[place:]
    return piece


HOWS = st.sampled_from(["replace", "insert", "cut", "double", "other"])
PIECES = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.sampled_from(
        [b"{", b"[", b"null", b"-1", b"1e9", b'"', b"\x00", b"9" * 40, b"\n\n", b"\xff\xfe", b"[[[["]
    ),
)


def _as_json(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return data


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.one_of(st.sampled_from(IMPORTANT), st.sampled_from([*NAMES, "manifest"])),
    seed=st.integers(0, 10**6),
    how=HOWS,
    piece=PIECES,
    listed=st.booleans(),
)
def test_no_damaged_file_breaks_the_auditor(
    name: str, seed: int, how: str, piece: bytes, listed: bool
) -> None:
    files = dict(FILES)
    whole = files.get(name) or manifest(FILES, len(WORLD.chain))
    bad = damaged(whole, seed, how, piece)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        if name in files and listed:
            files[name] = bad
        write(path, files, len(WORLD.chain))
        (path / name).write_bytes(bad)
        try:
            report = audit_export(path)
        except Unusable:
            return
        assert [answer.unfinished for answer in report.answers if answer.unfinished] == []
        # A blank more between the values of the claim says nothing else, where the manifest lists it so.
        said_the_same = listed and name == "state.json" and _as_json(bad) == _as_json(whole)
        assert report.ok == (bad == whole or said_the_same)
        report.text()
        report.to_json()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_signed_nonsense_breaks_the_auditor(data: st.DataObject) -> None:
    """Entries that are well formed and mean nothing: fields swapped between entries, at random times."""
    world: World = honest()
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(KINDS))
        places = [number for number, one in enumerate(world.chain) if one.fact.kind_name == kind]
        position = data.draw(st.sampled_from(places))
        entry = world.chain[position]
        fields = {}
        for name, shape in type(entry.fact).shapes.items():
            if data.draw(st.booleans()):
                continue
            if shape.words == "a text":
                fields[name] = data.draw(
                    st.sampled_from(["m0001", "m0002", "i0001", "d0001", "p0004", "talk", "yes", "x"])
                )
            elif shape.words.startswith("a whole"):
                fields[name] = data.draw(st.sampled_from([0, -1, 1, 2**53 - 1]))
            elif shape.words.startswith("a moment"):
                fields[name] = data.draw(st.sampled_from([entry.at, *TIMES]))
            elif shape.words == "true or false":
                fields[name] = data.draw(st.booleans())
            elif shape.words == "a list of texts":
                fields[name] = data.draw(
                    st.sampled_from([(), ("m0001",), ("d0001", "d0001"), ("yes", "no", "abstain")])
                )
            elif shape.words == "a list of whole numbers":
                fields[name] = data.draw(st.sampled_from([(), (1,), (0, 0), (1, 2, 3), (-1, 2), (5, 1)]))
            elif shape.words == "a table of whole numbers":
                fields[name] = data.draw(
                    st.sampled_from([{}, {"S1.share": 0}, {"D1.ordinary": -5, "S1.root_divisor": 0}])
                )
        actor = data.draw(st.sampled_from([entry.actor, "clock", "operator", "m0002", "m0012", "nobody"]))
        at = data.draw(st.sampled_from([entry.at, entry.at, *TIMES]))
        world.change(position, actor=actor, at=at, **fields)
        if data.draw(st.booleans()):
            world.chain.insert(data.draw(st.integers(0, len(world.chain))), world.chain[position])
    try:
        world.data()
    except RecordError:
        return  # not even the log would take it
    with tempfile.TemporaryDirectory() as folder:
        report = audit_export(world.export(Path(folder)))
        assert [answer.unfinished for answer in report.answers if answer.unfinished] == []
        report.text()


def test_an_issue_that_says_it_needs_nobody_and_has_nobody_is_answered() -> None:
    world = honest()
    position = world.find("issue.raised", issue="i0001")
    world.change(position, needed=0)
    for at in reversed([at for at, entry in enumerate(world.chain) if at > position]):
        if getattr(world.chain[at].fact, "issue", "") == "i0001":
            del world.chain[at]
    with tempfile.TemporaryDirectory() as folder:
        report = audit_export(world.export(Path(folder)))
    assert [answer.unfinished for answer in report.answers if answer.unfinished] == []
    asked = {answer.check.name for answer in report.answers if answer.findings}
    assert "supporters_enough" in asked
