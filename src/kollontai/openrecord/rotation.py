# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a record comes by another key, and how a reader who knows one of its keys finds the newest.

The origin never changes, so all keys of a record bear the same name. An entry `key.rotated` brings the new
key with a signature by the old one, and one by the new, over

    kollontai key rotation v1
    <origin>
    <number>
    <verifier key of the old one>
    <verifier key of the new one>

(each line with its newline). For a while both keys sign every checkpoint, so that whoever knows the old one
alone has time to learn the new one; then the old one is destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kollontai.openrecord import entries
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.errors import BadSignature, RecordError
from kollontai.openrecord.keys import ED25519, SigningKey, VerifierKey
from kollontai.openrecord.kinds.operators import KeyRotated
from kollontai.openrecord.note import parse_note

KIND = "key.rotated"
_SIGN = b'"kind":"key.rotated"'


def words(number: int, old: VerifierKey, new: VerifierKey) -> bytes:
    """What both keys sign."""
    return f"kollontai key rotation v1\n{new.name}\n{number}\n{old}\n{new}\n".encode()


def rotated(number: int, old: SigningKey, new: SigningKey) -> KeyRotated:
    """Write the fact that one key follows another."""
    text = words(number, old.verifier, new.verifier)
    return KeyRotated(
        number,
        new.verifier.public.hex(),
        old.verifier.public.hex(),
        old.sign(text).hex(),
        new.sign(text).hex(),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the key, as an entry says it."""

    number: int
    old: VerifierKey
    new: VerifierKey
    holds: bool
    """Whether both signatures fit."""

    @classmethod
    def read(cls, origin: str, number: int, by: str, public: str, signature: str, proof: str) -> Change:
        """Read it from the fields of an entry; BadSignature where there are no keys in them."""
        try:
            old, new = (VerifierKey(origin, ED25519, bytes.fromhex(one)) for one in (by, public))
            signatures = bytes.fromhex(signature), bytes.fromhex(proof)
            if len(old.public) != 32 or len(new.public) != 32:
                raise ValueError
            text = words(number, old, new)
            holds = old != new and old.verifies(text, signatures[0]) and new.verifies(text, signatures[1])
        except ValueError:
            raise BadSignature("A change of the key names no key of this kind.") from None
        return cls(number, old, new, holds)


def chain(changes: Iterable[Change]) -> Iterator[VerifierKey]:
    """Every key of a record from the first on, as far as each change follows the one before it."""
    last: Change | None = None
    for change in changes:
        if not change.holds or change.number != (last.number + 1 if last else 2):
            return
        if last is not None and change.old != last.new:
            return
        if last is None:
            yield change.old
        yield change.new
        last = change


def changes_in(record: RecordDirectory) -> Iterator[Change]:
    """Find every change of the key in the entries of a record, whoever may have signed them."""
    return changes_of(record.unchecked().origin, record.raw_entries())


def changes_of(origin: str, raw_entries: Iterable[bytes]) -> Iterator[Change]:
    """Find every change of the key among the bytes of entries."""
    for data in raw_entries:
        if _SIGN not in data:
            continue
        core = entries.read_core(data)
        said = core["f"]
        if core["kind"] == KIND and said.keys() == {"number", "by", "public", "signature", "proof"}:
            number, *keys = said["number"], said["by"], said["public"], said["signature"], said["proof"]
            if type(number) is int and all(type(one) is str for one in keys):
                yield Change.read(origin, number, *keys)


def has_signed(key: VerifierKey, note: bytes) -> bool:
    """Whether a note bears a line of this key; whether it fits is for whoever opens the note."""
    _, signatures = parse_note(note)
    return any((one.name, one.key_id) == (key.name, key.key_id) for one in signatures)


def follow(record: RecordDirectory, key: VerifierKey, note: bytes) -> VerifierKey:
    """From a key that one trusts, find the key of the same record that signed a note of it.

    Where none can be found, gives the key back: opening the note with it will say what is wrong.
    """
    try:
        if has_signed(key, note) and not (record.path / "log.vkeys").exists():
            return key
        keys: Sequence[VerifierKey] = list(chain(changes_in(record)))
        if key in keys:
            return next((one for one in reversed(keys) if has_signed(one, note)), key)
    except RecordError:
        pass
    return key
