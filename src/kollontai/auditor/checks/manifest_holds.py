# SPDX-License-Identifier: AGPL-3.0-or-later
"""Are the files those that the signed list names, no fewer and no more?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import PROVED, Finder, Finding

QUESTION = "Is every file the one in the signed list, and is none missing or added?"
ARTICLE = 13
EVIDENCE = PROVED
FINDS = ("copies that differ",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """The manifest is signed, speaks of this record, and every file answers to it."""
    contents, manifest = audit.contents, audit.manifest
    if manifest is None:
        yield _found.breach(None, "manifest", "The export has no manifest: nobody vouches for its files.")
    else:
        for problem in manifest.problems:
            yield _found.breach(None, "manifest", problem)
        checkpoint = audit.export.checkpoint
        if checkpoint is not None and manifest.origin and manifest.origin != checkpoint.origin:
            yield _found.breach(
                None, "manifest", f"The manifest is of another record, {manifest.origin[:200]!a}."
            )
        if checkpoint is not None and manifest.size not in (-1, checkpoint.size):
            yield _found.breach(
                None, "manifest",
                f"The manifest speaks of {manifest.size} entries, the checkpoint of {checkpoint.size}.",
            )  # fmt: skip
    for path, why in contents.wrong_files:
        yield _found.breach(None, path, f"{path} {why}.")
    for path in contents.strays:
        yield _found.breach(None, path, f"{path[:200]} lies in the export, but no list names it.")
    for path in contents.links:
        yield _found.breach(None, path, f"{path[:200]} is no plain file that can be read.")
