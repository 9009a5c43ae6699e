# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to the files of an export, to its past and to its signatures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kollontai.auditor import Report, Unusable, audit_export
from kollontai.cli.audit import audit
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.cosignature import cosign
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import COSIGNATURE, SigningKey
from kollontai.openrecord.note import add_signatures, parse_note
from kollontai.openrecord.policy import parse_policy
from kollontai.openrecord.tree import leaf_hash, root_of

from .story import honest
from .world import KEY, World, manifest, write


def says(report: Report, check: str) -> list[str]:
    assert not [answer.unfinished for answer in report.answers if answer.unfinished]
    return [finding.sentence for finding in report.findings if finding.check == check]


def observed(report: Report, check: str) -> list[str]:
    return [finding.sentence for finding in report.observations if finding.check == check]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return honest().export(tmp_path / "export")


def content_file(world: World, label: str, subject: str) -> str:
    return f"content/{world.shown(label, subject)}.json"


# --- the record ---


def test_a_changed_byte_in_an_entry_is_found_at_its_entry(export: Path) -> None:
    bundle = export / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"passkey"', b'"code"').replace(b'"for"', b'"not"', 1))
    report = audit_export(export)
    position = honest().find("contribution.made", stance="for")
    assert position in {finding.position for finding in report.findings if finding.check == "record_whole"}


def test_a_checkpoint_signed_by_somebody_else_is_not_believed(export: Path) -> None:
    other = SigningKey(KEY.name, KEY.type, b"x" * 32)
    assert says(audit_export(export, vkey=other.verifier), "record_whole")
    assert not says(audit_export(export, vkey=KEY.verifier), "record_whole")


def test_a_missing_bundle_is_found(export: Path) -> None:
    (export / "tile/entries/000").unlink()
    assert says(audit_export(export), "record_whole")


def test_a_record_opened_under_another_name_is_found(tmp_path: Path) -> None:
    world = honest()
    world.change(0, origin="records.example/elsewhere")
    assert any("was opened as" in one for one in says(audit_export(world.export(tmp_path)), "record_whole"))


# --- its past ---


def earlier(tmp_path: Path, size: int) -> Path:
    world = honest()
    del world.chain[size:]
    return world.export(tmp_path / "old")


def test_an_earlier_copy_is_the_beginning_of_the_later_one(export: Path, tmp_path: Path) -> None:
    old = earlier(tmp_path, 100)
    assert says(audit_export(export, old=old), "history_kept") == []
    assert says(audit_export(export, old=old / "checkpoint"), "history_kept") == []


def test_a_rewritten_past_is_found_at_the_first_entry_that_differs(tmp_path: Path) -> None:
    old = earlier(tmp_path, 100)
    world = honest()
    world.change(60, at=world.chain[60].at)
    world.chain[60] = type(world.chain[60])(*_fields(world, 60))
    report = audit_export(world.export(tmp_path / "export"), old=old)
    found = [finding for finding in report.findings if finding.check == "history_kept"]
    assert [finding.position for finding in found] == [60]
    assert report.findings == found  # nothing but the earlier copy can tell


def _fields(world: World, position: int) -> list[object]:
    entry = world.chain[position]
    return [entry.at, entry.org, entry.actor, entry.auth, b"\x07" * 16, entry.fact, entry.commitments]


def test_a_record_that_was_cut_is_found(tmp_path: Path) -> None:
    old = honest().export(tmp_path / "export")
    new = earlier(tmp_path, 150)
    assert any("it was cut" in one for one in says(audit_export(new, old=old), "history_kept"))


def test_the_stamp_of_an_earlier_export_must_be_its_own(tmp_path: Path) -> None:
    world = honest()
    at = world.find("export.stamped")
    size = world.chain[at].fact.size  # type: ignore[attr-defined]
    old = earlier(tmp_path, size)
    assert says(audit_export(world.export(tmp_path / "export"), old=old), "export_stamps")


# --- the list of files ---


def test_an_altered_file_a_missing_file_and_a_file_too_many_are_found(export: Path) -> None:
    world = honest()
    gone = content_file(world, "letter.text", "l0001")
    (export / gone).unlink()
    (export / "state.json").write_bytes((export / "state.json").read_bytes() + b"\n")
    (export / "extra.txt").write_text("hello")
    found = says(audit_export(export), "manifest_holds")
    assert any("state.json is not the file" in one for one in found)
    assert any(gone in one and "not there" in one for one in found)
    assert any("extra.txt" in one for one in found)


def test_a_list_signed_by_nobody_is_found(export: Path) -> None:
    text = (export / "manifest").read_bytes()
    (export / "manifest").write_bytes(text.rpartition(b"\n\n")[0] + b"\n\n")
    assert says(audit_export(export), "manifest_holds")
    (export / "manifest").unlink()
    assert any("no manifest" in one for one in says(audit_export(export), "manifest_holds"))


def test_a_list_of_another_size_is_found(export: Path) -> None:
    files = honest().files()
    (export / "manifest").write_bytes(manifest(files, 3))
    assert any("3 entries" in one for one in says(audit_export(export), "manifest_holds"))


def test_a_link_out_of_the_export_is_not_followed(export: Path, tmp_path: Path) -> None:
    state = (export / "state.json").rename(tmp_path / "elsewhere")
    (export / "state.json").symlink_to(state)
    assert any("no plain file" in one for one in says(audit_export(export), "manifest_holds"))


def test_a_file_too_many_is_found_even_where_the_list_names_it(tmp_path: Path) -> None:
    files = honest().files() | {f"content/{'ab' * 32}.json": b"{}"}
    write(tmp_path, files, len(honest().chain))
    assert any("never committed to" in one for one in says(audit_export(tmp_path), "content_opens"))


def test_the_claim_cut_in_the_middle_is_found(export: Path) -> None:
    data = (export / "state.json").read_bytes()
    (export / "state.json").write_bytes(data[: len(data) // 2])
    assert any("cannot be read on" in one for one in says(audit_export(export), "state_matches"))


# --- witnesses ---


def test_a_policy_asks_for_its_witnesses(export: Path) -> None:
    witness = SigningKey("witness.example", COSIGNATURE, b"w" * 32).verifier
    policy = parse_policy(f"log {KEY.verifier}\nwitness w {witness}\nquorum w\n".encode())
    assert says(audit_export(export, policy=policy), "witnessed")
    alone = parse_policy(f"log {KEY.verifier}\nquorum none\n".encode())
    assert not says(audit_export(export, policy=alone), "witnessed")


WITNESS = SigningKey("witness.example", COSIGNATURE, b"w" * 32)
POLICY = parse_policy(f"log {KEY.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n".encode())


def seen_by_the_witness(export: Path, size: int, *, root: bytes | None = None) -> bytes:
    """The checkpoint of the first entries, with the line of the witness."""
    leaves = [leaf_hash(raw) for raw in RecordDirectory(export).raw_entries()]
    checkpoint = Checkpoint(KEY.name, size, root or root_of(leaves[:size]))
    note = checkpoint.sign(KEY)
    return add_signatures(note, [cosign(WITNESS, parse_note(note)[0], time=1_770_000_000)])


def test_a_witness_that_has_seen_all_of_it_satisfies_the_policy(export: Path) -> None:
    size = len(honest().chain)
    (export / "witnessed").write_bytes(seen_by_the_witness(export, size))
    report = audit_export(export, policy=POLICY)
    assert report.ok, report.text()
    assert not observed(report, "witnessed")


def test_what_the_witness_has_not_seen_yet_is_said_and_is_no_breach(export: Path) -> None:
    (export / "witnessed").write_bytes(seen_by_the_witness(export, 100))
    report = audit_export(export, policy=POLICY)
    assert report.ok, report.text()
    assert any("first 100 entries" in one for one in observed(report, "witnessed"))


def test_a_history_that_the_witness_was_not_shown_is_found(export: Path) -> None:
    (export / "witnessed").write_bytes(seen_by_the_witness(export, 100, root=b"r" * 32))
    assert any("another history" in one for one in says(audit_export(export, policy=POLICY), "witnessed"))


def test_a_record_shorter_than_what_the_witness_saw_is_found(export: Path) -> None:
    (export / "witnessed").write_bytes(seen_by_the_witness(export, len(honest().chain) + 1, root=b"r" * 32))
    assert any("not this record" in one for one in says(audit_export(export, policy=POLICY), "witnessed"))


@pytest.mark.parametrize("note", [b"", b"\xff\x00", b"words\n", b"a" * 200_000])
def test_nonsense_in_place_of_witnesses_is_found_where_they_are_asked_for(export: Path, note: bytes) -> None:
    (export / "witnessed").write_bytes(note)
    assert says(audit_export(export, policy=POLICY), "witnessed")
    assert audit_export(export).ok


def test_a_line_of_the_record_alone_is_no_witness(export: Path) -> None:
    (export / "witnessed").write_bytes((export / "checkpoint").read_bytes())
    assert says(audit_export(export, policy=POLICY), "witnessed")


def test_a_link_in_place_of_the_witnesses_is_not_followed(export: Path, tmp_path: Path) -> None:
    (tmp_path / "note").write_bytes(seen_by_the_witness(export, 100))
    (export / "witnessed").symlink_to(tmp_path / "note")
    report = audit_export(export, policy=POLICY)
    assert says(report, "witnessed")
    assert says(report, "manifest_holds")


# --- the command ---


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(audit, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_command_says_what_it_found_and_what_it_could_not_see(export: Path) -> None:
    code, text = run(export)
    assert code == 0
    assert "Record of records.example/harbour" in text
    assert "Nothing found." in text
    assert "What this check could not see:" in text
    assert "the key was taken from this export alone" in text
    pinned = run(export, "--vkey", KEY.verifier, "--old", export)[1]
    assert "from this export alone" not in pinned


def test_the_command_groups_findings_by_article(tmp_path: Path) -> None:
    world = honest()
    world.row("terms", post="chair")["ends_at"] = "2027-01-01T00:00:00Z"
    code, text = run(world.export(tmp_path))
    assert code == 1
    assert "1 finding." in text
    assert "Article 14 · Everything is on the record" in text
    assert "[state_matches]" in text


def test_the_command_speaks_json(export: Path) -> None:
    (export / "extra.txt").write_text("hello")
    code, text = run(export, "--json")
    report = json.loads(text)
    assert code == 1
    assert report["size"] == len(honest().chain)
    assert [finding["check"] for finding in report["findings"]] == ["manifest_holds"]
    assert {"question", "article", "evidence", "findings"} <= report["checks"][0].keys()
    assert report["not_seen"]


def test_what_cannot_be_audited_is_said_in_one_sentence(tmp_path: Path, export: Path) -> None:
    for arguments in (
        [tmp_path / "nowhere"],
        [tmp_path],
        [export, "--vkey", "nonsense"],
        [export, "--old", tmp_path],
    ):
        code, text = run(*arguments)
        assert code != 0
        assert "Traceback" not in text
        assert text.strip().splitlines()[-1].startswith("Error: ")


def test_an_empty_folder_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        audit_export(tmp_path)


def test_an_export_without_a_key_proves_nothing(export: Path) -> None:
    (export / "log.vkey").unlink()
    assert any("nothing is proved" in one for one in says(audit_export(export), "record_whole"))


def test_an_export_without_a_checkpoint_is_still_read(export: Path) -> None:
    (export / "checkpoint").unlink()
    report = audit_export(export)
    assert says(report, "record_whole")
    assert report.last_at is not None


def test_an_export_is_the_same_wherever_it_lies(export: Path, tmp_path: Path) -> None:
    shutil.copytree(export, tmp_path / "copy")
    assert audit_export(export).to_json() == audit_export(tmp_path / "copy").to_json()
