# SPDX-License-Identifier: AGPL-3.0-or-later
"""This installation as a witness of other records, and its own records before their witnesses.

As a witness it keeps one line for each record it follows and moves it by compare-and-set before it
answers. As a log it asks each witness for a cosignature over the present checkpoint.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kollontai.chapters.record import publishing
from kollontai.chapters.record.models import Cosignature, Head, Organisation, WitnessedLog
from kollontai.chapters.record.turns import durable_write, file_lock, write_turn
from kollontai.openrecord import tiles
from kollontai.openrecord.checkpoint import read_checkpoint
from kollontai.openrecord.cosignature import verify_cosignature
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.keys import COSIGNATURE, SigningKey, VerifierKey
from kollontai.openrecord.note import Signature, parse_note
from kollontai.openrecord.spelling import size_from_decimal
from kollontai.openrecord.witness import Answer, Request, State, add_checkpoint

TIMEOUT = 20
MOST_LINES = 20


class WitnessUnreachable(Exception):
    """A witness did not answer, or answered something that is no answer."""


def hash_of(origin: str) -> str:
    """The name under which a witness shows what it has seen of an origin."""
    return sha256(origin.encode()).hexdigest()


def witness_key() -> SigningKey:
    """This installation's own key as a witness, made on first use."""
    path = Path(settings.KEYS) / "witness.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file_lock(path.parent / ".witness-lock"):
        if not path.exists():
            SigningKey.generate(f"{settings.ORIGIN_HOST}/witness", COSIGNATURE).save(path)
    return SigningKey.load(path)


def follow(vkey: VerifierKey) -> WitnessedLog:
    """Begin to witness another record, by the key of its log."""
    with write_turn(), transaction.atomic():
        log, _ = WitnessedLog.objects.update_or_create(origin=vkey.name, defaults={"vkey": str(vkey)})
    return log


def answer(body: bytes, *, at: datetime) -> Answer:
    """Answer add-checkpoint; the new state is durable before this returns."""
    with durable_write(), transaction.atomic():
        try:
            origin = Request.parse(body).checkpoint.origin
        except RecordError:
            origin = ""
        log = WitnessedLog.objects.select_for_update().filter(origin=origin).first()
        trusted = {log.origin: [VerifierKey.parse(log.vkey)]} if log else {}
        given = add_checkpoint(
            body,
            trusted=trusted,
            state_of=lambda _: State(log.size, bytes(log.root)) if log and log.root is not None else None,
            key=witness_key(),
            time=int(at.timestamp()),
        )
        if given.new_state is not None:
            moved = WitnessedLog.objects.filter(origin=origin, size=log.size if log else 0).update(
                size=given.new_state.size, root=given.new_state.root, note=given.note
            )
            if moved != 1:
                return Answer(409, f"{log.size if log else 0}\n".encode(), "text/x.tlog.size")
    return given


def ask_all(organisation: Organisation) -> list[tuple[Cosignature, str]]:
    """Ask every witness of a record to cosign its present checkpoint; say how each took it."""
    results = []
    head = Head.objects.get(pk=organisation.pk)  # one for all: a quorum is of one checkpoint
    for witness in Cosignature.objects.filter(organisation=organisation).order_by("witness"):
        try:
            results.append((witness, ask(organisation, witness, head)))
        except (WitnessUnreachable, RecordError) as error:
            results.append((witness, str(error)))
    publishing.add_cosignatures(organisation, head)
    return results


def ask(organisation: Organisation, witness: Cosignature, head: Head) -> str:
    """Ask one witness, going from the size it knows; keep its line."""
    note = bytes(head.checkpoint)
    if not note:
        return "There is nothing to sign yet."
    key = VerifierKey.parse(witness.vkey)
    old = witness.size
    for _ in range(2):
        request = Request(old, tuple(_proof(organisation, old, head.size)), note, read_checkpoint(note))
        status, body = _post(f"{witness.url.rstrip('/')}/add-checkpoint", request.format())
        if status == 409:
            old = _size_in(body)
            if old > head.size:
                raise WitnessUnreachable(
                    f"{witness.witness} has seen {old} entries, more than the {head.size} here: "
                    "this may be an older copy. Nothing was cosigned."
                )
            continue
        if status != 200:
            raise WitnessUnreachable(
                f"{witness.witness} answered {status}: {body[:200].decode('utf-8', 'replace').strip()}"
            )
        signature, seen_at = _cosignature_in(body, key, parse_note(note)[0])
        line = signature.line().removesuffix("\n")
        Cosignature.objects.filter(pk=witness.pk).update(size=head.size, line=line, seen_at=seen_at)
        return f"cosigned {head.size} entries"
    raise WitnessUnreachable(f"{witness.witness} did not settle on a size.")


def _size_in(body: bytes) -> int:
    try:
        return size_from_decimal(body.decode("ascii").removesuffix("\n"))
    except ValueError:
        raise WitnessUnreachable("The witness answered 409 without a size.") from None


def _cosignature_in(body: bytes, key: VerifierKey, text: bytes) -> tuple[Signature, datetime]:
    """Find the line by the key we know; a witness may add lines by other keys."""
    try:
        lines = body.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise WitnessUnreachable("The witness answered with bytes that are no cosignature.") from None
    signatures = [Signature.parse(line) for line in lines[:MOST_LINES]]
    ours = [
        signature for signature in signatures if (signature.name, signature.key_id) == (key.name, key.key_id)
    ]
    if not ours:
        raise WitnessUnreachable(f"The answer holds no line by {key.name}.")
    return ours[0], verify_cosignature(key, text, ours[0])


def _proof(organisation: Organisation, old: int, size: int) -> list[bytes]:
    """Prove from the rows that the record only grew: the files may be a moment behind."""
    if old in (0, size):
        return []

    def read(path: str) -> bytes:
        return publishing.bytes_of(organisation.pk, tiles.parse_path(path))

    return tiles.TileTree(size, read).consistency_proof(old)


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    if not url.startswith(("http://", "https://")):
        raise WitnessUnreachable(f"{url} is no web address.")
    try:
        request = urllib.request.Request(  # noqa: S310 - http or https, see above
            url, data=body, method="POST", headers={"Content-Type": "text/plain"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return response.status, response.read(65_536)
    except urllib.error.HTTPError as error:
        return error.code, error.read(65_536)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise WitnessUnreachable(f"{url} could not be reached: {error}") from None
