# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens inside a visitor's copy: a process of its own, in a home of its own.

    python -m kollontai.demos.rigit.inside build|try|sql|rewrite|seat

`KOLLONTAI_HOME` is the copy's home; beside it lie the pocket of the other seat and the export. What is
wanted comes as JSON on stdin, what came back leaves as JSON on stdout. The process bounds its own time,
memory and files; whoever started it also stops it by the clock.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

SECONDS = 60  # of the processor
LARGEST_FILE = 128 * 1024 * 1024
MOST_MEMORY = 2 * 1024 * 1024 * 1024
EXPORT, POCKET, DESK = "export", "pocket", "desk.json"
BROKEN = "broken"


def main(command: str) -> int:
    """Do one thing in the copy; say what came back."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    given: dict[str, Any] = json.loads(sys.stdin.read() or "{}")
    home = Path(os.environ["KOLLONTAI_HOME"])
    _open_house(str(given.get("language", "en-gb")))
    answer = {"build": _build, "try": _try, "sql": _sql, "rewrite": _rewrite, "seat": _seat}[command](
        home, given
    )
    sys.stdout.write(json.dumps(answer))
    return 0


def _open_house(language: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kollontai.settings"
    import django

    django.setup()
    from zoneinfo import ZoneInfo

    from django.utils import timezone, translation

    translation.activate(language)
    timezone.activate(ZoneInfo("Europe/Berlin"))


def _build(home: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Build the evening that copies are made of, and let it lie beside its pocket and what is on the desk."""
    from django.db import connection

    from kollontai.chapters.record import tables
    from kollontai.demos.rigit.edits import desk, edits
    from kollontai.demos.rigit.evening import Evening
    from kollontai.demos.rigit.temptations import Scene

    home.mkdir(parents=True)
    tables.bring_up_to_date()
    evening = Evening()
    evening.build(home.parent / POCKET)
    scene = Scene()
    told = {**desk(scene), "edits": edits(scene, member=evening.pocket["member"])}
    (home.parent / DESK).write_text(json.dumps(told))
    connection.close()
    return {}


def _try(home: Path, given: dict[str, Any]) -> dict[str, Any]:
    from kollontai.demos.rigit.temptations import yield_to

    return yield_to(given["which"], {"words": str(given.get("words", ""))})


def _sql(home: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Run a statement; ask the auditor if it changed anything."""
    from kollontai.demos.rigit.shell import NotHere, run

    try:
        outcome = run(home / "kollontai.sqlite3", given["statement"])
    except NotHere as refused:
        return {"why": refused.why, "said": refused.said}
    told = asdict(outcome)
    if outcome.changed:
        told["audit"] = _audited(home)
    return told


def _audited(home: Path) -> dict[str, Any]:
    """Export the copy as it is now, and ask the auditor; a copy may be past that."""
    from kollontai.demos.rigit.seat import audited

    try:
        export = _exported(home)
    except Exception as error:  # a visitor may have written anything into any row
        return {BROKEN: f"{type(error).__name__}: {str(error)[:200]}"}
    return audited(export)


def _exported(home: Path) -> Path:
    from kollontai.demos.rigit.seat import organisation
    from kollontai.followers.export import export_to

    export = home.parent / EXPORT
    shutil.rmtree(export, ignore_errors=True)
    export_to(organisation(), export)
    return export


def _rewrite(home: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Tell the history anew; ask the auditor without and with the copy that a member took home."""
    from kollontai.chapters.petitions.models import Petition
    from kollontai.demos.rigit import rewriting
    from kollontai.demos.rigit.seat import audited
    from kollontai.demos.rigit.temptations import Scene

    scene, pocket = Scene(), home.parent / POCKET
    hers = json.loads((pocket / "pocket.json").read_text())
    petition = Petition.objects.get(organisation=scene.id, about="recall")
    take_out = {
        "critic": lambda: rewriting.critic_never_spoke(scene.critic),
        "signature": lambda: rewriting.signature_never_was(petition, hers["member"]),
    }[given["which"]]
    refused = rewriting.rewrite(scene.organisation, take_out)
    export = _exported(home)
    return {
        "which": given["which"],
        "refused": refused,
        "alone": audited(export),
        "beside": audited(export, old=pocket / "copy"),
        "parting": rewriting.parting(pocket / "copy", export),
    }


def _seat(home: Path, given: dict[str, Any]) -> dict[str, Any]:
    from kollontai.demos.rigit.seat import sees

    try:
        return sees(home.parent / POCKET, _exported(home))
    except Exception as error:  # a visitor may have written anything into any row
        return {BROKEN: f"{type(error).__name__}: {str(error)[:200]}"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
