# SPDX-License-Identifier: AGPL-3.0-or-later
"""Do the server's rows say exactly what the record says?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.roll_right import roll_shown
from kollontai.auditor.claim import MalformedClaim, rows_of
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.rows import TABLES, Derived, Either, Pointers, content_row

QUESTION = (
    "Is every row of the server's claim what the record gives, with none missing and none without an entry?"
)
ARTICLE = 14
EVIDENCE = PROVED
FINDS = ("rows that no entry stands behind, and entries that no row shows",)

_found = Finder(__name__, ARTICLE)
_EXPECTED = frozenset(
    {*TABLES, "v", "level", "organisation", "record", "articles", "limits", "voters", "contents", "pointers"}
)


def check(audit: Audit) -> Iterator[Finding]:
    """The claim is read row by row and compared field by field with the derived state."""
    path = audit.export.path / "state.json"
    if path.is_symlink() or not path.is_file():
        yield _found.breach(None, "state.json", "The export has no state.json: the server makes no claim.")
        return
    comparison = _Comparison(audit)
    try:
        for name, value, is_row in rows_of(path):
            yield from comparison.take(name, value, is_row)
        yield from comparison.finish()
    except (MalformedClaim, OSError) as error:
        yield _found.breach(None, "state.json", f"The claim cannot be read on: {error}")


class _Comparison:
    """What has been seen of the claim so far."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.names: set[str] = set()
        self.seen: dict[str, bytearray] = {name: bytearray(audit.state.size) for name in TABLES}
        self.voters: dict[str, set[str]] = {}
        self.contents = 0
        self.content_keys: set[str] = set()
        self.pointers = Pointers(audit)
        self.pointed: set[tuple[str, str]] = set()
        self.choices = bytearray(audit.state.size)

    def take(self, name: str, value: Any, is_row: bool) -> Iterator[Finding]:
        """Compare one row of a list, or one value."""
        if is_row and value is None:
            if name in self.names:
                yield _found.breach(None, name, f"The claim gives {name} twice.")
            self.names.add(name)
        elif not is_row:
            self.names.add(name)
            yield from self._value(name, value)
        elif name == "pointers":
            yield from self._pointer(value)
        elif type(value) is not dict:
            yield _found.breach(None, name, f"A row of {name} is no row.")
        elif name in TABLES:
            yield from self._row(name, value)
        elif name == "voters":
            yield from self._voter(value)
        elif name == "contents":
            yield from self._content(value)

    # --- single values ---

    def _value(self, name: str, value: Any) -> Iterator[Finding]:
        audit, founding = self.audit, self.audit.state.founding
        checkpoint = audit.export.checkpoint
        if name == "v" and value != 1:
            yield _found.breach(None, name, "The claim is not of version 1.")
        elif name == "level" and audit.manifest is not None and value != audit.manifest.level:
            yield _found.breach(
                None, name, f"The claim is for {_tell(value)}, the export for {audit.manifest.level}."
            )
        elif name == "record" and checkpoint is not None and value != {"size": checkpoint.size}:
            yield _found.breach(None, name, f"The claim speaks of another size than {checkpoint.size}.")
        elif name in ("organisation", "articles", "limits") and founding is not None:
            at = founding.opened.position
            wanted: dict[str, Any]
            if name == "organisation":
                wanted = {
                    "id": audit.state.org,
                    "origin": founding.origin,
                    "zone": founding.zone,
                    "preset": founding.preset,
                    "joining": founding.joining,
                    "opened_at": audit.spell(founding.opened.at),
                    "founded_at": audit.spell(founding.founded.at) if founding.founded else None,
                    "signed": len(founding.signed),
                    "listed": len(set(founding.listed)),
                }
            elif name == "articles":
                wanted = {"version": founding.articles_version, "sha256": founding.articles_sha256}
            else:
                wanted = dict(founding.limits)
            if type(value) is not dict:
                yield _found.breach(at, name, f"The claim's {name} cannot be read.")
            else:
                yield from _compare(name, name, value, Derived(at, wanted), exact=True)

    # --- rows ---

    def _row(self, name: str, row: Mapping[str, Any]) -> Iterator[Finding]:
        table = TABLES[name]
        keys = [row.get(key) for key in table.key]
        if not all(type(key) is str for key in keys):
            yield _found.breach(None, name, f"A row of {name} does not say what it is about.")
            return
        subject = "/".join(str(key) for key in keys)
        derived = table.find(self.audit, row)
        if derived is None:
            yield _found.breach(
                None,
                subject[:200],
                f"A row of {name} ({subject[:200]}) stands behind no entry: an act nobody recorded.",
            )
            return
        if derived.position < len(self.seen[name]):
            if self.seen[name][derived.position]:
                yield _found.breach(
                    derived.position, subject, f"The claim has the row {subject} of {name} twice."
                )
            self.seen[name][derived.position] = 1
        yield from _compare(name, subject, row, derived)

    def _voter(self, row: Mapping[str, Any]) -> Iterator[Finding]:
        poll, member = row.get("poll"), row.get("member")
        if type(poll) is not str or type(member) is not str or poll not in self.audit.state.polls:
            yield _found.breach(None, "voters", f"A row of voters is about {_tell(poll)}, which is no poll.")
        elif member in self.voters.setdefault(poll, set()):
            yield _found.breach(None, poll, f"The claim has {member} on the roll of {poll} twice.")
        else:
            self.voters[poll].add(member)

    def _content(self, row: Mapping[str, Any]) -> Iterator[Finding]:
        key = row.get("commitment")
        derived = content_row(self.audit, row) if type(key) is str else None
        if derived is None or type(key) is not str:
            yield _found.breach(None, _tell(key), f"A content {_tell(key)} stands behind no entry.")
        elif key in self.content_keys:
            yield _found.breach(derived.position, key, f"The claim has the content {key} twice.")
        else:
            self.content_keys.add(key)
            yield from _compare("contents", key, row, derived)

    def _pointer(self, row: Any) -> Iterator[Finding]:
        if type(row) is not list or len(row) != 3 or not all(type(part) is str for part in row):
            yield _found.breach(None, "pointers", "A row of pointers cannot be read.")
            return
        label, subject, shown = row
        derived = self.pointers.find(label, subject)
        if derived is None:
            yield _found.breach(
                None,
                subject[:200],
                f"{label[:60]} of {subject[:200]} shows words that stand behind no entry.",
            )
            return
        position, right = derived
        if label == "ballot.choice":
            self.choices[position] = 1
        elif (label, subject) in self.pointed:
            yield _found.breach(position, subject, f"The claim points from {label} of {subject} twice.")
        else:
            self.pointed.add((label, subject))
        if shown not in {one.hex() for one in right}:
            yield _found.breach(
                position, subject,
                f"{label} of {subject} shows other words ({shown[:64]}) than its entry committed to "
                f"({sorted(right)[0].hex()}).",
            )  # fmt: skip

    # --- what is not there ---

    def finish(self) -> Iterator[Finding]:
        """Whatever the record has and the claim has not."""
        for name in sorted(_EXPECTED - self.names):
            yield _found.breach(None, name, f"The claim says nothing of {name}.")
        for name, table in TABLES.items():
            if name in self.names:
                yield from self._missing(name, table.every(self.audit))
        if "voters" in self.names:
            yield from self._rolls()
        if "contents" in self.names and len(self.content_keys) < len(self.audit.state.committed):
            for commitment, committed in self.audit.state.committed.items():
                if commitment.hex() not in self.content_keys:
                    yield _found.breach(
                        committed.position,
                        commitment.hex(),
                        f"The claim lacks the {committed.field} of this {committed.kind}.",
                    )
        if "pointers" in self.names:
            yield from self._unshown()

    def _missing(self, name: str, every: Iterator[tuple[int, str]]) -> Iterator[Finding]:
        seen = self.seen[name]
        for position, subject in every:
            if not seen[position]:
                yield _found.breach(
                    position, subject, f"The claim lacks the row of {name} that this entry made ({subject})."
                )

    def _rolls(self) -> Iterator[Finding]:
        for poll in self.audit.state.polls.values():
            shown = roll_shown(self.audit, poll)
            right = self.audit.roll(poll) if shown is None else set(shown)
            claimed = self.voters.get(poll.id, set())
            for member in sorted(claimed - right):
                yield _found.breach(
                    poll.opened.position,
                    member,
                    f"The row of {member} on the roll of {poll.id} is not on the frozen roll.",
                    article=12,
                )
            for member in sorted(right - claimed):
                yield _found.breach(
                    poll.opened.position,
                    member,
                    f"{member} is on the frozen roll of {poll.id}, but has no row.",
                    article=12,
                )

    def _unshown(self) -> Iterator[Finding]:
        for label, subject in self.pointers.every():
            if (label, subject) not in self.pointed:
                derived = self.pointers.find(label, subject)
                if derived is not None:
                    yield _found.breach(
                        derived[0], subject, f"The claim does not say which words {label} of {subject} shows."
                    )
        for poll in self.audit.state.polls.values():
            for voter, ballot in poll.ballots.items():
                if ballot.choice is not None and not self.choices[ballot.position]:
                    yield _found.breach(
                        ballot.position,
                        poll.id,
                        f"The claim does not say which choice the ballot of {voter} holds.",
                    )


def _compare(
    name: str, subject: str, row: Mapping[str, Any], derived: Derived, *, exact: bool = False
) -> Iterator[Finding]:
    """Every field of a row, one finding each."""
    for field, wanted in derived.fields.items():
        claimed = row.get(field, _NOTHING)
        if claimed is _NOTHING:
            yield _found.breach(derived.position, subject, f"The row {subject} of {name} lacks {field}.")
        elif type(wanted) is Either:
            if not any(_same(claimed, one) for one in wanted):
                yield _differs(
                    name,
                    subject,
                    field,
                    claimed,
                    " or ".join(sorted({_tell(one) for one in wanted})),
                    derived,
                )
        elif not _same(claimed, wanted):
            yield _differs(name, subject, field, claimed, _tell(wanted), derived)
    if exact:
        for field in sorted(row.keys() - derived.fields.keys()):
            yield _found.breach(
                derived.position, subject, f"The claim's {name} has {_tell(field)}, which the record has not."
            )


def _same(claimed: Any, wanted: Any) -> bool:
    return type(claimed) is type(wanted) and bool(claimed == wanted)


def _differs(name: str, subject: str, field: str, claimed: Any, wanted: str, derived: Derived) -> Finding:
    return _found.breach(
        derived.position, subject,
        f"The row {subject} of {name} says {field} is {_tell(claimed)}; the record says {wanted}.",
    )  # fmt: skip


_NOTHING = object()


def _tell(value: Any) -> str:
    """A value in a sentence, cut to a bearable length."""
    if value is None:
        return "nothing"
    text = value if type(value) is str else repr(value)
    return (text[:100] + "…" if len(text) > 100 else text) or "empty"
