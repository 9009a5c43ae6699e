# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed notes and the keys under them: the published example, and every way to spoil a note."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kollontai.openrecord import note
from kollontai.openrecord.errors import BadNote, BadSignature, MalformedKey, RecordError
from kollontai.openrecord.keys import COSIGNATURE, SigningKey, VerifierKey
from kollontai.openrecord.note import Signature, add_signatures, open_note, parse_note, sign_note
from tests.openrecord.building import LOG_KEY, OTHER_KEY, WITNESS_KEY, seeded

# The example in the documentation of Go's sumdb/note package.
GO_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
    "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

TEXT = "A text.\n\nWith an empty line, and ünïcode.\n".encode()
NOTE = sign_note(TEXT, LOG_KEY)


def test_the_published_note_is_read() -> None:
    opened = open_note(GO_NOTE, [VerifierKey.parse(GO_VERIFIER)])
    assert opened.text == GO_NOTE.partition(b"\n\n")[0] + b"\n"
    assert [signature.name for signature in opened.verified] == ["PeterNeumann"]


def test_the_published_key_signs_the_same_bytes() -> None:
    key = SigningKey.parse(GO_SIGNER)
    assert str(key.verifier) == GO_VERIFIER
    assert sign_note(GO_NOTE.partition(b"\n\n")[0] + b"\n", key) == GO_NOTE


def test_a_note_is_opened_by_the_key_that_signed_it() -> None:
    opened = open_note(NOTE, [LOG_KEY.verifier])
    assert (opened.text, opened.unknown) == (TEXT, ())
    assert opened.verified[0].line().encode() == NOTE.rpartition(b"\n\n")[2]


def test_signatures_by_unknown_keys_are_kept_and_passed_on() -> None:
    future = Signature("witness.example/quantum", b"\x01\x02\x03\x04", b"a" * 2420)
    longer = add_signatures(NOTE, [future])
    opened = open_note(longer, [LOG_KEY.verifier])
    assert opened.unknown == (future,)
    assert sign_note(opened.text, signatures=(*opened.verified, *opened.unknown)) == longer
    assert add_signatures(longer, [future]) == longer


def test_a_note_signed_by_nobody_we_know_is_refused() -> None:
    with pytest.raises(BadSignature, match="No known key"):
        open_note(NOTE, [OTHER_KEY.verifier])
    with pytest.raises(BadSignature, match="No known key"):
        open_note(NOTE, [])


def test_one_wrong_signature_by_a_known_key_condemns_the_note() -> None:
    wrong = Signature(WITNESS_KEY.name, WITNESS_KEY.verifier.key_id, bytes(72))
    with pytest.raises(BadSignature, match="library"):
        open_note(add_signatures(NOTE, [wrong]), [LOG_KEY.verifier, WITNESS_KEY.verifier])
    assert open_note(add_signatures(NOTE, [wrong]), [LOG_KEY.verifier]).text == TEXT


def test_sixteen_and_more_signatures_are_read() -> None:
    keys = [SigningKey(f"signer.example/{number}", 1, seeded(f"{number}")) for number in range(100)]
    opened = open_note(sign_note(TEXT, *keys), [key.verifier for key in keys])
    assert len(opened.verified) == 100
    with pytest.raises(BadNote, match="signatures"):
        sign_note(TEXT, *keys, LOG_KEY)


def test_a_key_that_signed_twice_counts_once() -> None:
    doubled = NOTE + NOTE.rpartition(b"\n\n")[2]
    assert len(open_note(doubled, [LOG_KEY.verifier]).verified) == 1


def test_every_bit_of_a_note_matters() -> None:
    for place in range(len(NOTE)):
        for bit in range(8):
            spoiled = NOTE[:place] + bytes([NOTE[place] ^ (1 << bit)]) + NOTE[place + 1 :]
            with pytest.raises(RecordError):
                open_note(spoiled, [LOG_KEY.verifier])


def test_every_note_cut_short_or_drawn_out_is_refused() -> None:
    for end in range(len(NOTE)):
        with pytest.raises(RecordError):
            open_note(NOTE[:end], [LOG_KEY.verifier])
    for extra in (b"\n", b"x", b"\x00", b"\xe2\x80\x94 a b\n"):
        with pytest.raises(RecordError):
            open_note(NOTE + extra, [LOG_KEY.verifier])


GOOD_LINE = NOTE.rpartition(b"\n\n")[2]


@pytest.mark.parametrize(
    "line",
    [
        GOOD_LINE.replace("—".encode(), b"-"),
        GOOD_LINE.replace(b" ", b"  ", 1),
        GOOD_LINE.replace(b"=\n", b"\n"),
        GOOD_LINE.replace(b"\n", b" \n"),
        GOOD_LINE.replace(b"\n", b"\r\n"),
        GOOD_LINE.replace(b"tidewater", b"tide+water"),
        GOOD_LINE.replace(b"tidewater", "tide\u2003water".encode()),
        "— name AAAA\n".encode(),
        "— name AAAAAAB=\n".encode(),
        "—  AAAAAAA=\n".encode(),
        b"\n",
        b"",
    ],
)
def test_a_line_that_is_no_signature_is_refused(line: bytes) -> None:
    with pytest.raises(BadNote):
        parse_note(TEXT + b"\n" + line)


def test_a_note_that_others_could_not_read_is_never_signed() -> None:
    for text in (b"no newline at the end", b"\xff\n", b"control \x07\n", b"carriage\r\n"):
        with pytest.raises(BadNote):
            sign_note(text, LOG_KEY)
    with pytest.raises(BadNote):
        sign_note(TEXT)
    with pytest.raises(BadNote, match="most"):
        sign_note(b"a" * note.LARGEST_NOTE + b"\n", LOG_KEY)


# --- keys ---


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY])
def test_a_key_is_saved_for_its_owner_alone_and_loaded_again(key: SigningKey, tmp_path: Path) -> None:
    path = tmp_path / "key"
    key.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path) == key
    with pytest.raises(FileExistsError):
        key.save(path)


def test_a_key_is_drawn_anew_each_time() -> None:
    assert SigningKey.generate("a.example/log") != SigningKey.generate("a.example/log")
    with pytest.raises(MalformedKey):
        SigningKey.generate("two words")
    with pytest.raises(MalformedKey):
        SigningKey.generate("a.example/log", type=6)


def test_a_key_does_not_show_its_seed() -> None:
    assert repr(LOG_KEY.seed) not in repr(LOG_KEY)
    assert LOG_KEY.seed.hex() not in repr(LOG_KEY)


def test_a_verifier_key_is_read_back() -> None:
    for key in (LOG_KEY.verifier, WITNESS_KEY.verifier):
        assert VerifierKey.parse(str(key)) == key
        assert VerifierKey.parse(f"{key}\n") == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
        GO_VERIFIER.replace("c74f20a3", "C74F20A3"),
        GO_VERIFIER.replace("PeterNeumann", "Peter Neumann"),
        GO_VERIFIER.replace("PeterNeumann", ""),
        GO_VERIFIER.replace("PeterNeumann", "PeterNewman"),
        GO_VERIFIER + "A",
        GO_VERIFIER + "\n\n",
        GO_VERIFIER.replace("+A", "+B"),
        "name\ud800+00000000+AQ==",
    ],
)
def test_a_text_that_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedKey):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GO_VERIFIER,
        GO_SIGNER.removeprefix("PRIVATE+KEY+"),
        GO_SIGNER.replace("c74f20a3", "c74f20a4"),
        GO_SIGNER[:-4],
    ],
)
def test_a_text_that_is_no_signing_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedKey):
        SigningKey.parse(text)


def test_a_missing_key_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MalformedKey, match="no readable key"):
        SigningKey.load(tmp_path / "none")


def test_what_a_log_signs_is_never_what_a_witness_signs() -> None:
    as_witness = SigningKey(LOG_KEY.name, COSIGNATURE, LOG_KEY.seed)
    assert as_witness.verifier.public == LOG_KEY.verifier.public
    assert as_witness.verifier.key_id != LOG_KEY.verifier.key_id
    assert not LOG_KEY.verifier.verifies(TEXT, as_witness.sign(TEXT, time=7))
    assert not as_witness.verifier.verifies(TEXT, LOG_KEY.sign(TEXT))
    with pytest.raises(ValueError, match="time"):
        as_witness.sign(TEXT)
    with pytest.raises(ValueError, match="time"):
        LOG_KEY.sign(TEXT, time=7)
