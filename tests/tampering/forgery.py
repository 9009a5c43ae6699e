# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody with the server and its key: tells the story anew, and signs every hash of it.

An honest export is read, its entries are bent, and a whole new export is written: tiles, checkpoint,
words with salts, the server's own claim and the list of files, each consistent with the forged story and
signed with the record's own key. Only the articles, or an earlier copy, can tell.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.roll_right import roll_shown
from kollontai.auditor.read import Export
from kollontai.auditor.rows import TABLES, Derived, Either, Pointers, content_row
from kollontai.openrecord import canonical, commitment, facts
from kollontai.openrecord.checkpoint import Checkpoint
from kollontai.openrecord.directory import RecordDirectory
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.note import sign_note
from kollontai.openrecord.tiles import grow
from kollontai.openrecord.tree import Edge

Core = dict[str, Any]


class Story:
    """The record of an export, to be told otherwise."""

    def __init__(self, export: Path, key: SigningKey) -> None:
        """Read an honest export."""
        self.key = key
        record = RecordDirectory(export)
        self.entries: list[Core] = [canonical.decode(data) for data in record.raw_entries()]
        self.contents = {path.stem: path.read_bytes() for path in (export / "content").iterdir()}
        self.claimed: Core = json.loads((export / "state.json").read_bytes())
        self.vkey = (export / "log.vkey").read_bytes()
        self.org: str = self.entries[0]["org"]
        self._mark_stamps()

    # --- reading ---

    def places(self, kind: str, *, actor: str = "", **fields: Any) -> list[int]:
        """Every position of an entry of this kind with these fields."""
        return [
            position for position, core in enumerate(self.entries)
            if core["kind"] == kind
            and (not actor or core["actor"] == actor)
            and all(core["f"].get(name) == value for name, value in fields.items())
        ]  # fmt: skip

    def find(self, kind: str, *, nth: int = 0, actor: str = "", **fields: Any) -> int:
        """The position of the nth such entry."""
        return self.places(kind, actor=actor, **fields)[nth]

    def at(self, position: int) -> str:
        """The time of an entry, as it is written."""
        return str(self.entries[position]["at"])

    # --- bending ---

    def set(self, position: int, **fields: Any) -> int:
        """Let an entry say something else."""
        self.entries[position]["f"].update(fields)
        return position

    def drop(self, *positions: int) -> None:
        """Let entries never have been."""
        for position in sorted(positions, reverse=True):
            del self.entries[position]

    def insert(
        self, position: int, kind: str, actor: str, *, at: str = "", auth: str = "code", author: str = "",
        **fields: Any,
    ) -> int:  # fmt: skip
        """Let something have been done before the entry that stands here; say where it now stands.

        `author`: whose its words are, where not the actor's.
        """
        words = {name[5:]: value for name, value in fields.items() if name.startswith("text_")}
        core: Core = {
            "v": 1, "kind": kind, "at": at or self.at(min(position, len(self.entries) - 1)), "org": self.org,
            "actor": actor, "auth": "clock" if actor == "clock" else auth, "n": secrets.token_hex(16),
            "f": {name: value for name, value in fields.items() if not name.startswith("text_")},
        }  # fmt: skip
        if words:
            core["c"] = {
                name: self.write_words(kind, name, author or actor, value) for name, value in words.items()
            }
        self.entries.insert(position, core)
        return position

    def write_words(self, kind: str, field: str, author: str, value: str) -> str:
        """Make a content that opens; return its commitment."""
        salt = commitment.new_salt()
        made = commitment.commit(
            org=self.org, kind=kind, field=field, author=author, salt=salt, value=value.encode()
        ).hex()
        audience = facts.KINDS[kind].audience
        self.contents[made] = canonical.encode(
            {
                "kind": kind,
                "field": field,
                "author": author,
                "audience": audience,
                "salt": salt.hex(),
                "value": value,
            }
        )
        return made

    def words(self, position: int, field: str) -> Any:
        """The words an entry commits to, read as JSON."""
        return json.loads(self.words_text(position, field))

    def words_text(self, position: int, field: str) -> str:
        """The words an entry commits to."""
        return str(canonical.decode(self.contents[self.entries[position]["c"][field]])["value"])

    def rewrite(self, position: int, field: str, value: str) -> str:
        """Let an entry have committed to other words."""
        core = self.entries[position]
        self.contents.pop(core["c"][field], None)
        core["c"][field] = self.write_words(core["kind"], field, core["actor"], value)
        return str(core["c"][field])

    # --- writing ---

    def _mark_stamps(self) -> None:
        for position, core in enumerate(self.entries):
            if core["kind"] == "export.stamped":
                assert core["f"]["size"] == position

    def write(self, folder: Path, *, claim: bool = True) -> Path:
        """Write the forged story as an export that is signed throughout; `claim` tells its rows anew too."""
        for position, core in enumerate(self.entries):
            if core["kind"] == "export.stamped":
                core["f"]["size"] = position
        edge = Edge()
        files = dict(grow(edge, [], [canonical.encode(core) for core in self.entries]))
        files["checkpoint"] = Checkpoint(self.key.name, edge.size, edge.root()).sign(self.key)
        files["log.vkey"] = self.vkey
        files |= {f"content/{name}.json": data for name, data in self.contents.items()}
        for path, data in files.items():
            put(folder, path, data)
        state = claim_of(folder, self.claimed) if claim else self.claimed
        put(folder, "state.json", canonical.encode(state) + b"\n")
        sign_files(folder, self.key)
        return folder


def put(folder: Path, path: str, data: bytes) -> None:
    """Write one file of an export."""
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def sign_files(folder: Path, key: SigningKey) -> None:
    """List every file that lies in an export, and sign the list with the record's key."""
    size = RecordDirectory(folder).unchecked().size
    lines = sorted(
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest"
    )
    text = f"kollontai manifest v1\n{key.name}\n{size}\nmembers\n"
    text += "".join(f"{digest}  {path}\n" for path, digest in lines)
    put(folder, "manifest", sign_note(text.encode(), key))


# --- The claim that fits a forged story --------------------------------------------------------------


def claim_of(folder: Path, claimed: Core) -> Core:
    """What the server's rows would have to say for nobody to find a row without an entry."""
    audit = Audit(Export(folder))
    state = audit.state
    before = {
        name: {tuple(row.get(key) for key in table.key): row for row in claimed.get(name, [])}
        for name, table in TABLES.items()
    }
    told: Core = {"v": 1, "level": "members", "record": {"size": state.size}}
    founding = state.founding
    assert founding is not None
    told["organisation"] = {
        "id": state.org, "origin": founding.origin, "zone": founding.zone, "preset": founding.preset,
        "joining": founding.joining, "opened_at": _spell(founding.opened.at),
        "founded_at": _spell(founding.founded.at) if founding.founded else None,
        "signed": len(founding.signed), "listed": len(set(founding.listed)),
    }  # fmt: skip
    told["articles"] = {"version": founding.articles_version, "sha256": founding.articles_sha256}
    told["limits"] = dict(founding.limits) | audit.moved
    for name, table in TABLES.items():
        rows = []
        for key in _keys(audit, name, before[name]):
            derived = table.find(audit, key)
            if derived is not None:
                rows.append(_row(derived, before[name].get(tuple(key[part] for part in table.key), {})))
        told[name] = sorted(rows, key=lambda row, keys=table.key: [row[key] for key in keys])
    told["voters"] = [
        {"poll": poll.id, "member": member}
        for poll in sorted(state.polls.values(), key=lambda poll: poll.id)
        for member in roll_shown(audit, poll) or sorted(audit.roll(poll))
    ]
    told["contents"] = [
        {"commitment": one.hex(), **_row(content_row(audit, {"commitment": one.hex(), "author": author}), {})}
        for one, committed in sorted(state.committed.items())
        for author in [audit.contents.authors.get(one, committed.owner)]
    ]
    told["pointers"] = sorted(_pointers(audit))
    return told


def _spell(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _row(derived: Derived | None, before: Core) -> Core:
    assert derived is not None
    row = {}
    for field, value in derived.fields.items():
        if type(value) is Either:
            value = before.get(field) if before.get(field) in value else value[0]
        row[field] = value
    return row


def _keys(audit: Audit, name: str, before: dict[Any, Core]) -> Iterator[Core]:
    """What rows there must be, by their keys; those of old whose derivation still stands, first."""
    s = audit.state
    by_id = {
        "units": ("unit", s.units), "members": ("member", s.people), "posts": ("post", s.posts),
        "terms": ("term", s.terms), "issues": ("issue", s.issues), "drafts": ("draft", s.drafts),
        "contributions": ("contribution", s.contributions), "statements": ("statement", s.statements),
        "letters": ("letter", s.letters), "archives": ("archive", s.archives), "polls": ("poll", s.polls), "resolutions": ("resolution", s.resolutions),
        "amendments": ("amendment", s.amendments), "combinations": ("combination", s.combinations),
        "alternatives": ("alternative", s.alternatives), "spoken_of": ("contribution", s.spoken_of),
        "attachments": ("attachment", s.attachments), "namings": ("naming", s.namings),
        "write_ins": ("write_in", s.write_ins), "elections": ("election", s.elections), "petitions": ("petition", s.petitions),
    }  # fmt: skip
    if name in by_id:
        key, things = by_id[name]
        yield from ({key: one} for one in things)
        return
    new: dict[str, Iterator[Core]] = {
        "vouchers": (
            {"applicant": person.id, "by": mark.actor, "at": _spell(mark.at)}
            for person in s.people.values() for mark in person.vouchers
        ),
        "letter_vouchers": (
            {"member": person.id, "by": one.mark.actor, "at": _spell(one.mark.at)}
            for person in s.people.values() for one in person.letter_vouchers
        ),
        "claims": ({"post": claim.post, "member": claim.member} for claim in s.claims),
        "stages": (
            {"issue": issue.id, "stage": stage.name}
            for issue in s.issues.values() for stage in issue.stages_that_stand()
        ),
        "law_notes": ({"note": one} for one in s.law_notes),
        "merge_yeses": ({"issue": one.issue} for one in s.merge_yeses),
        "dues": ({"number": one.number} for one in s.dues),
        "charters": ({"version": 1 + number} for number in range(1 + len(s.changes))),
        "shortenings": ({"shortening": one} for one in s.shortenings),
        "shortening_supporters": (
            {"shortening": one.id, "member": member}
            for one in s.shortenings.values() for member in one.backing
        ),
        "quiet_days": ({"number": one.number} for one in s.quiet_days),
        "voting_days": ({"number": one.number} for one in s.voting_days),
        "questions_again": (
            {"draft": draft.id, "version": one.version} for draft in s.drafts.values() for one in draft.again
        ),
        "big_calls": (
            {"issue": issue.id, "member": member} for issue in s.issues.values() for member in issue.big_calls
        ),
        "supporters": (
            {"issue": issue.id, "member": member} for issue in s.issues.values() for member in issue.backing
        ),
        "draft_supporters": (
            {"draft": draft.id, "member": member} for draft in s.drafts.values() for member in draft.backing
        ),
        "fact_covers": (
            {"contribution": said.id, "member": member}
            for said in s.contributions.values() for member in said.covers
        ),
        "amendment_supporters": (
            {"amendment": one.id, "member": member} for one in s.amendments.values() for member in one.backing
        ),
        "combination_yes": (
            {"combination": one.id, "member": member}
            for one in s.combinations.values() for member in one.agreed
        ),
        "invitations": ({"member": person.id} for person in s.people.values() if person.invited),
        "waiting": ({"member": person.id} for person in s.people.values() if person.waiting),
        "contact_changes": ({"member": person.id} for person in s.people.values() if person.contact_asked),
        "begun": ({"thing": thing} for things in (s.units, s.posts) for thing in things),
        "revisions": (
            {"thing": thing.id, "version": version.number}
            for things in (s.contributions, s.drafts, s.amendments)
            for thing in things.values()
            for version in thing.versions[1:]
        ),
        "said_as_leader": ({"contribution": one} for one in s.contributions),
        "ballots": ({"poll": poll.id, "voter": voter} for poll in s.polls.values() for voter in poll.ballots),
        "nominations": (
            {"election": election.id, "member": member}
            for election in s.elections.values() for member in election.candidacies
        ),
        "candidate_words": (
            {"election": election.id, "member": one.member, "version": version.number}
            for election in s.elections.values() for one in election.candidacies.values()
            for version in one.versions
        ),
        "offers": ({"term": term, "member": one.member} for term, some in s.offers.items() for one in some),
        "signatures": (
            {"petition": petition.id, "alias": one.alias}
            for petition in s.petitions.values() for one in petition.every_signature()
        ),
        "ties": (
            {"petition": petition.id, "alias": one.alias}
            for petition in s.petitions.values() for one in petition.every_signature()
        ),
        "samples": (
            {"petition": petition.id, "scrutineer": one.member}
            for petition in s.petitions.values() for one in petition.samples
        ),
        "effects": (
            {"draft": draft.id, "version": one.version} for draft in s.drafts.values() for one in draft.effects
        ),
        "boxes": ({"poll": poll.id} for poll in s.polls.values() if poll.secret),
        "marks": ({"poll": poll.id} for poll in s.polls.values() if poll.secret),
        "lots": (
            {"poll": poll.id, "member": member}
            for poll in s.polls.values() if poll.secret for member in poll.secret.added
        ),
        "outside_entries": (
            {"poll": poll.id, "member": one.member, "at": _spell(one.mark.at)}
            for poll in s.polls.values() for one in poll.entered
        ),
    }  # fmt: skip
    keys = TABLES[name].key
    told = {tuple(one[key] for key in keys): one for one in new[name]}
    for key, row in before.items():  # rows the server keeps without an entry of their own
        if key not in told and TABLES[name].find(audit, row) is not None:
            told[key] = row
    yield from told.values()


def _pointers(audit: Audit) -> Iterator[list[str]]:
    pointers = Pointers(audit)
    for label, subject in set(pointers.every()):
        found = pointers.find(label, subject)
        if found is not None:
            yield [label, subject, min(one.hex() for one in found[1])]
