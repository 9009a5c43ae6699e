# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads brought along from another program."""

from __future__ import annotations

from dataclasses import dataclass

from kollontai.openrecord.facts import Fact, kind


@kind("archive.imported", link="accountable", audience="members", commits=("thread",))
@dataclass(frozen=True, slots=True)
class ArchiveImported(Fact):
    """A member brought a thread along from elsewhere, to be read; nothing in it was checked here.

    `source`: the program whose export it comes from ("loomio", "mbox"). The thread is one JSON text; the
    names in it are those of the file and nobody's here.
    """

    archive: str
    source: str
