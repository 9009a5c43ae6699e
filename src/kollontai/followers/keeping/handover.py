# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing the house over to another host: entry, backup, keys, and a note of what is where.

The order is what makes it safe. The entry goes on every record; then this home stands still; only then are
database and keys sealed to the new host. So the two homes never both sign. The keys stay here, sealed off,
until a checkpoint of the new home shows that it goes on; then they are destroyed.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings

from kollontai.chapters.record import keys, standing
from kollontai.chapters.record.models import Cosignature, Deadline, Head, Organisation
from kollontai.chapters.voting.boxes import sealing as boxes
from kollontai.followers.keeping.backup import Backup, NotNow, beside, make, release
from kollontai.followers.keeping.operating import last_of, record
from kollontai.followers.keeping.strongbox import BoxKey, Opening, PrivateBoxKey, Sealing, Unopened
from kollontai.openrecord.checkpoint import open_checkpoint
from kollontai.openrecord.kinds.operators import HostChanged
from kollontai.openrecord.words import five_words

BACKUP, KEYS, NOTE = "house.backup", "house.keys", "handover.md"
LARGEST_KEY = 1_000_000
_NOT_MOVED = frozenset({"secret"})
"""The new home draws a secret for its sessions itself: everybody signs in again."""


def hand_over(folder: Path, key: BoxKey, *, leaving: str, coming: str, at: datetime) -> Backup:
    """Seal everything that another host needs into a folder; this home signs nothing from then on."""
    leaving, coming = leaving.strip(), coming.strip()
    if not leaving or not coming or leaving == coming:
        raise NotNow("A handover names two people: who leaves and who comes.")
    if folder.exists() and any(folder.iterdir()):
        raise NotNow(f"{folder} is not empty; a handover needs a new folder.")
    again = standing.note().get("why") == standing.HANDED_OVER
    if again and standing.note().get("box") != key.id:
        raise NotNow("This house was handed over already, sealed to another key.")
    _make(folder)  # looked at first: a house whose keys can be put nowhere goes on
    if not again:
        fact = HostChanged(key.id, release())
        for organisation in Organisation.objects.order_by("slug"):
            if last_of(organisation, HostChanged) != fact:  # said already, where somebody was stopped
                record(organisation, fact, leaving=leaving, coming=coming)
        standing.stand_still(
            standing.HANDED_OVER, {standing.EVERY: {}}, at=at.isoformat()[:19] + "Z", box=key.id
        )  # fmt: skip
    backup = make(folder / BACKUP, key, at=at)
    _seal_keys(folder / KEYS, key)
    with beside(folder / NOTE) as out:
        out.write(_note(backup, leaving, coming).encode())
    return backup


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NotNow(f"Nothing can be written to {folder}: {error.strerror}.") from None


def _seal_keys(to: Path, key: BoxKey) -> None:
    with beside(to) as out:
        sealing = Sealing(out, key)
        with tarfile.open(fileobj=cast(BinaryIO, sealing), mode="w|") as archive:
            for path in sorted(Path(settings.KEYS).rglob("*")):
                if path.is_file() and path.name not in _NOT_MOVED and not path.name.startswith("."):
                    archive.add(path, path.relative_to(settings.KEYS).as_posix())
        sealing.close()


def open_keys(source: Path, key: PrivateBoxKey) -> list[tuple[str, bytes]]:
    """Open the keys of a handover, and see that none of another kind lies in the place of one."""
    place = Path(settings.KEYS)
    found: list[tuple[str, bytes]] = []
    with source.open("rb") as file:
        opening = Opening(file, key)
        try:
            with tarfile.open(fileobj=cast(BinaryIO, opening), mode="r|") as archive:
                for member in archive:
                    data = archive.extractfile(member)
                    inside = PurePosixPath(member.name)
                    if (
                        data is None
                        or member.size > LARGEST_KEY
                        or inside.is_absolute()
                        or ".." in inside.parts
                    ):
                        raise Unopened(
                            f"The file of keys holds something that is no key, {member.name[:80]!a}."
                        )
                    found.append((member.name, data.read()))
        except tarfile.TarError as error:
            raise Unopened(f"The file of keys cannot be read: {error}.") from None
        while opening.read(1 << 16):
            pass
    other = [name for name, data in found if (place / name).exists() and (place / name).read_bytes() != data]
    if other:
        raise NotNow(f"The key {other[0]} lies here already, and is another; none is written over.")
    return found


def put_keys(found: Iterable[tuple[str, bytes]]) -> None:
    """Put the keys of a handover into their folder, each whole or not at all; done twice, it is done once."""
    place = Path(settings.KEYS)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in found:
        (place / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (place / name).exists():
            with beside(place / name) as out:
                out.write(data)


def finish(note: bytes) -> Organisation:
    """Destroy the keys of a record, once a checkpoint shows that it goes on in its new home."""
    if standing.note().get("why") != standing.HANDED_OVER:
        raise NotNow("This house was not handed over.")
    for organisation in Organisation.objects.order_by("slug"):
        if f"{organisation.origin}\n".encode() not in note:
            continue
        if not keys.key_path(organisation).exists():
            if keys.destroy(keys.key_path(organisation)):  # somebody was stopped at the very last
                return organisation
            continue
        seen = open_checkpoint(note, *keys.verifiers(organisation))
        head = Head.objects.get(pk=organisation.pk)
        if seen.origin != organisation.origin or seen.size <= head.size:
            raise NotNow(f"This checkpoint of {seen.origin} is not from after the handover.")
        for path in _of_the_record(organisation):
            keys.destroy(path)
        return organisation
    raise NotNow("This checkpoint is of no record whose key still lies here.")


def _of_the_record(organisation: Organisation) -> list[Path]:
    """The keys of a record; the one that signs last, for by that one whoever was stopped goes on."""
    of_boxes = {path.with_name(path.name.lstrip(".")) for path in boxes.folder(organisation).glob("*")}
    of_the_log = [place(organisation) for place in (keys.next_path, keys.old_path, keys.key_path)]
    return [*sorted(of_boxes), *of_the_log]


def _note(backup: Backup, leaving: str, coming: str) -> str:
    lines = [
        f"# Handover, {backup.made_at:%d %B %Y, %H:%M} UTC",
        "",
        f"From {leaving} to {coming}. Release {backup.release}, database {backup.database}.",
        "",
        "| file here | what it is |",
        "|---|---|",
        f"| `{BACKUP}` | the whole database, pictures and papers in it, sealed to your key |",
        f"| `{KEYS}` | signing keys, what they signed last, the witness's key, sealed to your key |",
        "",
        "## What you do",
        "",
        f"1. Install release {backup.release} or a later one, and set `KOLLONTAI_HOME` (and `DATABASE_URL`).",
        "2. Set `KOLLONTAI_ORIGIN`, `KOLLONTAI_HOSTS`, `KOLLONTAI_HTTPS`, and the mail settings.",
        f"3. `kollontai restore {BACKUP} --key YOUR-KEY --keys {KEYS}`",
        "4. `kollontai migrate`, then `kollontai restore --go-on --kept CHECKPOINT` with a checkpoint that a",
        "   member kept (it is in every export).",
        "5. `kollontai doctor`, `kollontai serve`, point the name in the DNS to your machine.",
        "6. Send the old host the new `checkpoint`: `kollontai handover --finish CHECKPOINT`",
        "   destroys the keys there.",
        "7. Tell the members: everybody signs in again, and whoever has a calendar finds its other address",
        "   under Mine. The old machine's secret stays there; so links in earlier mails end no notices.",
        "",
        "## The records",
        "",
    ]
    for organisation in Organisation.objects.order_by("slug"):
        head = Head.objects.get(pk=organisation.pk)
        lines += [
            f"### {organisation.slug}",
            "",
            f"- origin `{organisation.origin}`, {head.size} entries, {five_words(bytes(head.root))}",
            f"- key `{keys.load(organisation).verifier}`",
        ]
        witnesses = Cosignature.objects.filter(organisation=organisation).order_by("witness")
        lines += [f"- witness {one.witness} at {one.url}, saw {one.size} entries" for one in witnesses]
        open_ones = Deadline.objects.filter(organisation=organisation, done_at=None).order_by("due", "id")
        count = open_ones.count()
        lines.append(f"- {count} deadlines are open; the next:")
        lines += [f"  - {one.due:%Y-%m-%d %H:%M} UTC {one.act}" for one in open_ones[:20]]
        lines.append("")
    return "\n".join(lines)
