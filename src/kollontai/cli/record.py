# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kollontai record`: check a record, prove an entry, carry a receipt home. Needs no server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from kollontai.openrecord.directory import RecordDirectory, read_verifier_keys
from kollontai.openrecord.errors import BadProof, BadSignature, MalformedReceipt, RecordError
from kollontai.openrecord.policy import Policy, parse_policy
from kollontai.openrecord.receipt import Carried, Receipt, make_receipt
from kollontai.openrecord.rotation import follow
from kollontai.openrecord.spelling import to_base64
from kollontai.openrecord.tiles import TileTree
from kollontai.openrecord.tree import leaf_hash, verify_inclusion
from kollontai.openrecord.verify import VerifyReport, verify_directory
from kollontai.openrecord.words import five_words

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
ANY = click.Path(exists=True, path_type=Path)


class Unusable(click.ClickException):
    """What we were given cannot be worked with."""

    exit_code = 2


@contextmanager
def _unusable_input() -> Iterator[None]:
    """Say in one sentence what is wrong with what we were given; exit status 2."""
    try:
        yield
    except RecordError as error:
        raise Unusable(str(error)) from None
    except OSError as error:
        raise Unusable(f"{error.filename}: {error.strerror}.") from None


@click.group()
def record() -> None:
    """Check a record, prove an entry, carry a receipt home.

    \b
    Example: kollontai record verify my-export --old last-month/checkpoint
    """


# --- verify ------------------------------------------------------------------------------------------


@record.command()
@click.argument("path", type=ANY, metavar="DIR|FILE.tlog-proof")
@click.option("--vkey", "vkey_file", type=FILE, help="The log's verifier key, from a source you trust.")
@click.option("--old", type=ANY, help="An earlier export or checkpoint: it must be where this one began.")
@click.option("--policy", "policy_file", type=FILE, help="For a receipt: trusted logs, witnesses, quorum.")
@click.option("--entry", "entry_file", type=FILE, help="For a receipt: the entry, where it carries none.")
@click.option("--json", "as_json", is_flag=True, help="Write the report for a program.")
def verify(
    path: Path,
    vkey_file: Path | None,
    old: Path | None,
    policy_file: Path | None,
    entry_file: Path | None,
    as_json: bool,
) -> None:
    """Derive a whole record again from its files, or check a receipt.

    Exit status: 0 nothing found, 1 something found, 2 unusable input.

    \b
    Examples:
      kollontai record verify my-export --vkey log.vkey --old last-month
      kollontai record verify my-act.tlog-proof --vkey log.vkey
    """
    with _unusable_input():
        vkeys = read_verifier_keys(vkey_file) if vkey_file else []
        vkey = vkeys[-1] if vkeys else None  # the newest of them
        if path.is_dir():
            if policy_file or entry_file:
                raise click.UsageError("--policy and --entry go with a receipt, not with a folder.")
            finding = _of_directory(verify_directory(path, vkey=vkey, old=old))
        else:
            if old:
                raise click.UsageError("--old goes with a folder, not with a receipt.")
            if (vkey is None) == (policy_file is None):
                raise click.UsageError("A receipt is checked against --vkey or --policy; give one of them.")
            policy = Policy.trusting(*vkeys) if vkeys else parse_policy(policy_file.read_bytes())  # type: ignore[union-attr]
            receipt = Receipt.parse(path.read_bytes())
            finding = _of_receipt(receipt, entry_file.read_bytes() if entry_file else None, policy)
    click.echo(json.dumps(finding.values, indent=2) if as_json else "\n".join(finding.lines))
    sys.exit(0 if finding.ok else 1)


@dataclass(frozen=True)
class _Finding:
    """A report, in lines for a reader and in values for a program."""

    ok: bool
    lines: list[str]
    values: dict[str, object]


def _of_directory(report: VerifyReport) -> _Finding:
    lines = []
    values: dict[str, object] = {"ok": report.ok}
    if report.checkpoint:
        head = report.checkpoint
        lines += [
            f"{head.origin}, {head.size:,} entries",
            f"root  {to_base64(head.root)}",
            f"      {five_words(head.root)}",
            f"Derived again: {report.entries:,} entries, {report.tiles:,} tiles.",
        ]
        values |= {"origin": head.origin, "size": head.size, "root": to_base64(head.root)}
    values |= {"entries": report.entries, "tiles": report.tiles}
    values |= {"problems": list(report.problems), "notes": list(report.notes)}
    lines += [f"Found: {problem}" for problem in report.problems] or ["Nothing found."]
    lines += [f"Note: {note}" for note in report.notes]
    return _Finding(report.ok, lines, values)


def _of_receipt(receipt: Receipt, entry: bytes | None, policy: Policy) -> _Finding:
    carried = None
    if entry is None:
        if receipt.extra is None:
            raise MalformedReceipt("The receipt carries no entry; give it with --entry.")
        carried = Carried.unpack(receipt.extra)
        entry = carried.entry
    values: dict[str, object] = {"index": receipt.index, "entry": entry.decode("utf-8", "replace")}
    try:
        accepted = receipt.verify(entry, policy)
        if carried:
            carried.verify_openings()
    except (BadProof, BadSignature) as error:
        return _Finding(False, [f"Found: {error}"], {"ok": False, "problems": [str(error)], **values})
    head = accepted.checkpoint
    openings = sorted(carried.openings) if carried else []
    values |= {"origin": head.origin, "size": head.size, "root": to_base64(head.root)}
    values |= {"witnesses": sorted(accepted.witnesses), "openings": openings}
    lines = [
        f"Entry {receipt.index:,} stands on the record of {head.origin}, under {head.size:,} entries.",
        f"root  {to_base64(head.root)}",
        f"      {five_words(head.root)}",
        str(values["entry"]),
    ]
    lines += [f"Its {name} is what the receipt carries." for name in openings]
    lines += [f"Cosigned by {name}." for name in sorted(accepted.witnesses)]
    return _Finding(True, lines, {"ok": True, "problems": [], **values})


# --- proof and receipt -------------------------------------------------------------------------------


def _proved(path: Path, index: int, vkey_file: Path | None) -> tuple[RecordDirectory, TileTree, bytes]:
    """Take an entry from a folder, and make sure that its proof holds under the signed root."""
    directory = RecordDirectory(path)
    key = read_verifier_keys(vkey_file)[-1] if vkey_file else directory.log_key()
    head = directory.checkpoint(follow(directory, key, directory.note()))
    tree = directory.tree(head.size)
    proof = tree.inclusion_proof(index)
    entry = directory.raw_entry(index)
    verify_inclusion(leaf_hash(entry), index, head.size, proof, head.root)
    return directory, tree, entry


def _entry_in_folder(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments DIR and INDEX, and --vkey."""
    vkey = click.option("--vkey", "vkey_file", type=FILE, help="The log's key, else the one in the folder.")
    index = click.argument("index", type=click.IntRange(min=0))
    folder = click.argument("path", type=FOLDER, metavar="DIR")
    return folder(index(vkey(command)))


@record.command()
@_entry_in_folder
@click.option("--json", "as_json", is_flag=True, help="Write it for a program.")
def proof(path: Path, index: int, vkey_file: Path | None, as_json: bool) -> None:
    """Show an entry, and the hashes that lead from it to the signed root.

    \b
    Example: kollontai record proof my-export 1921
    """
    with _unusable_input():
        directory, tree, entry = _proved(path, index, vkey_file)
        hashes = [to_base64(value) for value in tree.inclusion_proof(index)]
        head = directory.unchecked()
    values = {
        "origin": head.origin,
        "size": head.size,
        "index": index,
        "entry": entry.decode("utf-8", "replace"),
        "leaf": to_base64(leaf_hash(entry)),
        "proof": hashes,
        "root": to_base64(head.root),
    }
    if as_json:
        click.echo(json.dumps(values, indent=2))
        return
    click.echo(f"Entry {index:,} of {head.size:,} in {head.origin}")
    click.echo(values["entry"])
    click.echo(f"leaf  {values['leaf']}")
    for value in hashes:
        click.echo(f"  +   {value}")
    click.echo(f"root  {values['root']}")


@record.command()
@_entry_in_folder
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to."
)
def receipt(path: Path, index: int, vkey_file: Path | None, output: Path) -> None:
    """Write a receipt: proof to carry home that an entry stands on the record.

    \b
    Example: kollontai record receipt my-export 1921 -o my-act.tlog-proof
    """
    with _unusable_input():
        directory, tree, entry = _proved(path, index, vkey_file)
        made = make_receipt(tree, index, directory.note(), Carried(entry).pack())
        output.write_bytes(made.format())
    click.echo(f"The receipt of entry {index:,} is in {output}.")
