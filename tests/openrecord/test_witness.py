# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a witness answers, status by status."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.cosignature import time_of, verify_cosignature
from kollontai.openrecord.errors import MalformedRequest
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.note import Signature, add_signatures, open_note, sign_note
from kollontai.openrecord.tree import EMPTY_ROOT, consistency_proof, leaf_hash, root_of
from kollontai.openrecord.witness import Answer, Request, State, add_checkpoint
from tests.openrecord.building import LOG_KEY, ORIGIN, OTHER_KEY, WITNESS_KEY, seeded

LEAVES = [leaf_hash(b"%d" % number) for number in range(100)]
TRUSTED = {ORIGIN: [LOG_KEY.verifier]}
TIME = 1_771_500_000


def checkpoint(size: int, *, root: bytes | None = None, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, root_of(LEAVES[:size]) if root is None else root)


def request(old: int, new: int, *, key: SigningKey = LOG_KEY) -> Request:
    """Ask to cosign the growth from one size to another, with the right proof."""
    note = sign_note(checkpoint(new).format(), key)
    proof = tuple(consistency_proof(LEAVES[:new], old)) if old <= new else ()
    return Request(old, proof, note, checkpoint(new))


def ask(body: Request | bytes, last: int | None) -> Answer:
    """Ask a witness that last signed this size."""
    state = None if last is None else State(last, root_of(LEAVES[:last]))
    return add_checkpoint(
        body if isinstance(body, bytes) else body.format(),
        trusted=TRUSTED,
        state_of=lambda origin: state,
        key=WITNESS_KEY,
        time=TIME,
    )


@pytest.mark.parametrize(
    ("last", "new"), [(None, 0), (None, 1), (None, 100), (0, 100), (1, 100), (64, 99), (70, 71), (100, 100)]
)
def test_200_growth_is_cosigned_and_the_new_state_is_to_be_kept(last: int | None, new: int) -> None:
    answer = ask(request(last or 0, new), last)
    assert answer.status == 200
    assert answer.new_state == State(new, root_of(LEAVES[:new]))
    signature = Signature.parse(answer.body.decode().removesuffix("\n"))
    assert verify_cosignature(WITNESS_KEY.verifier, checkpoint(new).format(), signature) == time_of(signature)
    assert time_of(signature).timestamp() == TIME
    assert answer.note is not None
    assert len(open_note(answer.note, [LOG_KEY.verifier, WITNESS_KEY.verifier]).verified) == 2


def test_200_signatures_by_strangers_are_ignored_and_not_kept() -> None:
    asked = request(0, 5)
    strangers = [Signature(f"stranger.example/{number}", b"abcd", bytes(64)) for number in range(99)]
    answer = ask(replace(asked, note=add_signatures(asked.note, strangers)), None)
    assert answer.status == 200
    assert answer.note is not None
    assert b"stranger" not in answer.note


GOOD = request(10, 20).format()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        GOOD[:-1],
        GOOD.replace(b"old 10", b"old 010"),
        GOOD.replace(b"old 10", b"old -1"),
        GOOD.replace(b"old 10", b"old  10"),
        GOOD.replace(b"old 10", b"new 10"),
        GOOD.replace(b"old 10\n", b""),
        GOOD.replace(b"old 10\n", b"old 10\nnonsense\n"),
        GOOD.replace(b"old 10\n", b"old 10\nAAAA\n"),
        GOOD.replace(b"old 10\n", b"old 10\n" + (b"A" * 43 + b"=\n") * 64),
        GOOD.replace(b"\n20\n", b"\n020\n"),
        GOOD.replace("—".encode(), b"-"),
        b"\xff" + GOOD,
        GOOD + b"a" * 70_000,
    ],
)
def test_400_what_cannot_be_read(body: bytes) -> None:
    answer = ask(body, 10)
    assert (answer.status, answer.new_state) == (400, None)


def test_400_an_old_size_above_the_new() -> None:
    assert ask(request(21, 20), 21).status == 400


def test_404_an_origin_nobody_follows_here() -> None:
    other = checkpoint(5, origin="elsewhere.example/record")
    asked = Request(0, (), sign_note(other.format(), LOG_KEY), other)
    assert ask(asked, None).status == 404


def test_403_no_trusted_signature_or_a_wrong_one() -> None:
    assert ask(request(10, 20, key=OTHER_KEY), 10).status == 403
    signature = Signature(ORIGIN, LOG_KEY.verifier.key_id, LOG_KEY.sign(checkpoint(21).format()))
    wrong = sign_note(checkpoint(20).format(), signatures=[signature])
    assert ask(replace(request(10, 20), note=wrong), 10).status == 403
    right_and_wrong = add_signatures(request(10, 20).note, [signature])
    assert ask(replace(request(10, 20), note=right_and_wrong), 10).status == 403


@pytest.mark.parametrize(("old", "last"), [(0, 10), (10, None), (10, 15), (15, 10)])
def test_409_another_size_than_the_last_one_signed(old: int, last: int | None) -> None:
    answer = ask(request(old, 20), last)
    assert (answer.status, answer.content_type) == (409, "text/x.tlog.size")
    assert answer.body == f"{last or 0}\n".encode()
    assert answer.new_state is None


def test_422_a_proof_that_does_not_hold() -> None:
    asked = request(10, 20)
    for proof in (
        (),
        asked.proof[:-1],
        (*asked.proof, seeded("more")),
        (seeded("wrong"), *asked.proof[1:]),
    ):
        answer = ask(replace(asked, proof=proof), 10)
        assert (answer.status, answer.new_state) == (422, None)


def test_422_a_proof_where_there_is_nothing_to_prove() -> None:
    assert ask(replace(request(0, 20), proof=(seeded("a"),)), None).status == 422
    assert ask(replace(request(20, 20), proof=(seeded("a"),)), 20).status == 422


def test_422_two_roots_for_one_size() -> None:
    fork = checkpoint(20, root=seeded("fork"))
    assert ask(Request(20, (), sign_note(fork.format(), LOG_KEY), fork), 20).status == 422


def test_422_an_empty_record_with_another_root_than_nothing() -> None:
    strange = checkpoint(0, root=seeded("strange"))
    asked = Request(0, (), sign_note(strange.format(), LOG_KEY), strange)
    assert ask(asked, None).status == 422
    assert root_of([]) == EMPTY_ROOT


def test_the_signature_is_checked_before_the_size_is_told() -> None:
    assert ask(request(0, 20, key=OTHER_KEY), 10).status == 403


def test_a_request_is_read_back() -> None:
    assert Request.parse(GOOD) == request(10, 20)
    with pytest.raises(MalformedRequest):
        Request.parse(GOOD[:20])
