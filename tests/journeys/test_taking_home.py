# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member takes home is checked there, with the server's doors shut to it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.houses import House, command
from tests.journeys.walking import Person, somebody

pytestmark = [pytest.mark.journey, pytest.mark.any_database]


def takes(person: Person, link: str, folder: Path) -> Path:
    """Download what a link leads to."""
    with person.page.expect_download() as waiting:
        person.follows(link)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_the_record_a_member_downloads_is_audited_at_home(
    browser: Browser, demonstration: House, tmp_path: Path
) -> None:
    with somebody(browser, demonstration) as pilar:
        pilar.enters_as("Pilar Thorsen")
        pilar.goes("")
        pilar.follows("Take it with you")
        packed = takes(pilar, "Download it", tmp_path)
        with somebody(browser, demonstration) as kofi:
            kofi.enters_as("Kofi Harland")
            kofi.goes("export/")
            (tmp_path / "kofi").mkdir()
            again = takes(kofi, "Download it", tmp_path / "kofi")
        pilar.goes("record/")
        vkey = takes_key(pilar, tmp_path)
    assert packed.read_bytes() == again.read_bytes(), "the same bytes for every member"
    home = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(home)
    [folder] = [path.parent for path in home.rglob("manifest")]
    audited = command(tmp_path / "nowhere", "", "audit", folder, "--vkey", vkey)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "Nothing found." in audited.stdout
    # The same record, written by whoever runs the server, is the same folder.
    copy = tmp_path / "copy"
    assert demonstration.command("export", "tidewater", "--to", copy).returncode == 0
    files = {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert files == {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    report = command(tmp_path / "nowhere", "", "audit", copy, "--old", folder, "--json")
    assert report.returncode == 0
    assert json.loads(report.stdout)
    # And one altered word is found.
    state = copy / "state.json"
    said = state.read_text()
    assert '"leading":true' in said
    state.write_text(said.replace('"leading":true', '"leading":false', 1))
    assert command(tmp_path / "nowhere", "", "audit", copy, "--vkey", vkey).returncode == 1


def takes_key(person: Person, folder: Path) -> Path:
    """Keep the public key as the page of the record shows it."""
    path = folder / "log.vkey"
    path.write_text(person.page.locator("pre").first.inner_text().strip() + "\n")
    return path


def test_a_downloaded_receipt_is_verified_with_the_public_key_alone(
    browser: Browser, demonstration: House, tmp_path: Path
) -> None:
    with somebody(browser, demonstration) as greta:
        greta.enters_as("Greta Molnar")
        greta.goes("mine/")
        greta.keeps_picture("mine-1280-light")
        greta.goes("issues/")
        greta.follows("Dues from 6 to 7 a month")
        greta.chooses("Against")
        greta.field("Your words").fill("Then pay by the quarter, and I shall not forget it.")
        greta.presses("Put it on the table")
        greta.sees("Your words stand in the talk. It stands on the record as entry")
        greta.follows("entry")
        greta.sees("Proved", "By Greta Molnar")
        greta.keeps_picture("record-entry-1280-light")
        proof = takes(greta, "Take the proof of this entry", tmp_path)
        vkey = takes(greta, "the public key", tmp_path)
    assert proof.suffix == ".tlog-proof"
    verified = command(tmp_path / "nowhere", "", "record", "verify", proof, "--vkey", vkey)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "stands on the record of demo.localhost/tidewater" in verified.stdout
    damaged = tmp_path / "damaged.tlog-proof"
    lines = proof.read_text().splitlines(keepends=True)
    damaged.write_text("".join(line.replace("extra ", "extra A") for line in lines))
    assert command(tmp_path / "nowhere", "", "record", "verify", damaged, "--vkey", vkey).returncode != 0


def test_everything_that_is_kept_about_me_is_mine_to_take(
    browser: Browser, demonstration: House, tmp_path: Path
) -> None:
    with somebody(browser, demonstration) as edda:
        edda.enters_as("Edda Kowal")
        edda.goes("mine/")
        with edda.page.expect_download() as waiting:
            edda.follows("Download it", within=edda.page.get_by_role("region", name="My data"))
        waiting.value.save_as(tmp_path / "mine.json")
    mine = json.loads((tmp_path / "mine.json").read_text())
    assert "edda.kowal@tidewater.example" in json.dumps(mine)
    assert "wim.castellane@tidewater.example" not in json.dumps(mine)
