# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long an audit takes: a made-up organisation of 2,000 members that talks and votes for decades.

    python -m benchmarks audit                             1,000,000 entries, their rows, no words
    python -m benchmarks.audit --entries 50000 --words     50,000 entries, their rows and every word

Bar (DESIGN.md): all checks over 1,000,000 entries in 20 CPU seconds and 1 GiB. Without words the export is
the one for the world: everything but the recount and the texts is checked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from kollontai.auditor import audit_export
from kollontai.auditor.limits import newest
from kollontai.openrecord import entries, tiles
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.commitment import commit
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.note import Signature
from kollontai.openrecord.tree import Edge

ORIGIN = "records.example/large"
ORG = "largeorganisation"
KEY = SigningKey(ORIGIN, 1, b"b" * 32)
ZONE = ZoneInfo("UTC")
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MEMBERS = 2_000
WORDS_AN_ISSUE = 1_200
BALLOTS = 1_600
LISTS = (
    "alternatives", "amendment_supporters", "amendments", "archives", "attachments", "ballots", "begun",
    "big_calls", "boxes", "candidate_words", "charters", "claims", "combination_yes", "combinations",
    "contact_changes", "contents", "contributions", "draft_supporters", "drafts", "dues", "effects",
    "elections", "fact_covers", "invitations", "issues", "law_notes", "letter_vouchers", "letters", "lots",
    "marks", "members", "merge_yeses", "namings",
    "nominations", "offers", "outside_entries", "petitions", "pointers", "polls", "posts",
    "questions_again", "quiet_days", "resolutions", "revisions", "said_as_leader", "samples",
    "shortening_supporters", "shortenings", "signatures", "spoken_of", "stages", "statements", "supporters",
    "terms", "ties", "units", "voters", "voting_days", "vouchers", "waiting", "write_ins",
)  # fmt: skip


KEYS = {
    "ballots": ("poll", "voter"),
    "begun": ("thing",),
    "charters": ("version",),
    "contents": ("commitment",),
    "draft_supporters": ("draft", "member"),
    "invitations": ("member",),
    "stages": ("issue", "stage"),
    "supporters": ("issue", "member"),
    "voters": ("poll", "member"),
}
"""By which fields lists are in order, where it is not the id alone."""


def spell(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def evening(begins: datetime, days: int) -> datetime:
    least = begins + timedelta(days=days)
    at_eight = least.replace(hour=20, minute=0)
    return at_eight if at_eight >= least else at_eight + timedelta(days=1)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


class Writer:
    """Writes an export entry by entry; what a row needs goes to a file of its own until the end."""

    def __init__(self, folder: Path, words: bool) -> None:
        self.folder = folder
        self.words = words
        self.chance = random.Random(7)
        self.edge = Edge()
        self.waiting: list[bytes] = []
        self.tail: list[bytes] = []
        self.size = 0
        self.hashes: list[tuple[str, str]] = []
        self.lists: dict[str, TextIO] = {name: (folder / f"{name}.part").open("w") for name in LISTS}
        self.limits = {key: bound.default for key, bound in newest().limits["normal"].items()}

    def entry(
        self, at: datetime, actor: str, kind: str, fields: dict[str, Any], **texts: str
    ) -> dict[str, str]:
        made = {}
        author = fields["member"] if kind == "member.invited" else actor
        for name, text in texts.items():
            salt = self.chance.randbytes(32)
            value = commit(org=ORG, kind=kind, field=name, author=author, salt=salt, value=text.encode())
            made[name] = value.hex()
            self._content(made[name], kind, name, author, salt, text)
        core: dict[str, Any] = {
            "actor": actor,
            "at": spell(at),
            "auth": "clock" if actor == "clock" else "code",
            "f": fields,
            "kind": kind,
            "n": self.chance.randbytes(16).hex(),
            "org": ORG,
            "v": 1,
        }
        if made:
            core["c"] = made
        data = json.dumps(core, sort_keys=True, separators=(",", ":")).encode()
        if self.size % 997 == 0:
            entries.from_bytes(data)
        self.waiting.append(data)
        self.size += 1
        if len(self.waiting) >= 1 << 16:
            self.flush()
        return made

    def _content(self, key: str, kind: str, name: str, author: str, salt: bytes, text: str) -> None:
        audience = "world" if kind in ("founding.opened", "unit.created", "poll.counted") else "members"
        self.row(
            "contents", commitment=key, kind=kind, field=name, author=author, audience=audience,
            held_until="", erased=False,
        )  # fmt: skip
        if self.words or audience == "world":
            core = {
                "kind": kind,
                "field": name,
                "author": author,
                "audience": audience,
                "salt": salt.hex(),
                "value": text,
            }
            data = json.dumps(core, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            self.file(f"content/{key}.json", data)

    def row(self, table: str, **fields: Any) -> None:
        order = "/".join(str(fields[key]) for key in KEYS.get(table, (table[:-1],)))
        self.lists[table].write(f"{order}\t{_json(fields)}\n")

    def point(self, label: str, subject: str, commitment: str) -> None:
        self.lists["pointers"].write(f"{label}/{subject}\t{_json([label, subject, commitment])}\n")

    def file(self, path: str, data: bytes) -> None:
        place = self.folder / "export" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.hashes.append((path, hashlib.sha256(data).hexdigest()))

    def flush(self) -> None:
        for path, data in tiles.grow(self.edge, self.tail, self.waiting):
            self.file(path, data)
        self.tail = (self.tail + self.waiting)[len(self.tail + self.waiting) - self.edge.size % 256 :]
        self.waiting = []

    def finish(self, organisation: dict[str, Any]) -> Path:
        self.flush()
        self.file("checkpoint", Checkpoint(ORIGIN, self.edge.size, self.edge.root()).sign(KEY))
        self.file("log.vkey", f"{KEY.verifier}\n".encode())
        place = self.folder / "export" / "state.json"
        level = "members" if self.words else "world"
        with place.open("w") as claim:
            first = {
                "v": 1,
                "level": level,
                "organisation": organisation,
                "record": {"size": self.size},
                "articles": {"version": newest().version, "sha256": newest().sha256},
                "limits": self.limits,
            }
            claim.write(_json(first)[:-1])
            for name, part in self.lists.items():
                part.close()
                claim.write(f',"{name}":[')
                rows = (self.folder / f"{name}.part").read_text().splitlines()
                claim.write(",".join([row.partition("\t")[2] for row in sorted(rows)]))
                claim.write("]")
            claim.write("}")
        with place.open("rb") as file:
            self.hashes.append(("state.json", hashlib.file_digest(file, "sha256").hexdigest()))
        text = f"kollontai manifest v1\n{ORIGIN}\n{self.size}\n{level}\n"
        text += "".join(f"{digest}  {path}\n" for path, digest in sorted(dict(self.hashes).items()))
        line = Signature(KEY.name, KEY.verifier.key_id, KEY.sign(text.encode())).line()
        (self.folder / "export" / "manifest").write_bytes(text.encode() + b"\n" + line.encode())
        return self.folder / "export"


def found(writer: Writer, members: list[str]) -> dict[str, Any]:
    opener = members[0]
    made = writer.entry(
        START,
        opener,
        "founding.opened",
        {
            "origin": ORIGIN,
            "zone": "UTC",
            "preset": "normal",
            "joining": "open",
            "articles_version": newest().version,
            "articles_sha256": newest().sha256,
            "limits": writer.limits,
            "listed": members,
        },
        name="Large",
        unit_word="branch",
        charter="We decide together.",
    )
    writer.point("organisation.name", ORG, made["name"])
    writer.point("organisation.unit_word", ORG, made["unit_word"])
    writer.point("charter.text", "1", made["charter"])
    writer.row(
        "charters", version=1, what="founded", key="", value=None, of=None, was=None, was_of=None,
        joining="", issue="", draft="", since=spell(START),
    )  # fmt: skip
    made = writer.entry(START, opener, "unit.created", {"unit": "root"}, name="Large")
    writer.row("units", unit="root", parent=None, merged_into=None, merged_at=None)
    writer.row("begun", thing="root", at=spell(START))
    writer.point("unit.name", "root", made["name"])
    for member in members:
        fields = {"member": member, "unit": "root", "ground": "founding"}
        made = writer.entry(START, opener, "member.invited", fields, name=f"Name of {member}")
        writer.point("member.name", member, made["name"])
        writer.row("invitations", member=member, by=opener, at=spell(START))
        writer.row(
            "members", member=member, unit="root", standing="member", ground="founding",
            joined_at=spell(START), left_at=None, signed=True, contact=True,
        )  # fmt: skip
    needed = -(-2 * len(members) // 3)
    for number, member in enumerate(members, 1):
        writer.entry(START, member, "charter.signed", {"member": member})
        admitted = {"unit": "root", "ground": "founder"}
        if number == needed:
            writer.entry(START, member, "organisation.founded", {"signed": needed, "listed": len(members)})
            for signer in members[:needed]:
                writer.entry(START, member, "member.admitted", {"member": signer, **admitted})
        elif number > needed:
            writer.entry(START, member, "member.admitted", {"member": member, **admitted})
    return {
        "id": ORG,
        "origin": ORIGIN,
        "zone": "UTC",
        "preset": "normal",
        "joining": "open",
        "opened_at": spell(START),
        "founded_at": spell(START),
        "signed": len(members),
        "listed": len(members),
    }


def issue(writer: Writer, number: int, begins: datetime, members: list[str]) -> datetime:
    """One issue from its raising to its decision; returns when it ended."""
    name, draft, poll, at = f"i{number:06d}", f"d{number:06d}", f"p{number:06d}", begins
    raiser, needed, limits = members[number % len(members)], 12, writer.limits
    fields = {
        "issue": name,
        "number": number,
        "unit": "root",
        "weight": "ordinary",
        "by_leader": False,
        "needed": needed,
        "lapses_at": spell(at + timedelta(days=90)),
        "limits": limits,
    }
    made = writer.entry(at, raiser, "issue.raised", fields, title="A title", text="A text")
    writer.point("issue.title", name, made["title"])
    writer.point("issue.text", name, made["text"])
    put = {"draft": draft, "issue": name, "first": True}
    words = writer.entry(at, raiser, "draft.put", put, title="A draft", text=f"We decide {name}.")
    writer.point("draft.title", f"{draft}/1", words["title"])
    writer.point("draft.text", f"{draft}/1", words["text"])
    writer.row("draft_supporters", draft=draft, member=raiser, at=spell(at), write_in="")
    writer.row(
        "drafts", draft=draft, issue=name, letter="A", mover=raiser, first=True, version=1, put_at=spell(at),
        withdrawn_at=None,
    )  # fmt: skip
    for more in range(needed):
        supporter = members[(number + more) % len(members)]
        if more:
            writer.entry(at, supporter, "issue.supported", {"issue": name})
        writer.row("supporters", issue=name, member=supporter, at=spell(at), withdrawn_at=None, write_in="")
    ends = evening(at, limits["D1.ordinary"])
    writer.entry(at, supporter, "stage.begun", {"issue": name, "stage": "talk", "ends_at": spell(ends)})
    writer.row("stages", issue=name, stage="talk", began_at=spell(at), ends_at=spell(ends))
    for one in range(WORDS_AN_ISSUE):
        said, author = f"c{number:06d}x{one}", members[(number * 31 + one * 7) % len(members)]
        when = at + timedelta(minutes=5 + one // 4)
        said_fields = {"contribution": said, "issue": name, "stage": "talk", "stance": "for"}
        made = writer.entry(when, author, "contribution.made", said_fields, text=f"My word on it is {said}.")
        writer.point("contribution.text", f"{said}/1", made["text"])
        writer.row(
            "contributions", contribution=said, issue=name, author=author, form="voice", stage="talk",
            stance="for", answers="", version=1, at=spell(when), written_by="", disowned_at=None,
        )  # fmt: skip
    closes: str | None = None
    for stage, limit in (("answer", "D3.other"), ("reply", "D4.other"), ("vote", "D5.other")):
        at, ends = ends, evening(ends, limits[limit])
        begun = {"issue": name, "stage": stage, "due": spell(at), "ends_at": spell(ends)}
        if stage == "reply":
            closes = begun["drafts_close_at"] = spell(at + (ends - at) / 2)
        writer.entry(at, "clock", "stage.begun", begun)
        writer.row("stages", issue=name, stage=stage, began_at=spell(at), ends_at=spell(ends))
    vote(writer, name, poll, at, ends, members)
    writer.entry(ends, "clock", "issue.decided", {"issue": name, "poll": poll, "outcome": "not-carried"})
    writer.row(
        "issues", issue=name, number=number, unit="root", raised_by=raiser, by_leader=False,
        weight="ordinary", limits=limits, needed=needed, raised_at=spell(begins), stage="decided",
        stage_began_at=spell(ends),
        stage_ends_at=None, drafts_close_at=closes, poll=poll, outcome="not-carried", ended_at=spell(ends),
        made_big_at=None, made_big_why="", shortened_at=None, all_led=None, for_body=None,
    )  # fmt: skip
    return ends


def vote(writer: Writer, name: str, poll: str, at: datetime, ends: datetime, members: list[str]) -> None:
    opened = {
        "poll": poll,
        "about": "issue",
        "subject": name,
        "unit": "root",
        "form": "yes_no",
        "box": "open",
        "options": ["yes", "no", "abstain"],
        "opens_at": spell(at),
        "closes_at": spell(ends),
        "roll_count": len(members),
        "quorum_bp": writer.limits["D9.ordinary"],
        "majority": [1, 2],
        "more_than": True,
    }
    paper = json.dumps({"title": "A draft", "text": f"We decide {name}."})
    due = {**opened, "due": spell(at)}
    made = writer.entry(at, "clock", "poll.opened", due, roll=json.dumps(members), paper=paper)
    writer.point("poll.roll", poll, made["roll"])
    writer.point("poll.paper", poll, made["paper"])
    for member in members:
        writer.row("voters", poll=poll, member=member)
    for one, voter in enumerate(members[:BALLOTS]):
        when = at + timedelta(minutes=1 + one // 8)
        choice = '{"choice":"yes"}' if one % 3 else '{"choice":"no"}'
        made = writer.entry(
            when, voter, "ballot.cast", {"poll": poll}, choice=choice.replace("yes", "abstain")
        )
        writer.point("ballot.choice", f"{poll}/{voter}", made["choice"])
        writer.row("ballots", poll=poll, voter=voter, at=spell(when))
    no = -(-BALLOTS // 3)
    figures = {"yes": 0, "no": no, "abstain": BALLOTS - no}
    counted = {"poll": poll, "due": spell(ends), "cast": BALLOTS, "outcome": "no", "figures": figures}
    made = writer.entry(ends, "clock", "poll.counted", counted, count=json.dumps({"yes": 0}))
    writer.point("poll.count", poll, made["count"])
    writer.row(
        "polls", **opened, status_quo="", state="counted", closed_at=spell(ends), cast=BALLOTS, outcome="no",
        figures=figures,
    )  # fmt: skip


def build(folder: Path, size: int, words: bool) -> Path:
    writer = Writer(folder, words)
    members = [f"m{number:06d}" for number in range(MEMBERS)]
    organisation = found(writer, members)
    at, number = START + timedelta(days=1), 0
    while writer.size < size:
        number += 1
        at = issue(writer, number, at, members) + timedelta(days=1)
    return writer.finish(organisation)


def measured(export: Path) -> Iterator[tuple[str, str]]:
    before, wall = time.process_time(), time.perf_counter()
    report = audit_export(export)
    cpu, wall = time.process_time() - before, time.perf_counter() - wall
    yield "entries", f"{report.size:,}"
    yield "questions", str(len(report.answers))
    yield "findings", str(len(report.findings))
    for finding in report.findings[:5]:
        yield "  ", f"{finding.check} {finding.position}: {finding.sentence}"
    yield "CPU", f"{cpu:.1f} s ({cpu / report.size * 1e6:.1f} µs an entry)"
    yield "wall", f"{wall:.1f} s"
    yield "most memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"


def main() -> None:
    """Build a large record, audit it in a process of its own, and say how long it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--words", action="store_true", help="write every word, and count again")
    parser.add_argument("--dir", type=Path, help="where to build it")
    parser.add_argument("--keep", type=Path, help="keep the export here")
    parser.add_argument("--of", type=Path, help="audit this export; build nothing")
    arguments = parser.parse_args()
    if arguments.of:
        for name, value in measured(arguments.of):
            print(f"{name:>12}  {value}", flush=True)
        return
    with tempfile.TemporaryDirectory(dir=arguments.dir) as temporary:
        began = time.perf_counter()
        export = build(Path(temporary), arguments.entries, arguments.words)
        print(f"{'built in':>12}  {time.perf_counter() - began:.0f} s", flush=True)
        if arguments.keep:
            export.rename(arguments.keep)
            export = arguments.keep
        subprocess.run([sys.executable, __file__, "--of", str(export)], check=True)


if __name__ == "__main__":
    main()
