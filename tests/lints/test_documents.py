# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the first pages a newcomer reads say of the tree is so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|html|toml|sh))(?::[^`]*)?`|\]\(([^)#:]+)\)")
MISSING_ON_PURPOSE = {"appoint.py"}
"""There is no such power, says ARCHITECTURE.md."""


@pytest.mark.parametrize(
    "page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "GLOSSARY.md"]
)
def test_every_file_that_is_named_is_there(page: str) -> None:
    tree = {
        f"/{path.relative_to(ROOT).as_posix()}"
        for top in ("src", "tests", "docs", "tools", "benchmarks", ".")
        for path in (ROOT / top).glob("*" if top == "." else "**/*")
    }
    named = {first or second for first, second in NAMED.findall((ROOT / page).read_text())}
    lost = {name for name in named if not any(path.endswith(f"/{name.rstrip('/')}") for path in tree)}
    assert lost - MISSING_ON_PURPOSE == set()
