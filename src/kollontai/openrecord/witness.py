# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a witness answers a record that asks for a cosignature (C2SP tlog-witness, add-checkpoint).

A witness keeps one line per record: the largest size it has signed, and the root. It signs a new
checkpoint only with a proof that the record merely grew. So whoever trusts the witness knows that
everybody is being shown the same record.

    200  cosigned; the new state must be durable, by compare-and-set on the old size, before answering
    400  the request cannot be read, or the old size is above the new
    403  no trusted key has signed, or a trusted key's signature does not fit
    404  nobody here knows this origin
    409  the old size is not the last one signed here; the body says which is
    422  the proof does not hold, or there are two roots for one size

This module only decides. Whoever calls it fetches and keeps the state, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.cosignature import cosign
from kollontai.openrecord.errors import BadProof, BadSignature, MalformedRequest, RecordError
from kollontai.openrecord.note import SigningKey, VerifierKey, open_note, parse_note, sign_note
from kollontai.openrecord.spelling import hash_from_base64, size_from_decimal, to_base64
from kollontai.openrecord.tree import EMPTY_ROOT, verify_consistency

LARGEST_REQUEST = 64 * 1024
MOST_HASHES = 63
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class State:
    """The last checkpoint this witness signed for an origin."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Request:
    """What a record asks: sign this, which grew from that size."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, body: bytes) -> Request:
        """Read a request; its signatures are not checked here."""
        if len(body) > LARGEST_REQUEST:
            raise MalformedRequest(f"The request has {len(body)} bytes; the most is {LARGEST_REQUEST}.")
        head, gap, note = body.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
            word, size = first.split(" ")
            if word != "old" or not gap or len(lines) > MOST_HASHES:
                raise ValueError
            old, proof = size_from_decimal(size), tuple(hash_from_base64(line) for line in lines)
            checkpoint = Checkpoint.parse(parse_note(note)[0])
        except (ValueError, RecordError):
            raise MalformedRequest(
                "A request is an old size, a proof of at most 63 hashes, an empty line and a checkpoint."
            ) from None
        return cls(old, proof, note, checkpoint)

    def format(self) -> bytes:
        """Write the request."""
        lines = [f"old {self.old}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, and, with a cosignature, what to keep first.

    `note` is the checkpoint with the log's line and ours, for those who ask what this witness has seen.
    """

    status: int
    body: bytes
    content_type: str = TEXT
    new_state: State | None = None
    note: bytes | None = None


def add_checkpoint(
    body: bytes,
    *,
    trusted: Mapping[str, Sequence[VerifierKey]],
    state_of: Callable[[str], State | None],
    key: SigningKey,
    time: int,
) -> Answer:
    """Decide on a request to cosign.

    `trusted` are the keys for each origin we follow, `state_of` fetches what we last signed for one
    (None when nothing yet), `key` cosigns, `time` is now in seconds since 1970.
    """
    try:
        request = Request.parse(body)
    except MalformedRequest as error:
        return _refuse(400, str(error))
    new = request.checkpoint
    if new.origin not in trusted:
        return _refuse(404, "No record of this origin is followed here.")
    try:
        opened = open_note(request.note, trusted[new.origin])
    except BadSignature as error:
        return _refuse(403, str(error))
    if request.old > new.size:
        return _refuse(400, "The old size is above the size of the checkpoint.")
    state = state_of(new.origin) or State()
    if request.old != state.size:
        return Answer(409, b"%d\n" % state.size, SIZE)
    if new.size == 0 and new.root != EMPTY_ROOT:
        return _refuse(422, "The root of an empty record is the hash of nothing.")
    try:
        verify_consistency(state.size, state.root, new.size, new.root, request.proof)
    except BadProof as error:
        return _refuse(422, str(error))
    signature = cosign(key, opened.text, time=time)
    note = sign_note(opened.text, signatures=(*opened.verified, signature))
    return Answer(200, signature.line().encode(), new_state=State(new.size, new.root), note=note)


def _refuse(status: int, sentence: str) -> Answer:
    return Answer(status, sentence.encode() + b"\n")
