# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others made lies here as its table says, named, with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.lints import woff2
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


MADE = re.compile(
    r"^\| `(?P<file>[^`]+\.woff2)` \| `(?P<of>[^`]+\.woff2)` \| `[0-9a-f]{64}` \|$", re.MULTILINE
)
NEVER_THERE = {
    "hall-serif": "ĬĭĲĳŦŧ",
    "atkinson": "\xadµĈĉĔĕĜĝĤĥĨĩĬĭĴĵĸĿŀŉŊŋŌōŎŏŖŗŜŝŦŧŨũŬŭſ",
}
"""Signs up to Latin Extended-A that the packages' own files do not know; the system's typeface shows them."""


def test_every_typeface_that_was_made_smaller_says_what_it_was_made_from() -> None:
    made = {row["file"]: row["of"] for row in MADE.finditer((STATIC / "vendor/VENDOR.md").read_text())}
    assert set(made) == {path.name for path in (STATIC / "vendor").glob("*.woff2")}
    script = (ROOT / "tools/fonts.sh").read_text()
    assert [(name, of) for name, of in made.items() if f"face {name} {of} " not in script] == []


@pytest.mark.parametrize("face", NEVER_THERE)
def test_text_and_headings_know_the_letters_of_our_languages_and_latin_extended_a(face: str) -> None:
    plain = woff2.letters(STATIC / f"vendor/{face}-latin.woff2")
    more = woff2.letters(STATIC / f"vendor/{face}-latin-ext.woff2")
    assert {ord(sign) for sign in "–—‘’‚“”„…‹›«»€ßÄÖÜäöüÑñáéíóúü¿¡·§°×−"} <= plain
    up_to_extended_a = {*range(0x20, 0x7F), *range(0xA0, 0x180)}
    assert {chr(sign) for sign in up_to_extended_a - plain - more} == set(NEVER_THERE[face])
    assert {*range(0x20, 0x7F), *range(0xC0, 0x100)} <= plain
    assert {ord(sign) for sign in "ȘșȚțẞŴẁẂẃŸ"} <= more | plain


def test_a_typeface_whose_name_is_reserved_bears_it_no_longer_but_keeps_its_makers() -> None:
    for path in (STATIC / "vendor").glob("hall-serif-*.woff2"):
        said = woff2.names(path)
        assert "Adobe" in said[0]
        assert [text for number, text in said.items() if number and "Source" in text] == []
