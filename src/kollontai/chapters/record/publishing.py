# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the record out as files: bundles and tiles first, the checkpoint last.

All of it follows from the database, so after a crash it is simply done again from the published size.
No file ever goes beyond the published checkpoint. Unfinished tiles are cleared away once the full tile
exists.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from kollontai.chapters.record import keys
from kollontai.chapters.record.files import write_durably
from kollontai.chapters.record.models import Cosignature, EntryRow, Head, Node, Organisation
from kollontai.chapters.record.turns import file_lock
from kollontai.openrecord import tiles
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.tree import TILE_WIDTH


def folder(organisation: Organisation) -> Path:
    """Where the published record of an organisation lies."""
    return Path(settings.RECORD) / organisation.slug


def published_head(organisation: Organisation) -> Checkpoint | None:
    """The checkpoint the world sees; None before the first."""
    path = folder(organisation) / "checkpoint"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return open_checkpoint(data, keys.load(organisation).verifier)
    except RecordError as error:
        raise RecordError(
            f"The published checkpoint {path.name} of {organisation.slug} is damaged: {error}"
        ) from None


def behind(organisation_id: str, size: int) -> bool:
    """Whether the world sees less than what is committed."""
    if size <= 0:
        return False
    organisation = Organisation.objects.get(pk=organisation_id)
    seen = published_head(organisation)
    return seen is None or seen.size < size


def publish(organisation_id: str) -> None:
    """Bring the files up to the committed head."""
    organisation = Organisation.objects.get(pk=organisation_id)
    place = folder(organisation)
    place.mkdir(parents=True, exist_ok=True)
    with file_lock(place / ".lock"):
        head = Head.objects.select_related("organisation").get(pk=organisation_id)
        known = keys.last_signed(organisation)
        if known is None or known.size < head.size:
            keys.remember(organisation, head.size, bytes(head.root))
        seen = published_head(organisation)
        old = seen.size if seen else 0
        if old >= head.size:
            return
        vkey = place / "log.vkey"
        if not vkey.exists():
            write_durably(vkey, f"{keys.load(organisation).verifier}\n".encode())
        for name in tiles.new_names(old, head.size):
            write_durably(place / name.path, bytes_of(organisation_id, name))
        write_durably(place / "checkpoint", bytes(head.checkpoint))
        _clear_unfinished(place, old, head.size)


def add_cosignatures(organisation: Organisation) -> None:
    """Put the witnesses' lines for the present checkpoint under it."""
    place = folder(organisation)
    with file_lock(place / ".lock"):
        head = Head.objects.get(pk=organisation.pk)
        seen = published_head(organisation)
        if seen is None or seen.size != head.size:
            return
        lines = Cosignature.objects.filter(organisation=organisation, size=head.size).exclude(line="")
        signed = (
            bytes(head.checkpoint)
            + "".join(
                f"{line}\n" for line in lines.order_by("witness").values_list("line", flat=True)
            ).encode()
        )
        write_durably(place / "checkpoint", signed)


def bytes_of(organisation_id: str, name: tiles.TileName) -> bytes:
    """Make one file of the record from its rows."""
    first = name.n * TILE_WIDTH
    if name.level in (None, 0):
        rows = EntryRow.objects.filter(
            organisation_id=organisation_id, position__gte=first, position__lt=first + name.width
        ).order_by("position")
        if name.level is None:
            return tiles.pack_bundle(bytes(data) for data in rows.values_list("data", flat=True))
        return b"".join(bytes(leaf) for leaf in rows.values_list("leaf", flat=True))
    nodes = Node.objects.filter(
        organisation_id=organisation_id, level=name.level, index__gte=first, index__lt=first + name.width
    ).order_by("index")
    return b"".join(bytes(value) for value in nodes.values_list("hash", flat=True))


def _clear_unfinished(place: Path, old: int, new: int) -> None:
    """Once a tile is full, clients take the beginning of it; its unfinished forms may go."""
    for name in tiles.new_names(old, new):
        if name.width == TILE_WIDTH:
            shutil.rmtree(place / f"{name.path}.p", ignore_errors=True)
