# SPDX-License-Identifier: AGPL-3.0-or-later
"""An independent look at a record after a crash: tables by their drivers, files by the open library."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.verify import verify_directory


def check(house: Any, receipts: list[dict[str, Any]], earlier: list[Path]) -> int:
    """Nothing has a gap, nothing is lost that had a receipt, nothing forked; return the record's size."""
    entries = house.rows("SELECT position, data, leaf, ticket FROM record_entryrow ORDER BY position")
    assert [entry[0] for entry in entries] == list(range(len(entries))), "a gap in the positions"
    assert house.rows("SELECT size FROM record_head") == [(len(entries),)]
    assert house.rows("SELECT COUNT(*) FROM record_outbox") == [(0,)], "entries still wait"
    for position, data, leaf, _ in entries:
        assert sha256(b"\0" + bytes(data)).digest() == bytes(leaf), position

    told = [json.loads(bytes(data)) for _, data, _, _ in entries]
    votes = sorted((entry["f"]["poll"], entry["actor"]) for entry in told if entry["kind"] == "ballot.cast")
    assert votes == sorted(house.rows("SELECT poll_id, voter_id FROM voting_openballot")), (
        "rows and entries differ"
    )
    words = {commitment for entry in told for commitment in entry.get("c", {}).values()}
    assert words == {row[0] for row in house.rows("SELECT commitment FROM record_content")}, (
        "words and entries differ"
    )

    for receipt in receipts:
        for position in receipt["positions"]:
            assert entries[position][3] == receipt["ticket"], f"the receipt for {position} holds no longer"
            assert told[position]["actor"] == receipt["actor"]

    record = RecordDirectory(house.record)
    assert list(record.raw_entries()) == [bytes(entry[1]) for entry in entries], "files and tables differ"
    for old in [None, *earlier]:
        report = verify_directory(record, vkey=record.log_key(), old=old)
        assert (report.problems, report.entries) == ((), len(entries)), old
    return len(entries)
