# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes docs/dependencies.md: what we use that others made, with versions and licences.

Versions are those of requirements/*.txt, licences those of the installed packages' own metadata, and of the
tables beside vendored files. `python -m tools.dependencies` writes it; a test fails while it is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/dependencies.md"
SETS = {
    "At run time": "requirements/run.txt",
    "Only in tests and checks": "requirements/test.txt",
    "Only as peers of the counting tests": "tests/against/counting/requirements.txt",
}
VENDORED = ("src/kollontai/web/static/kollontai/vendor/VENDOR.md", "tests/vendor/VENDOR.md")

COMPATIBLE = frozenset(
    {
        "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause",
        "CC0-1.0", "GPL-3.0-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU",
        "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib",
    }
)  # fmt: skip
"""Licences whose work may be part of a whole under AGPL-3.0-or-later. BSD: metadata does not say which."""

BESIDE = {"codespell": "run as a program of its own; nothing of it is linked or handed on"}
"""Tools under a licence that is not compatible, and why that does not matter."""

NOT_HERE = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}
"""Packages that other systems need: they are pinned, and not installed where this page is written."""

_SPELT = {
    "BSD License": "BSD",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
}
"""Licences as older metadata spells them."""


@dataclass(frozen=True)
class Package:
    """Something that others made: its name, the version that is pinned, its licence as SPDX spells it."""

    name: str
    version: str
    licence: str


def pinned(path: str) -> Iterator[tuple[str, str]]:
    """Name and version of each line of a requirements file, in its order."""
    for line in (ROOT / path).read_text("utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", line):
            yield found[1], found[2]


def licence_of(name: str) -> str:
    """The licence of an installed package, from its metadata.

    Raises LookupError if it names none, or is not installed and not in NOT_HERE.
    """
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return NOT_HERE[name]
    if expression := said.get("License-Expression"):
        return expression
    named = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License")]
    spelt = [(said.get("License") or "").strip(), *named]
    for one in spelt:
        if one in COMPATIBLE or one in _SPELT:
            return _SPELT.get(one, one)
    raise LookupError(f"The metadata of {name} names no licence that is known here: {spelt}.")


def parts_of(licence: str) -> list[list[str]]:
    """The choices an SPDX expression leaves, each with all licences that then hold together."""
    return [[part.strip(" ()") for part in choice.split(" AND ")] for choice in licence.split(" OR ")]


def is_compatible(licence: str) -> bool:
    """Whether some choice has only licences that go with AGPL-3.0-or-later."""
    return any(all(part in COMPATIBLE for part in choice) for choice in parts_of(licence))


def packages(path: str) -> list[Package]:
    """Everything a requirements file pins."""
    return [Package(name, version, licence_of(name)) for name, version in pinned(path)]


def vendored(path: str) -> list[Package]:
    """What lies in the tree as others made it, by the table beside it."""
    rows = re.findall(
        r"^\| `[^`]+` \| `([^`]+)` \| ([\d.]+) \| ([\w.-]+) \|", (ROOT / path).read_text(), re.M
    )
    return [Package(*row) for row in sorted(set(rows))]


def page() -> str:
    """The whole page."""
    lines = [
        "# What others made",
        "",
        "Kollontai is under AGPL-3.0-or-later. This page is written by `python -m tools.dependencies` from",
        "`requirements/*.txt`, the metadata of the installed packages and the tables beside vendored files.",
        "A test (`tests/lints/test_dependencies.py`) fails when it is stale, when a licence is unknown, and",
        "when one does not go with ours.",
    ]
    seen: set[str] = set()
    groups = [(title, packages(path)) for title, path in SETS.items()]
    groups[1:1] = [("Vendored for pages", vendored(VENDORED[0]))]
    groups.append(("Vendored for tests", vendored(VENDORED[1])))
    for title, some in groups:
        new = [one for one in some if one.name not in seen]
        seen |= {one.name for one in new}
        lines += ["", f"## {title}", "", "| package | version | licence |", "|---|---|---|"]
        for one in new:
            note = f"; {BESIDE[one.name]}" if one.name in BESIDE else ""
            lines.append(f"| `{one.name}` | {one.version} | {one.licence}{note} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
