# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the manual tells a sceptic to do by hand works, without this project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .story import honest

MANUAL = (Path(__file__).parents[2] / "docs" / "auditing.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", MANUAL, re.S)
SHELL = re.findall(r"```sh\n(.*?)```", MANUAL, re.S)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return honest().export(tmp_path / "export")


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not here")
def test_the_list_of_files_is_checked_with_sha256sum(export: Path) -> None:
    (command,) = SHELL
    assert subprocess.run(["sh", "-c", command], cwd=export, check=False).returncode == 0
    (export / "state.json").write_bytes(b"{}")
    assert subprocess.run(["sh", "-c", command], cwd=export, capture_output=True, check=False).returncode == 1


def test_the_root_is_worked_out_by_hand(export: Path) -> None:
    program = PYTHON[0]
    assert "they give its root" in run(program, export).stdout
    bundle = next((export / "tile/entries").rglob("*.p/*"))
    bundle.write_bytes(bundle.read_bytes().replace(b"yes", b"not", 1).replace(b"talk", b"vote", 1))
    assert "not whole" in run(program, export).stderr


def test_a_text_is_opened_by_hand(export: Path) -> None:
    world = honest()
    file = export / "content" / f"{world.shown('contribution.text', 'c0002/1')}.json"
    assert run(PYTHON[1], file, world.org).stdout == "m0007 said: I am for it, whatever it costs.\n"
    file.write_bytes(file.read_bytes().replace(b"for it", b"not for it"))
    assert "other words" in run(PYTHON[1], file, world.org).stderr
