# SPDX-License-Identifier: AGPL-3.0-or-later
"""Build the Go program that checks a record, from Debian's packages alone; skip loudly without them."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

GOPATH = Path("/usr/share/gocode")
SOURCE = Path(__file__).parent

Check = Callable[..., subprocess.CompletedProcess[str]]
"""Run the program on a folder, with options before it."""


def build(folder: Path) -> Check:
    """Build the program into a folder of the test's own; give a function that runs it."""
    there = {
        "golang-go": shutil.which("go") is not None,
        "golang-golang-x-mod-dev": (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir(),
    }
    missing = " and ".join(package for package, found in there.items() if not found)
    if missing:
        words = f"NOT CHECKED BY ANOTHER IMPLEMENTATION: install {missing} to have Go read our records."
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(words, stacklevel=1)
        pytest.skip(words)
    program = folder / "record_go"
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(folder / "cache"),
        "GOPROXY": "off",
    }
    command = ["go", "build", "-o", str(program), "main.go"]
    built = subprocess.run(command, cwd=SOURCE, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr

    def check(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(program), *map(str, words)], capture_output=True, text=True)

    return check
