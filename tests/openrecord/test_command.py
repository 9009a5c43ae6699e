# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai record`: what it prints, and its exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kollontai.cli.record import record as command
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.receipt import make_receipt
from tests.openrecord.building import (
    LOG_KEY,
    OTHER_KEY,
    WITNESS_KEY,
    contribution,
    contributions,
    cosigned,
    publish,
)


def run(*words: object) -> Result:
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("record") / "export", contributions(300))


@pytest.fixture
def spoiled(record: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(record, tmp_path / "spoiled"))
    bundle = folder / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"m-00000029", b"m-00000030"))
    return folder


@pytest.fixture
def vkey(tmp_path: Path) -> Path:
    path = tmp_path / "trusted.vkey"
    path.write_text(f"{LOG_KEY.verifier}\n", encoding="utf-8")
    return path


def test_a_sound_record_is_status_0(record: Path, vkey: Path) -> None:
    result = run("verify", record, "--vkey", vkey, "--old", record / "checkpoint")
    assert result.exit_code == 0
    assert "tidewater.example/record, 300 entries" in result.stdout
    assert "Derived again: 300 entries, 3 tiles." in result.stdout
    assert "Nothing found." in result.stdout
    assert "Note:" not in result.stdout


def test_a_spoiled_record_is_status_1_and_says_where(spoiled: Path, vkey: Path) -> None:
    result = run("verify", spoiled, "--vkey", vkey)
    assert result.exit_code == 1
    assert "Found: Entry 41 is not the one whose hash stands in the tree." in result.stdout


def test_a_rewritten_past_is_status_1(record: Path, tmp_path: Path, vkey: Path) -> None:
    rewritten = publish(tmp_path / "rewritten", [contribution(9999), *contributions(400)[1:]])
    result = run("verify", rewritten, "--vkey", vkey, "--old", record)
    assert result.exit_code == 1
    assert "The first entry that differs is 0." in result.stdout


def test_a_program_reads_the_same_report(record: Path, spoiled: Path) -> None:
    sound = json.loads(run("verify", record, "--json").stdout)
    assert (sound["ok"], sound["size"], sound["entries"], sound["problems"]) == (True, 300, 300, [])
    found = run("verify", spoiled, "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["ok"] is False


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "nowhere"),
        ("verify", "{empty}"),
        ("verify", "{record}", "--vkey", "{record}/checkpoint"),
        ("verify", "{record}", "--old", "{empty}"),
        ("verify", "{record}", "--entry", "{record}/checkpoint"),
        ("verify", "{record}/checkpoint"),
        ("verify", "{record}/checkpoint", "--vkey", "{record}/log.vkey"),
        ("verify", "{record}/checkpoint", "--vkey", "{record}/log.vkey", "--old", "{record}"),
        ("proof", "{record}", "300"),
        ("proof", "{record}", "-1"),
        ("proof", "{record}", "one"),
        ("proof", "{empty}", "0"),
        ("receipt", "{record}", "300", "-o", "{empty}/x.tlog-proof"),
        ("receipt", "{record}", "0", "-o", "{empty}/missing/x.tlog-proof"),
        ("receipt", "{record}", "0"),
    ],
)
def test_unusable_input_is_status_2_and_one_sentence(
    record: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = run(*(word.format(record=record, empty=tmp_path) for word in words))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.rstrip().splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.stderr


def test_a_receipt_is_written_and_checked(record: Path, tmp_path: Path, vkey: Path) -> None:
    path = tmp_path / "act.tlog-proof"
    assert run("receipt", record, 41, "-o", path).exit_code == 0
    result = run("verify", path, "--vkey", vkey)
    assert result.exit_code == 0
    assert "Entry 41 stands on the record of tidewater.example/record, under 300 entries." in result.stdout
    assert contribution(41).decode() in result.stdout
    values = json.loads(run("verify", path, "--vkey", vkey, "--json").stdout)
    assert (values["ok"], values["index"]) == (True, 41)


def test_a_receipt_under_another_key_is_status_1(record: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "act.tlog-proof", tmp_path / "other.vkey"
    run("receipt", record, 41, "-o", path)
    other.write_text(str(OTHER_KEY.verifier), encoding="utf-8")
    result = run("verify", path, "--vkey", other)
    assert result.exit_code == 1
    assert "Found: No known key has signed this note." in result.stdout


def test_a_receipt_without_its_entry_asks_for_it(record: Path, tmp_path: Path, vkey: Path) -> None:
    directory = RecordDirectory(record)
    path, entry = tmp_path / "bare.tlog-proof", tmp_path / "entry.json"
    path.write_bytes(make_receipt(directory.tree(), 41, directory.note()).format())
    assert run("verify", path, "--vkey", vkey).exit_code == 2
    entry.write_bytes(contribution(41))
    assert run("verify", path, "--vkey", vkey, "--entry", entry).exit_code == 0
    entry.write_bytes(contribution(42))
    assert run("verify", path, "--vkey", vkey, "--entry", entry).exit_code == 1


def test_a_receipt_is_held_against_a_policy(record: Path, tmp_path: Path) -> None:
    directory = RecordDirectory(record)
    policy, alone, witnessed = tmp_path / "policy", tmp_path / "alone", tmp_path / "witnessed"
    policy.write_text(f"log {LOG_KEY.verifier}\nwitness library {WITNESS_KEY.verifier}\nquorum library\n")
    entry = tmp_path / "entry.json"
    entry.write_bytes(contribution(41))
    alone.write_bytes(make_receipt(directory.tree(), 41, directory.note()).format())
    note = cosigned(directory.note(), WITNESS_KEY)
    witnessed.write_bytes(make_receipt(directory.tree(), 41, note).format())
    assert run("verify", alone, "--policy", policy, "--entry", entry).exit_code == 1
    result = run("verify", witnessed, "--policy", policy, "--entry", entry)
    assert result.exit_code == 0
    assert "Cosigned by library." in result.stdout


def test_a_proof_leads_from_the_entry_to_the_root(record: Path) -> None:
    result = run("proof", record, 41)
    assert result.exit_code == 0
    assert contribution(41).decode() in result.stdout
    values = json.loads(run("proof", record, 41, "--json").stdout)
    assert (values["index"], values["size"], len(values["proof"])) == (41, 300, 9)


def test_a_proof_that_would_not_hold_is_not_given(spoiled: Path, tmp_path: Path) -> None:
    assert run("proof", spoiled, 41).exit_code == 2
    output = tmp_path / "x.tlog-proof"
    assert run("receipt", spoiled, 41, "-o", output).exit_code == 2
    assert not output.exists()
    assert run("proof", spoiled, 42).exit_code == 0


@pytest.mark.parametrize("words", [(), ("verify",), ("proof",), ("receipt",)])
def test_every_help_has_an_example(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "kollontai record" in result.stdout
    assert "Example" in result.stdout
