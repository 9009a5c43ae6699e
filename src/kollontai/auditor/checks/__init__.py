# SPDX-License-Identifier: AGPL-3.0-or-later
"""One question per file; each yields every finding and raises none.

A check's module says its `QUESTION`, the `ARTICLE` it watches, the `EVIDENCE` its answer rests on, and
which lines of the bylaws' "what the auditor finds" it answers (`FINDS`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from kollontai.auditor.findings import Evidence, Finding

if TYPE_CHECKING:
    from kollontai.auditor.audit import Audit


class _Module(Protocol):
    __name__: str
    QUESTION: str
    ARTICLE: int
    EVIDENCE: Evidence

    def check(self, audit: Audit) -> Iterator[Finding]: ...


@dataclass(frozen=True, slots=True)
class Check:
    """A question, and where it is asked."""

    name: str
    question: str
    article: int
    evidence: Evidence
    finds: tuple[str, ...]
    module: _Module

    def ask(self, audit: Audit) -> Iterator[Finding]:
        """Ask it of one audit."""
        return self.module.check(audit)


def _load() -> tuple[Check, ...]:
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        imported = importlib.import_module(f"{__name__}.{info.name}")
        module = cast(_Module, imported)
        finds: tuple[str, ...] = getattr(imported, "FINDS", ())
        found.append(Check(info.name, module.QUESTION, module.ARTICLE, module.EVIDENCE, finds, module))
    return tuple(sorted(found, key=lambda check: (check.article, check.name)))


CHECKS: tuple[Check, ...] = _load()
