# SPDX-License-Identifier: AGPL-3.0-or-later
"""Do the server's rows say exactly what the record says?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kollontai.auditor import swift
from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.roll_right import roll_shown
from kollontai.auditor.claim import WHOLE, MalformedClaim, parts_of
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
        for name, value, is_list in parts_of(path, comparison.foresee, comparison.note):
            if is_list:
                yield from comparison.rows(name, value)
            else:
                comparison.names.add(name)
                yield from comparison.value(name, value)
        yield from comparison.finish()
    except (MalformedClaim, OSError) as error:
        yield _found.breach(None, "state.json", f"The claim cannot be read on: {error}")


Findings = Iterable[Finding]


class _Comparison:
    """What has been seen of the claim so far."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.names: set[str] = set()
        self.foreseen: set[str] = set()
        self.whole: set[str] = set()
        self.seen: dict[str, bytearray] = {name: bytearray(audit.state.size) for name in TABLES}
        self.voters: dict[str, set[str]] = {}
        self.pointers = Pointers(audit)
        # Lists in order are known to be whole, and to hold nothing twice, by their length.
        self.contents, self.last_content = 0, ""
        self.pointed, self.last_pointer = 0, ("", "")

    def foresee(self, name: str) -> swift.Expected:
        """What an honest list of this name reads like; only once, whatever the claim repeats."""
        return iter(()) if name in self.foreseen else swift.expected(self.audit, name)

    def note(self, name: str, known: Any) -> None:
        """Remember rows that read as they must."""
        if known is WHOLE:
            self.whole.add(name)
            return
        self.foreseen.add(name)
        if name in self.seen:
            seen = self.seen[name]
            for position in known:
                seen[position] = 1
        elif name == "voters":
            poll, members = known
            self.voters.setdefault(poll, set()).update(members)
        elif name == "contents":
            self.contents, self.last_content = self.contents + known[0], known[1]
        else:
            self.pointed, self.last_pointer = self.pointed + known[0], known[1]

    def rows(self, name: str, rows: list[Any]) -> Iterator[Finding]:
        """Compare some rows of a list."""
        if not rows:
            if name in self.names:
                yield _found.breach(None, name, f"The claim gives {name} twice.")
            self.names.add(name)
            return
        compare: Callable[[Any], Findings]
        if name in TABLES:
            compare = self._table(name)
        elif name in ("pointers", "contents", "voters"):
            compare = {"pointers": self._pointer, "contents": self._content, "voters": self._voter}[name]
        else:
            return
        for row in rows:
            found = compare(row)
            if found:
                yield from found

    # --- single values ---

    def value(self, name: str, value: Any) -> Iterator[Finding]:
        """Compare a value that is no list."""
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
                    "joining": audit.joining_at(audit.state.size),
                    "opened_at": audit.spelt[founding.opened.at],
                    "founded_at": audit.spelt[founding.founded.at] if founding.founded else None,
                    "signed": len(founding.signed),
                    "listed": len(set(founding.listed)),
                }
            elif name == "articles":
                wanted = {"version": founding.articles_version, "sha256": founding.articles_sha256}
            else:
                wanted = dict(founding.limits) | audit.moved
            if type(value) is not dict:
                yield _found.breach(at, name, f"The claim's {name} cannot be read.")
            else:
                yield from _compare(name, name, value, Derived(at, wanted), exact=True)

    # --- rows ---

    def _table(self, name: str) -> Callable[[Any], Findings]:
        table, seen, audit = TABLES[name], self.seen[name], self.audit
        find = table.find

        def compare(row: Any) -> Findings:
            try:
                derived = find(audit, row)
            except (KeyError, TypeError):  # no row, or one that does not say what it is about
                return [_found.breach(None, name, f"A row of {name} does not say what it is about.")]
            if derived is not None:
                position = derived.position
                if not seen[position]:
                    seen[position] = 1
                    if row == derived.fields:
                        return ()
                    return _compare(name, _subject(table.key, row), row, derived)
            return self._odd(name, _subject(table.key, row), derived)

        return compare

    def _odd(self, name: str, subject: str, derived: Derived | None) -> list[Finding]:
        if derived is None:
            sentence = f"A row of {name} ({subject}) stands behind no entry: an act nobody recorded."
            return [_found.breach(None, subject, sentence)]
        return [_found.breach(derived.position, subject, f"The claim has the row {subject} of {name} twice.")]

    def _voter(self, row: Any) -> Findings:
        try:
            poll, member = row["poll"], row["member"]
            voters = self.voters.setdefault(self.audit.state.polls[poll].id, set())
            if len(row) > 2:  # who voted in secret is nobody's business
                sentence = f"The row of {member} on the roll of {poll} tells more than that they may vote."
                return [_found.breach(None, poll, sentence)]
            if member not in voters:
                person = self.audit.state.people.get(member)
                voters.add(person.id if person else str(member))
                return ()
        except (KeyError, TypeError):
            return [_found.breach(None, "voters", f"A row of voters ({_tell(row)}) is about no poll.")]
        return [_found.breach(None, poll, f"The claim has {member} on the roll of {poll} twice.")]

    def _content(self, row: Any) -> Findings:
        try:
            derived = content_row(self.audit, row)
        except (KeyError, TypeError):
            return [_found.breach(None, "contents", f"A row of contents ({_tell(row)}) cannot be read.")]
        key = row["commitment"]
        if derived is None:
            return [_found.breach(None, _tell(key), f"A content {_tell(key)} stands behind no entry.")]
        if key <= self.last_content:
            return [
                _found.breach(derived.position, key, f"The content {key} is claimed twice or out of order.")
            ]
        self.contents, self.last_content = self.contents + 1, key
        if row == derived.fields:
            return ()
        return _compare("contents", key, row, derived)

    def _pointer(self, row: Any) -> Findings:
        if type(row) is not list or len(row) != 3 or not all(type(part) is str for part in row):
            return [_found.breach(None, "pointers", "A row of pointers cannot be read.")]
        label, subject, shown = row
        derived = self.pointers.find(label, subject)
        if derived is None:
            sentence = f"{label[:60]} of {subject[:200]} shows words that stand behind no entry."
            return [_found.breach(None, subject[:200], sentence)]
        position, right = derived
        place = (label, subject)
        if place <= self.last_pointer:
            sentence = f"{label} of {subject} is claimed twice or out of order."
            return [_found.breach(position, subject, sentence)]
        self.pointed, self.last_pointer = self.pointed + 1, place
        try:
            if bytes.fromhex(shown) in right:
                return ()
        except ValueError:
            pass
        words = sorted(right)[0].hex()
        sentence = (
            f"{label} of {subject} shows other words ({shown[:64]}) than its entry committed to ({words})."
        )
        return [_found.breach(position, subject, sentence)]

    # --- what is not there ---

    def finish(self) -> Iterator[Finding]:
        """Whatever the record has and the claim has not."""
        for name in sorted(_EXPECTED - self.names):
            yield _found.breach(None, name, f"The claim says nothing of {name}.")
        for name, table in TABLES.items():
            if name in self.names - self.whole:
                yield from self._missing(name, table.every(self.audit))
        if "voters" in self.names:
            yield from self._rolls()
        if "contents" in self.names and self.contents < len(self.audit.state.committed):
            yield from self._unclaimed()
        if "pointers" in self.names - self.whole and self.pointed < self.pointers.count():
            yield from self._unshown()

    def _missing(self, name: str, every: Iterator[tuple[int, str]]) -> Iterator[Finding]:
        seen = self.seen[name]
        for position, subject in every:
            if not seen[position]:
                yield _found.breach(
                    position, subject, f"The claim lacks the row of {name} that this entry made ({subject})."
                )

    def _unclaimed(self) -> Iterator[Finding]:
        """Read the claim once more, to tell which contents it lacks."""
        claimed = {row.get("commitment") for row in self._again("contents") if type(row) is dict}
        for commitment, committed in self.audit.state.committed.items():
            if commitment.hex() not in claimed:
                yield _found.breach(
                    committed.position,
                    commitment.hex(),
                    f"The claim lacks the {committed.field} of this {committed.kind}.",
                )

    def _unshown(self) -> Iterator[Finding]:
        """Read the claim once more, to tell which words it points at from nowhere."""
        claimed = {tuple(row[:2]) for row in self._again("pointers") if type(row) is list}
        for label, subject in self.pointers.every():
            if (label, subject) not in claimed:
                derived = self.pointers.find(label, subject)
                if derived is not None:
                    yield _found.breach(
                        derived[0], subject, f"The claim does not say which words {label} of {subject} shows."
                    )

    def _again(self, wanted: str) -> Iterator[Any]:
        for name, value, is_list in parts_of(self.audit.export.path / "state.json"):
            if is_list and name == wanted:
                yield from value

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


def _subject(key: tuple[str, ...], row: Any) -> str:
    return "/".join(str(row.get(name))[:100] for name in key) if type(row) is dict else "?"


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
