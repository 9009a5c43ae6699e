# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole record that members may see, as files: byte for byte the same for every one of them.

    checkpoint  log.vkey  tile/…      the record itself (C2SP tlog-tiles)
    content/<commitment>.json         the words it commits to, with their salts
    log.vkeys                         every key it has had, where it has had more than one
    state.json                        what the server claims from its rows
    manifest                          a signed note: each of these files with its hash
    witnessed                         the newest checkpoint that witnesses have countersigned, if any has

The last one is no part of the promise, because witnesses sign when they are asked: it stands beside the
manifest, and vouches for itself (docs/decisions/0013).

Words that are held until a poll closes, and words that were erased, have no file.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from kollontai.chapters.record import keys, publishing, sequencer
from kollontai.chapters.record.models import Content, Head, Organisation, Outbox
from kollontai.followers.claims import claims
from kollontai.openrecord import canonical, tiles
from kollontai.openrecord.keys import SigningKey, VerifierKey
from kollontai.openrecord.note import sign_note

LEVEL = "members"
AUDIENCES = ("world", "members")
MOMENTS_TRIED = 50
Write = Callable[[str, bytes], None]


class ExportNotEmpty(Exception):
    """The folder to export to already holds something."""


class StillWaiting(Exception):
    """Entries wait for their position; an export now would not be whole."""


def export_to(organisation: Organisation, folder: Path) -> int:
    """Write an export into an empty folder; return how many entries it holds. Half of one is taken away."""
    there = folder.exists()
    if there and any(folder.iterdir()):
        raise ExportNotEmpty(f"{folder} is not empty; an export needs a new folder.")

    def write(path: str, data: bytes) -> None:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    try:
        return write_at_one_moment(organisation, write)
    except BaseException:
        for half in list(folder.iterdir()) if folder.exists() else []:
            shutil.rmtree(half) if half.is_dir() else half.unlink()
        if not there and folder.exists():
            folder.rmdir()
        raise


def write_at_one_moment(organisation: Organisation, write: Write) -> int:
    """Hand every file of the export to `write`, as all of it is at one moment; return its size in entries.

    Nobody waits meanwhile. StillWaiting, with nothing written, where entries waited at each moment tried.
    """
    size, _manifest = _at_one_moment(organisation, write)
    return size


def read_at_one_moment(organisation: Organisation) -> tuple[int, bytes]:
    """Size in entries and manifest of the export as it is at one moment; as `write_at_one_moment`."""
    return _at_one_moment(organisation, lambda path, data: None)


def _at_one_moment(organisation: Organisation, write: Write) -> tuple[int, bytes]:
    for _try in range(MOMENTS_TRIED - 1):
        with suppress(StillWaiting):
            return _whole(organisation, write)
        time.sleep(0.01)
    return _whole(organisation, write)


def _whole(organisation: Organisation, write: Write) -> tuple[int, bytes]:
    sequencer.sequence(organisation.pk)
    with one_moment():
        made = write_export(organisation, write)
        write_witnessed(organisation, write)
    return made


def write_export(organisation: Organisation, write: Write) -> tuple[int, bytes]:
    """Hand every file of the export to `write`; return its size in entries and the manifest.

    Call it within one moment of the database (`one_moment`, or an act). StillWaiting, with nothing written,
    where entries wait for their position.
    """
    signers = keys.signers(organisation)  # before the moment begins: no key is too old for it
    if Outbox.objects.filter(organisation=organisation).exists():
        raise StillWaiting("Some entries have no position yet; try again in a moment.")
    head = Head.objects.get(pk=organisation.pk)
    every = publishing.every_verifier(organisation.origin, organisation.pk)
    key = _newest_of(signers, every)
    lines = []
    for path, data in _files(organisation, head, [*every] or [key.verifier]):
        write(path, data)
        lines.append((path, sha256(data).hexdigest()))
    text = f"kollontai manifest v1\n{organisation.origin}\n{head.size}\n{LEVEL}\n"
    text += "".join(f"{digest}  {path}\n" for path, digest in sorted(lines))
    manifest = sign_note(text.encode(), key)
    write("manifest", manifest)
    return head.size, manifest


def _newest_of(signers: list[SigningKey], every: list[VerifierKey]) -> SigningKey:
    """The newest key on the record, also in the moment before it takes the old one's place."""
    if not every:
        return signers[0]
    for key in signers:
        if key.verifier == every[-1]:
            return key
    raise StillWaiting("The key of the record is being changed; try again in a moment.")


def write_witnessed(organisation: Organisation, write: Write) -> None:
    """Hand what witnesses have countersigned to `write`, if there is such a thing."""
    note = publishing.witnessed(organisation)
    if note is not None:
        write("witnessed", note)


def _files(organisation: Organisation, head: Head, every: list[VerifierKey]) -> Iterator[tuple[str, bytes]]:
    yield "checkpoint", bytes(head.checkpoint)
    yield "log.vkey", f"{every[-1]}\n".encode()
    if len(every) > 1:
        yield "log.vkeys", "".join(f"{key}\n" for key in every).encode()
    for name in tiles.names_for(head.size):
        yield name.path, publishing.bytes_of(organisation.pk, name)
    shown = Content.objects.filter(
        organisation=organisation, audience__in=AUDIENCES, held_until="", erased_at=None
    )
    for content in shown.order_by("commitment").iterator(chunk_size=500):
        if content.value is not None and content.salt is not None:
            yield f"content/{content.commitment}.json", content_file(content)
    yield "state.json", canonical.encode(claims(organisation)) + b"\n"


def content_file(content: Content) -> bytes:
    """The words of one commitment with what opens it."""
    assert content.salt is not None
    return canonical.encode(
        {
            "kind": content.kind,
            "field": content.field,
            "author": content.author,
            "audience": content.audience,
            "salt": bytes(content.salt).hex(),
            "value": str(content),
        }
    )


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it is at one moment, whatever is written meanwhile; nobody waits for us to end."""
    if connection.in_atomic_block:
        yield
        return
    with _reading(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _reading() -> Iterator[None]:
    """Let SQLite begin transactions that do not ask for the right to write."""
    if connection.vendor != "sqlite":
        yield
        return
    before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = before
