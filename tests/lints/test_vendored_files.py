# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others made lies here unchanged, named, with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.lints.tree import ROOT, STATIC

VENDORED = [STATIC / "vendor", ROOT / "tests/vendor"]
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| `(?P<package>[^`]+)` \| (?P<version>[\d.]+) \| (?P<licence>[\w.-]+) "
    r"\| `(?P<text>[^`]+)` \| `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)


def rows(folder: Path) -> dict[str, re.Match[str]]:
    """The table of VENDOR.md, by file name."""
    return {row["file"]: row for row in ROW.finditer((folder / "VENDOR.md").read_text())}


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_vendored_file_has_the_hash_that_its_table_names(folder: Path) -> None:
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in rows(folder)}
    assert found == {name: row["sha256"] for name, row in rows(folder).items()}


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_vendored_file_is_in_the_table_with_its_licence_beside_it(folder: Path) -> None:
    there = {path.name for path in folder.iterdir() if "LICENSE" not in path.name}
    assert there == {*rows(folder), "VENDOR.md"}
    for row in rows(folder).values():
        assert len((folder / row["text"]).read_text()) > 500


def test_the_stylesheet_points_only_at_files_that_are_here() -> None:
    sheet = (STATIC / "kollontai.css").read_text()
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet)
    assert len(addresses) >= 6
    assert [address for address in addresses if not (STATIC / address).is_file()] == []


def test_pico_points_at_nothing_outside_itself() -> None:
    sheet = (STATIC / "vendor/pico.min.css").read_text()
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{5})|@import", sheet)
    assert set(addresses) == {"data:"}
