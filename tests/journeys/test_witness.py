# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another installation witnesses the record, and a member's copy brings its word home."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import Opener
from tests.journeys.houses import House, command
from tests.journeys.letters import Correspondent, members_of

pytestmark = [pytest.mark.journey, pytest.mark.any_database]


def done(house: House, *words: str | Path) -> str:
    """Run a command that must succeed; return what it says."""
    ran = house.command(*words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()


def audited(folder: Path, policy: Path) -> tuple[int, dict[str, object]]:
    """Audit a copy far from either house."""
    ran = command(folder.parent / "nowhere", "", "audit", folder, "--policy", policy, "--json")
    return ran.returncode, json.loads(ran.stdout)


def test_a_copy_is_checked_against_the_word_of_a_second_installation(
    open_house: Opener, tmp_path: Path
) -> None:
    house, neighbour = open_house("demonstration"), open_house("bare")
    theirs = done(neighbour, "witness", "key")
    done(neighbour, "witness", "follow", house.vkey.read_text().strip())
    done(house, "witness", "add", "tidewater", f"{neighbour.url}/witness", theirs)
    policy, strangers = tmp_path / "policy", tmp_path / "strangers"
    policy.write_text(f"log {house.vkey.read_text().strip()}\nwitness them {theirs}\nquorum them\n")
    ours = done(house, "witness", "key")
    strangers.write_text(f"log {house.vkey.read_text().strip()}\nwitness them {ours}\nquorum them\n")

    # Before anybody was asked the policy is not met; afterwards it is.
    done(house, "export", "tidewater", "--to", tmp_path / "before")
    assert audited(tmp_path / "before", policy)[0] == 1
    assert "cosigned" in done(house, "witness", "ask", "tidewater")
    done(house, "export", "tidewater", "--to", tmp_path / "asked")
    status, report = audited(tmp_path / "asked", policy)
    assert (status, report["findings"]) == (0, [])
    assert audited(tmp_path / "asked", strangers)[0] == 1

    # The same files for everybody; the witness's word stands beside them.
    for path in (tmp_path / "before").rglob("*"):
        if path.is_file():
            same = tmp_path / "asked" / path.relative_to(tmp_path / "before")
            assert same.read_bytes() == path.read_bytes(), path

    # The record goes on; what the witness has seen is still vouched for, and the rest is said.
    sara = Correspondent(house)
    sara.enters_as(members_of(house)["Nadia Okonjo"])
    sara.sends("issues/4/speak/", form="issues/4/", stance="for", text="And a word more.")
    done(house, "export", "tidewater", "--to", tmp_path / "later")
    assert (tmp_path / "later" / "checkpoint").read_bytes() != (
        tmp_path / "asked" / "checkpoint"
    ).read_bytes()
    status, report = audited(tmp_path / "later", policy)
    assert (status, report["findings"]) == (0, [])
    assert "are not witnessed yet" in json.dumps(report["observations"])
