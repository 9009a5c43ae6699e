# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever bytes come in, nothing but RecordError comes out of a parser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kollontai.openrecord import canonical
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from kollontai.openrecord.entries import from_bytes, read_core
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import SigningKey, VerifierKey
from kollontai.openrecord.note import add_signatures, open_note, parse_note
from kollontai.openrecord.policy import Policy, parse_policy
from kollontai.openrecord.receipt import Carried, Opening, Receipt
from kollontai.openrecord.tiles import pack_bundle, parse_path, unpack_bundle, unpack_tile
from kollontai.openrecord.verify import leaf_hashes_of_bundle
from kollontai.openrecord.witness import Answer, Request, State, add_checkpoint
from tests.openrecord.building import CALM, LOG_KEY, ORIGIN, WITNESS_KEY, contribution, cosigned, seeded

KEYS = [LOG_KEY.verifier, WITNESS_KEY.verifier]
HEAD = Checkpoint(ORIGIN, 1, seeded("root"))
NOTE = cosigned(HEAD.sign(LOG_KEY), WITNESS_KEY)
ENTRY = contribution(7)
CARRIED = Carried(ENTRY, {"text": Opening(seeded("salt"), b"words")}).pack()
RECEIPT = Receipt(0, (seeded("a"), seeded("b")), NOTE, CARRIED).format()
REQUEST = Request(0, (), NOTE, HEAD).format()
POLICY = f"log {LOG_KEY.verifier}\nwitness W {WITNESS_KEY.verifier} u\ngroup G 1 W\nquorum G\n".encode()


def text(data: bytes) -> str:
    """Any text, surrogates and all."""
    return data.decode("utf-8", "surrogatepass" if data.isascii() else "surrogateescape")


def ask_the_witness(data: bytes) -> object:
    answer = add_checkpoint(
        data, trusted={ORIGIN: KEYS}, state_of=lambda origin: State(), key=WITNESS_KEY, time=7
    )
    assert isinstance(answer, Answer)
    assert answer.status in {200, 400, 403, 404, 409, 422}
    return answer


def use_receipt(data: bytes) -> object:
    receipt = Receipt.parse(data)
    receipt.verify_leaf(seeded("leaf"), Policy.trusting(LOG_KEY.verifier))
    return receipt


def use_carried(data: bytes) -> object:
    carried = Carried.unpack(data)
    carried.verify_openings()
    return carried


PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "canonical": (canonical.decode, ENTRY),
    "entry": (from_bytes, ENTRY),
    "core": (read_core, ENTRY),
    "bundle": (unpack_bundle, pack_bundle([ENTRY, b"", ENTRY])),
    "bundle in bulk": (lambda data: leaf_hashes_of_bundle(data, 3), pack_bundle([ENTRY, b"", ENTRY])),
    "tile": (lambda data: unpack_tile(data, 2), seeded("a") + seeded("b")),
    "path": (lambda data: parse_path(text(data)), b"tile/entries/x001/x234/067.p/12"),
    "verifier key": (lambda data: VerifierKey.parse(text(data)), str(LOG_KEY.verifier).encode()),
    "signing key": (
        lambda data: SigningKey.parse(text(data)),
        b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    ),
    "note": (lambda data: open_note(data, KEYS), NOTE),
    "unchecked note": (parse_note, NOTE),
    "more signatures": (lambda data: add_signatures(data, ()), NOTE),
    "checkpoint": (Checkpoint.parse, HEAD.format()),
    "signed checkpoint": (lambda data: open_checkpoint(data, LOG_KEY.verifier), NOTE),
    "unchecked checkpoint": (read_checkpoint, NOTE),
    "policy": (parse_policy, POLICY),
    "policy at work": (parse_policy(POLICY).accept, NOTE),
    "receipt": (use_receipt, RECEIPT),
    "carried": (use_carried, CARRIED),
    "request": (Request.parse, REQUEST),
    "witness": (ask_the_witness, REQUEST),
}

snippets = st.binary(max_size=6) | st.sampled_from(
    [
        b"\n",
        b"\n\n",
        b" ",
        b"+",
        b"\x00",
        b"\xff",
        "—".encode(),
        b"{",
        b"}",
        b'"',
        b"[" * 2000,
        b"9" * 5000,
        b"-0",
        b"\\ud800",
    ]
)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """Cut, double, move or overwrite pieces of something good."""
    data = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        piece = draw(snippets | st.just(data[start:end] * 2))
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_no_parser_fails_in_any_other_way(name: str) -> None:
    parse, good = PARSERS[name]

    @CALM
    @given(st.binary(max_size=80) | spoiled(good))
    @example(good)
    @example(b"")
    @example(b"\n\n")
    @example(b'{"a":' * 20_000)
    def hold(data: bytes) -> None:
        try:
            parse(data)
        except RecordError as error:
            message = str(error)
        else:
            message = "Fine."
        assert message.endswith(".")  # a sentence
        assert "\n" not in message

    hold()
