# SPDX-License-Identifier: AGPL-3.0-or-later
"""The restore drill: bring a backup into a home of its own, audit every record in it, throw the home away.

A drill needs none of the real keys and touches neither the real home nor its record. In the drill's home each
record gets a key of the drill, which signs again what the real key had signed; that the real key had signed
it is looked at first. On PostgreSQL the drill makes a database of its own beside the real one and drops it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import DatabaseError, connection, connections

from kollontai.followers import scratch
from kollontai.followers.keeping.databases import CannotCopy
from kollontai.followers.keeping.strongbox import PrivateBoxKey

KEY_CHECKS = frozenset({"keys_follow"})
"""Checks that a drill cannot answer: it signs with a key of its own."""


@dataclass(frozen=True)
class Drilled:
    """What a drill found of one record."""

    slug: str
    size: int
    wrong: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing was found."""
        return not self.wrong


def drill(source: Path, key: PrivateBoxKey) -> list[Drilled]:
    """Restore a backup into a home that lasts for this drill alone, and audit every record in it."""
    with scratch.folder(scratch.DRILL) as place:
        home, key_file = place.folder / "home", place.folder / "key"
        key.save(key_file)
        with _database_of_its_own() as url:
            ended = subprocess.run(
                [sys.executable, "-m", "kollontai.followers.keeping.drill", str(source.absolute()), key_file],
                env=_surroundings(home, url), capture_output=True, text=True, pass_fds=[place.lock],
            )  # fmt: skip
    try:
        found = json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        said = (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise CannotCopy(f"The drill could not be carried through: {said[:300]}") from None
    return [Drilled(one["slug"], one["size"], tuple(one["wrong"])) for one in found]


def _surroundings(home: Path, url: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "KOLLONTAI_KEYS", "KOLLONTAI_DEMO", "DJANGO_SETTINGS_MODULE")
    }  # fmt: skip
    kept |= {"KOLLONTAI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kollontai.settings"}
    kept |= {"DATABASE_URL": url} if url else {}
    return kept | ({"KOLLONTAI_DEMO": "1"} if settings.DEMO else {})


@contextmanager
def _database_of_its_own() -> Iterator[str]:
    """An empty database beside the real one, dropped afterwards; nothing on SQLite, where a home suffices."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with scratch.held_database() as name:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}"')
        except DatabaseError as error:
            raise CannotCopy(
                f"A drill needs a database of its own, and none could be made: {str(error).splitlines()[0]}."
            ) from None
        try:
            parts = urlsplit(os.environ["DATABASE_URL"])
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            with connections["default"].cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# --- Inside the drill's own home ---------------------------------------------------------------------


def _inside(source: Path, key_file: Path) -> list[Drilled]:
    import django

    django.setup()

    from kollontai.chapters.record import standing, tables
    from kollontai.followers.keeping.restoring import restore

    backup = restore(source, PrivateBoxKey.load(key_file))
    tables.bring_up_to_date()
    standing.path().unlink(missing_ok=True)
    return [_look(one["id"], one["vkey"]) for one in backup.organisations]


def _look(organisation_id: str, vkey: str) -> Drilled:
    from kollontai.auditor import Unusable, audit_export
    from kollontai.chapters.record import keys
    from kollontai.chapters.record.models import Head, Organisation
    from kollontai.followers.export import export_to
    from kollontai.openrecord.checkpoint import Checkpoint, open_checkpoint
    from kollontai.openrecord.errors import RecordError
    from kollontai.openrecord.keys import VerifierKey

    organisation = Organisation.objects.get(pk=organisation_id)
    head = Head.objects.get(pk=organisation_id)
    wrong = []
    if vkey and head.size:
        try:
            signed = open_checkpoint(bytes(head.checkpoint), VerifierKey.parse(vkey))
            if (signed.size, signed.root) != (head.size, bytes(head.root)):
                wrong.append("what the record's key has signed is not the head in the backup.")
        except RecordError as error:
            wrong.append(f"the head in the backup is not signed by the record's key: {error}")
    key = keys.create(organisation)
    if head.size:
        again = Checkpoint(organisation.origin, head.size, bytes(head.root)).sign(key)
        Head.objects.filter(pk=organisation_id).update(checkpoint=again)
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        try:
            size = export_to(organisation, Path(folder))
            report = audit_export(Path(folder))
        except (RecordError, Unusable) as error:
            return Drilled(organisation.slug, head.size, (*wrong, str(error)))
    for answer in report.answers:
        if answer.check.name in KEY_CHECKS:
            continue
        wrong += [one.sentence for one in answer.findings if one.severity == "breach"]
        wrong += [f"{answer.check.name}: {answer.unfinished}"] if answer.unfinished else []
    return Drilled(organisation.slug, size, tuple(wrong))


if __name__ == "__main__":
    print(json.dumps([asdict(one) for one in _inside(Path(sys.argv[1]), Path(sys.argv[2]))]))
