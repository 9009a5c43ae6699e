# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checkpoints, and what witnesses put under them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from kollontai.openrecord.cosignature import cosign, time_of, verify_cosignature
from kollontai.openrecord.errors import BadSignature, MalformedCheckpoint
from kollontai.openrecord.keys import VerifierKey
from kollontai.openrecord.note import Signature, open_note, sign_note
from kollontai.openrecord.tree import EMPTY_ROOT
from tests.openrecord.building import LOG_KEY, ORIGIN, WITNESS_KEY, cosigned, seeded

CHECKPOINT = Checkpoint(ORIGIN, 70_000, seeded("root"))
TEXT = f"{ORIGIN}\n70000\n{base64.b64encode(seeded('root')).decode()}\n".encode()


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.format() == TEXT
    assert Checkpoint.parse(TEXT) == CHECKPOINT


def test_extension_lines_of_others_are_kept() -> None:
    text = TEXT + b"something else\n"
    checkpoint = Checkpoint.parse(text)
    assert checkpoint.extensions == ("something else",)
    assert checkpoint.format() == text


ROOT = TEXT.split(b"\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        TEXT[:-1],
        TEXT + b"\n",
        b"\n" + TEXT,
        TEXT.replace(b"70000", b"070000"),
        TEXT.replace(b"70000", b"+70000"),
        TEXT.replace(b"70000", b"7e4"),
        TEXT.replace(b"70000", b""),
        TEXT.replace(b"70000", b"-1"),
        TEXT.replace(b"70000", str(2**63).encode()),
        TEXT.replace(b"70000", b"9" * 5000),
        TEXT.replace(b"70000", "٧".encode()),
        TEXT.replace(ROOT, ROOT[:-4]),
        TEXT.replace(ROOT, ROOT.replace(b"=", b"")),
        TEXT.replace(ROOT, ROOT + b" "),
        TEXT.replace(ROOT, base64.b64encode(bytes(31))),
        TEXT.replace(ROOT, base64.b64encode(bytes(33))),
        b"\xff" + TEXT,
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        Checkpoint.parse(text)


def test_a_checkpoint_is_signed_by_the_key_of_its_origin_alone() -> None:
    note = CHECKPOINT.sign(LOG_KEY)
    assert open_checkpoint(note, LOG_KEY.verifier) == CHECKPOINT == read_checkpoint(note)
    with pytest.raises(BadSignature, match="does not sign for"):
        Checkpoint("elsewhere.example/record", 1, seeded("root")).sign(LOG_KEY)
    forged = sign_note(Checkpoint("elsewhere.example/record", 1, seeded("root")).format(), LOG_KEY)
    with pytest.raises(BadSignature, match="does not sign for"):
        open_checkpoint(forged, LOG_KEY.verifier)


def test_an_empty_record_has_the_root_of_nothing() -> None:
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).sign(LOG_KEY)
    with pytest.raises(MalformedCheckpoint):
        Checkpoint(ORIGIN, 0, seeded("root")).sign(LOG_KEY)


# --- cosignatures ---


def test_a_cosignature_signs_the_time_and_the_whole_text() -> None:
    signature = cosign(WITNESS_KEY, TEXT, time=1_771_500_000)
    assert len(signature.blob) == 72
    assert signature.blob[:8] == (1_771_500_000).to_bytes(8, "big")
    as_a_log = VerifierKey(WITNESS_KEY.name, 1, WITNESS_KEY.verifier.public)
    assert as_a_log.verifies(b"cosignature/v1\ntime 1771500000\n" + TEXT, signature.blob[8:])
    at = verify_cosignature(WITNESS_KEY.verifier, TEXT, signature)
    assert at == datetime.fromtimestamp(1_771_500_000, UTC) == time_of(signature)


def test_a_cosigned_checkpoint_is_verified_under_both_keys() -> None:
    note = cosigned(CHECKPOINT.sign(LOG_KEY), WITNESS_KEY)
    opened = open_note(note, [LOG_KEY.verifier, WITNESS_KEY.verifier])
    assert [signature.name for signature in opened.verified] == [ORIGIN, WITNESS_KEY.name]


def test_every_bit_of_a_cosignature_matters() -> None:
    signature = cosign(WITNESS_KEY, TEXT, time=1_771_500_000)
    for place in range(len(signature.blob)):
        blob = bytearray(signature.blob)
        blob[place] ^= 1
        with pytest.raises(BadSignature):
            verify_cosignature(
                WITNESS_KEY.verifier, TEXT, Signature(signature.name, signature.key_id, bytes(blob))
            )
    with pytest.raises(BadSignature):
        verify_cosignature(WITNESS_KEY.verifier, TEXT + b"more\n", signature)
    with pytest.raises(BadSignature):
        verify_cosignature(LOG_KEY.verifier, TEXT, signature)


def test_a_time_nobody_can_mean_is_refused() -> None:
    with pytest.raises(BadSignature, match="no possible time"):
        time_of(cosign(WITNESS_KEY, TEXT, time=2**63))
