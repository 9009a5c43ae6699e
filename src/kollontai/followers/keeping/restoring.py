# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way back from a backup: bring it in, hold it against what others hold, go on with an entry.

A restored house signs nothing at first. Only when neither its own keys' note, nor the published record, nor
a witness, nor a checkpoint that somebody kept is ahead of it does it go on. Otherwise members would be shown
two histories.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kollontai.chapters.record import keys, publishing, sequencer, standing, witnessing
from kollontai.chapters.record.act import Act, perform_for_operator
from kollontai.chapters.record.models import Cosignature, EntryRow, Head, Organisation
from kollontai.chapters.voting.keeping import give_up_boxes
from kollontai.followers import scratch
from kollontai.followers.keeping import databases, handover
from kollontai.followers.keeping.backup import DATABASE, Backup, NotNow, unpack
from kollontai.followers.keeping.operating import last_of
from kollontai.followers.keeping.strongbox import PrivateBoxKey
from kollontai.openrecord import tiles
from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.kinds.operators import DatabaseRestored, HostChanged
from kollontai.openrecord.spelling import hash_from_base64
from kollontai.openrecord.times import read_time

TIMEOUT = 20
LARGEST_NOTE = 100_000


def restore(source: Path, key: PrivateBoxKey, moved: Iterable[tuple[str, bytes]] = ()) -> Backup:
    """Bring a backup into a home without a database; the house stands still from then on.

    `moved`: the keys of a handover. They come before the database, so that whoever is stopped in between,
    with a home that has none yet, does it again.
    """
    home = Path(settings.HOME)
    scratch.sweep()
    if not databases.is_empty():
        raise NotNow("There is a database here already; a backup is brought into an empty home only.")
    home.mkdir(parents=True, exist_ok=True)
    Path(settings.KEYS).mkdir(parents=True, exist_ok=True, mode=0o700)
    with scratch.folder(scratch.RESTORE) as place:
        backup = unpack(source, key, place.folder)
        _refuse_what_does_not_fit(backup)
        standing.stand_still(
            standing.RESTORED,
            {one["id"]: {"size": one["size"], "root": one["root"]} for one in backup.organisations},
            taken_at=backup.made_at.isoformat()[:19] + "Z",
            release=backup.release,
        )
        try:
            handover.put_keys(moved)
            databases.bring_in(place.folder / DATABASE)
            _hold_against_its_list(backup)
            if backup.demo:
                (home / "demonstration").touch()
        except BaseException:
            if databases.is_empty():
                standing.path().unlink(missing_ok=True)
            raise
    if not backup.organisations:
        standing.path().unlink(missing_ok=True)
    return backup


def _refuse_what_does_not_fit(backup: Backup) -> None:
    if backup.database != connection.vendor:
        raise NotNow(
            f"The backup is of a database of {backup.database}, and this home has {connection.vendor}: "
            "set DATABASE_URL, or leave it out."
        )
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    # A demonstration brings tables of its own, which this process knows only once the home is one.
    newer = [one for one in backup.migrations if one not in known and not one.startswith("demos.")]
    if newer:
        raise NotNow(
            f"The backup was made by the release {backup.release}, which has tables that this one does not "
            f"know ({newer[0]}): install that release or a later one."
        )


def _hold_against_its_list(backup: Backup) -> None:
    found = {
        head.organisation_id: (head.size, bytes(head.root))
        for head in Head.objects.all()
    }  # fmt: skip
    listed = {one["id"]: (one["size"], hash_from_base64(one["root"])) for one in backup.organisations}
    if found != listed:
        raise NotNow("The records in the restored database are not those on the backup's list.")


# --- Going on ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """With what a restored record was compared."""

    witnesses: int
    copies: int
    unreachable: tuple[str, ...]


def waiting() -> list[Organisation]:
    """The records of this home that stand still because they were restored."""
    found = standing.note()
    if found.get("why") != standing.RESTORED:
        return []
    return list(Organisation.objects.filter(pk__in=list(found["records"])).order_by("slug"))


def compare(organisation: Organisation, copies: Iterable[bytes]) -> Compared:
    """Hold a restored record against its key's note, its files, its witnesses and what others kept.

    Raises RecordIsAhead where any of them is ahead, or tells another history.
    """
    head = Head.objects.select_related("organisation").get(pk=organisation.pk)
    with standing.settling(organisation.pk):
        sequencer.refuse_when_ahead(head)
    known = {*keys.verifiers(organisation), *publishing.every_verifier(organisation.origin, organisation.pk)}
    held = 0
    for note in copies:
        checkpoint = open_checkpoint(note, *known)
        _hold(head, checkpoint, "a checkpoint that was kept elsewhere")
        held += 1
    seen, unreachable = 0, []
    for witness in Cosignature.objects.filter(organisation=organisation).order_by("witness"):
        try:
            shown = _shown_by(witness, organisation.origin)
        except (OSError, ValueError):
            unreachable.append(witness.witness)
            continue
        if shown is not None:
            _hold(head, open_checkpoint(shown, *known), f"the witness {witness.witness}")
        seen += 1
    return Compared(seen, held, tuple(unreachable))


def _shown_by(witness: Cosignature, origin: str) -> bytes | None:
    """The last checkpoint that a witness has signed for an origin; None where it has signed none."""
    url = f"{witness.url.rstrip('/')}/{witnessing.hash_of(origin)}/checkpoint"
    if not url.startswith(("http://", "https://")):
        raise ValueError(url)
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310 - http or https, see above
            return bytes(response.read(LARGEST_NOTE))
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def _hold(head: Head, seen: Checkpoint, place: str) -> None:
    if seen.size > head.size:
        raise sequencer.RecordIsAhead(
            f"{seen.origin}: {place} stands at {seen.size} entries, this backup at {head.size}. Something "
            "newer was signed: bring a newer backup, or let the members found a new record."
        )

    def read(path: str) -> bytes:
        return publishing.bytes_of(head.organisation_id, tiles.parse_path(path))

    if seen.size and tiles.TileTree(head.size, read).root(seen.size) != seen.root:
        raise sequencer.RecordIsAhead(
            f"{seen.origin}: {place} tells another history of the first {seen.size} entries. "
            "Nothing is signed: keep both, and show them to the members."
        )


@dataclass(frozen=True, slots=True)
class WentOn:
    """A record that goes on: its size, and how many secret votes are given up."""

    size: int
    given_up: int


def go_on(organisation: Organisation, compared: Compared) -> WentOn:
    """Let a restored record go on, with the entry that says so.

    Ballots in a secret box are not on the record: what was cast after the backup is missed by nobody. So open
    boxes are given up; but not where the backup ends with a handover, for then the house stood still.
    """
    found = standing.note()
    then = found["records"][organisation.pk]
    fact = DatabaseRestored(
        root=hash_from_base64(then["root"]).hex(), size=then["size"], taken_at=read_time(found["taken_at"]),
        release=found["release"], witnesses=compared.witnesses, copies=compared.copies,
    )  # fmt: skip

    def run(this: Act) -> None:
        this.record(fact)

    last = EntryRow.objects.get(organisation=organisation.pk, position=then["size"] - 1)
    given_up = 0 if last.kind == HostChanged.kind_name else give_up_boxes(organisation)
    with standing.settling(organisation.pk):
        if not _said(last_of(organisation, DatabaseRestored), fact):
            perform_for_operator(organisation.pk, "restored", run)
        sequencer.sequence(organisation.pk)
    standing.go_on(organisation.pk)
    scratch.sweep()
    return WentOn(Head.objects.get(pk=organisation.pk).size, given_up)


def _said(last: Fact | None, fact: DatabaseRestored) -> bool:
    """Whether this restore stands on the record, because somebody was stopped behind the entry.

    A backup never holds the entry of its own restore.
    """
    then = (fact.size, fact.root, fact.taken_at)
    return isinstance(last, DatabaseRestored) and (last.size, last.root, last.taken_at) == then
