# SPDX-License-Identifier: AGPL-3.0-or-later
"""The source tree as the lints walk it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/kollontai"
STATIC = PACKAGE / "web/static/kollontai"
LIBRARIES = ("openrecord", "counting", "sealedballot", "auditor", "bylaws")


@cache
def kept() -> tuple[Path, ...]:
    """Files of the repository: those git knows and those it would take in."""
    listed = subprocess.run(
        # The tree may belong to another user than the one who tests it.
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def written() -> Iterator[tuple[Path, str]]:
    """Files that we wrote ourselves, with their text: not what others made, not what was measured."""
    for path in kept():
        inside = path.relative_to(ROOT).parts
        if "vendor" in inside or inside[:2] == ("tests", "data") or path.name == "LICENSE":
            continue
        try:
            yield path, path.read_text()
        except UnicodeDecodeError:
            continue


def modules(folder: Path = PACKAGE) -> Iterator[Path]:
    """Python files of the package, migrations apart: those are written by Django."""
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree, read once."""
    return ast.parse(path.read_text(), filename=str(path))


def short(path: Path) -> str:
    """A path as a reader of the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def chapters() -> list[Path]:
    """The chapters that stand so far: those with rows or rules."""
    found = (PACKAGE / "chapters").iterdir()
    return sorted(path for path in found if (path / "models.py").exists() or (path / "rules.py").exists())
