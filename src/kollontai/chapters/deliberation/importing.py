# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads an issue with its drafts and amendments from Markdown, and amendments from CSV; docs/importing.md.

Nothing is changed here: what comes out is looked at by a person first, who then puts it in their own name.
What cannot be used is named with its line; nothing is guessed. Plain Python.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kollontai.chapters.charter import texts
from kollontai.chapters.charter.tables import Problem, Unreadable, decode, delimiter_of, heading, rows
from kollontai.chapters.record.refusal import Refusal

MOST_BYTES = 2_000_000
MOST_DRAFTS = 20
MOST_AMENDMENTS = 300
LONGEST_NAME = 200
OPERATIONS = ("replace", "insert", "delete")


@dataclass(frozen=True)
class DraftRead:
    """A draft of a file; its letter there, by which amendments of the file name it."""

    line: int
    letter: str
    title: str
    text: str


@dataclass(frozen=True)
class AmendmentRead:
    """An amendment of a file. Its lines are those of the draft as the file has it, counted from 1.

    To insert, `last` is `first` - 1 and the new lines come before line `first`. `mover`: as the file says,
    and no more than that.
    """

    line: int
    number: int
    draft: str
    operation: str
    first: int
    last: int
    text: str
    mover: str
    reasons: str


@dataclass(frozen=True)
class IssueRead:
    """What a file holds, before anything is done with it. Without a title no issue can be raised from it."""

    title: str = ""
    unit: str = ""
    big: bool = False
    why: str = ""
    drafts: tuple[DraftRead, ...] = ()
    amendments: tuple[AmendmentRead, ...] = ()
    problems: tuple[Problem, ...] = ()
    encoding: str = ""

    @property
    def whole(self) -> bool:
        """Whether an issue can be raised from it."""
        return bool(self.title and self.why and self.drafts)


# --- Markdown ----------------------------------------------------------------------------------------


def read_issue(data: bytes) -> IssueRead:
    """Read an issue from Markdown: front matter or headings, drafts, amendments."""
    try:
        text, encoding = decode(data, most=MOST_BYTES)
    except Unreadable as error:
        return IssueRead(problems=(Problem(error.line, str(error)),))
    reader = _Markdown(texts.tidy(text).split("\n"))
    reader.read()
    reader.judge()
    return IssueRead(
        title=reader.title,
        unit=reader.unit,
        big=reader.big,
        why=reader.why,
        drafts=tuple(reader.drafts),
        amendments=tuple(reader.amendments),
        problems=tuple(sorted(reader.problems, key=lambda problem: problem.line)),
        encoding=encoding,
    )


_AMENDMENT = re.compile(
    r"amendment +(?P<number>[0-9]{1,4}) *: *(?:(?:draft +)?(?P<draft>[A-Z]{1,2}) *, *)?"
    r"(?:(?P<op>replace|delete) +lines? +(?P<first>[0-9]{1,4})(?: *(?:to|-|–) *(?P<last>[0-9]{1,4}))?"
    r"|insert +(?P<where>before|after) +line +(?P<at>[0-9]{1,4}))",
    re.IGNORECASE,
)
_YES = {"yes": True, "true": True, "no": False, "false": False, "": False}


@dataclass
class _Section:
    line: int
    words: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its lines without blank ones around them; a line that had to begin with \\# begins with #."""
        lines = [line.removeprefix("\\") if line.startswith("\\#") else line for line in self.lines]
        while lines and not lines[0].strip():
            lines.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join(lines)


class _Markdown:
    """Takes sections, each under a heading with one #, and makes an issue of them."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.title = self.unit = self.why = ""
        self.big = False
        self.drafts: list[DraftRead] = []
        self.amendments: list[AmendmentRead] = []
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Read front matter, then section after section."""
        at = self._front_matter()
        section = _Section(at + 1, "")
        for number, line in enumerate(self.lines[at:], at + 1):
            if line.startswith("# "):
                self._take(section)
                section = _Section(number, " ".join(line[2:].split()))
            else:
                section.lines.append(line)
        self._take(section)

    def problem(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, reason))

    def _front_matter(self) -> int:
        """Take `name: value` lines between two lines of ---; say where the rest begins."""
        if not self.lines or self.lines[0].rstrip() != "---":
            return 0
        known: dict[str, Callable[[int, str], None]] = {
            "title": self._set_title, "issue": self._set_title, "unit": self._set_unit, "big": self._set_big,
        }  # fmt: skip
        for number, line in enumerate(self.lines[1:], 2):
            if line.rstrip() == "---":
                return number
            if not line.strip():
                continue
            name, colon, value = line.partition(":")
            take = known.get(heading(name)) if colon else None
            if take is None:
                self.problem(number, "Between the lines of --- stand title, unit and big, and nothing else.")
            else:
                take(number, value.strip().strip("\"'"))
        self.problem(1, "The first lines begin with --- and no second --- ends them.")
        return 1

    def _set_title(self, line: int, value: str) -> None:
        if self.title:
            self.problem(line, "The issue has its title already.")
        else:
            self.title = value
            self._check(line, texts.usable_title(value), "The title")

    def _set_unit(self, _line: int, value: str) -> None:
        self.unit = value

    def _set_big(self, line: int, value: str) -> None:
        if value.casefold() not in _YES:
            self.problem(line, 'After "big:" stands yes or no.')
        self.big = _YES.get(value.casefold(), False)

    def _take(self, section: _Section) -> None:
        word, _, rest = section.words.partition(":")
        first, _, named = word.partition(" ")
        kind = first.casefold()
        if not section.words:
            if section.text:
                self._set_why(section)
        elif kind == "issue" and not named:
            self._set_title(section.line, rest.strip())
            if section.text:
                self._set_why(section)
        elif section.words.casefold() == "why":
            self._set_why(section)
        elif kind == "draft" and (not named or re.fullmatch("[A-Z]{1,2}", named)):
            self._draft(section, named, rest.strip())
        elif kind == "amendment":
            self._amendment(section)
        else:
            self.problem(
                section.line,
                "This heading is none of “Issue: …”, “Why”, “Draft: …”, “Amendment 1: …”; what stands below "
                "it was left out. A line of a text that begins with # is written \\#.",
            )

    def _set_why(self, section: _Section) -> None:
        if self.why:
            return self.problem(section.line, "The issue has its reasons already.")
        self.why = section.text
        self._check(section.line, texts.usable_text(self.why), "What stands under “Why”")
        return None

    def _draft(self, section: _Section, named: str, title: str) -> None:
        if len(self.drafts) >= MOST_DRAFTS:
            return self.problem(section.line, f"A file holds at most {MOST_DRAFTS} drafts.")
        letter = chr(ord("A") + len(self.drafts))
        if named and named != letter:
            return self.problem(section.line, f"This draft is the file's draft {letter}, not {named}.")
        refused = texts.usable_title(title) or texts.usable_text(section.text)
        if not self._check(section.line, refused, "This draft"):
            return None
        self.drafts.append(DraftRead(section.line, letter, title, section.text))
        return None

    def _amendment(self, section: _Section) -> None:
        found = _AMENDMENT.fullmatch(section.words)
        if found is None:
            return self.problem(
                section.line,
                "An amendment is headed like “Amendment 3: draft A, replace lines 4 to 6”, “… delete line 4” "
                "or “… insert before line 4”.",
            )
        mover, text, reasons = _parts(section)
        first = int(found["first"] or found["at"]) + (1 if found["where"] == "after" else 0)
        operation = (found["op"] or "insert").casefold()
        last = first - 1 if operation == "insert" else int(found["last"] or first)
        letter = (found["draft"] or "A").upper()
        self.amendments.append(
            AmendmentRead(
                section.line, int(found["number"]), letter, operation, first, last, text, mover, reasons
            )
        )
        return None

    def _check(self, line: int, refusal: Refusal | None, what: str) -> bool:
        if refusal is not None:
            self.problem(line, f"{what} {_SAID[refusal.code]}")
        return refusal is None

    def judge(self) -> None:
        """What the file as a whole lacks, and which amendments do not fit its drafts."""
        for missing, words in (
            (not self.title, "The file names no title of the issue."),
            (not self.why, "Why the issue is raised is missing."),
            (not self.drafts, "There is no draft in the file."),
        ):
            if missing:
                self.problem(0, words)
        lines = {draft.letter: len(draft.text.split("\n")) for draft in self.drafts}
        self.amendments, problems = judged(self.amendments, lines)
        self.problems += problems


def _parts(section: _Section) -> tuple[str, str, str]:
    """Who moved an amendment by the file, its new lines, and its reasons (after “## Reasons”)."""
    lines = list(section.lines)
    while lines and not lines[0].strip():
        lines.pop(0)
    mover = ""
    if lines and lines[0].casefold().startswith("moved by:"):
        mover = " ".join(lines.pop(0).partition(":")[2].split())[:LONGEST_NAME]
    cut = next((at for at, line in enumerate(lines) if line.strip().casefold() == "## reasons"), len(lines))
    return (
        mover,
        _Section(0, "", lines[:cut]).text,
        _Section(0, "", lines[cut + 1 :]).text,
    )


# --- CSV ---------------------------------------------------------------------------------------------

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("number", "no", "nr", "n", "amendment", "id"),
    "draft": ("draft", "text of", "to draft"),
    "first": ("first", "first line", "from", "from line", "line"),
    "last": ("last", "last line", "to", "to line", "until"),
    "operation": ("operation", "action", "what", "kind"),
    "text": ("text", "new text", "new lines", "new"),
    "mover": ("mover", "moved by", "mover s name", "movers name", "mover's name", "name", "by"),
    "reasons": ("reasons", "reason", "why", "grounds"),
}
"""The spellings of each heading, written small, with spaces for hyphens, dots and underscores."""

_COLUMN_OF = {spelling: column for column, spellings in HEADINGS.items() for spelling in spellings}


def read_amendments(data: bytes, lines: Mapping[str, int]) -> IssueRead:
    """Read amendments from CSV. `lines`: how many lines each draft has that they may name, by its letter."""
    try:
        text, encoding = decode(data, most=MOST_BYTES)
        table = rows(text, delimiter_of(text))
        columns = _columns(table)
    except Unreadable as error:
        return IssueRead(problems=(Problem(error.line, str(error)),))
    found: list[AmendmentRead] = []
    problems: list[Problem] = []
    try:
        for line, cells in table:
            given = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
            reason = _reason_against(given, cells, columns)
            if reason:
                problems.append(Problem(line, reason))
            else:
                found.append(_amendment_of(line, given, next(iter(lines), "A") if len(lines) == 1 else "A"))
    except Unreadable as error:
        problems.append(Problem(error.line, str(error)))
    if not found and not problems:
        problems.append(Problem(0, "There is no amendment in this file, only headings."))
    fitting, unfit = judged(found, lines)
    return IssueRead(
        amendments=tuple(fitting),
        problems=tuple(sorted([*problems, *unfit], key=lambda problem: problem.line)),
        encoding=encoding,
    )


def _columns(table: object) -> list[str]:
    headings = next(iter(table), None)  # type: ignore[call-overload]
    if headings is None:
        raise Unreadable("The file is empty.")
    line, cells = headings
    columns = [_COLUMN_OF.get(heading(cell), "") for cell in cells]
    for name in ("number", "first", "operation"):
        if name not in columns:
            raise Unreadable(
                f'The first line must name the columns; none of them is called "{HEADINGS[name][0]}".', line
            )
    for name in filter(None, columns):
        if columns.count(name) > 1:
            raise Unreadable(f"Two columns are headed as {name}; keep one.", line)
    return columns


def _reason_against(given: Mapping[str, str], cells: Sequence[str], columns: Sequence[str]) -> str:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return f"There are {len(cells)} cells where the headings name {len(columns)}."
    for name, words in (("number", "The number"), ("first", "The first line"), ("last", "The last line")):
        cell = given.get(name, "").strip()
        if name == "last" and not cell:
            continue
        if not re.fullmatch("[0-9]{1,4}", cell):
            return f"{words} is no whole number up to 9999."
    operation = given["operation"].strip().casefold()
    if operation not in OPERATIONS:
        return "The operation is none of replace, insert, delete."
    if not re.fullmatch("[A-Za-z]{0,2}", given.get("draft", "").strip()):
        return "A draft is named by its letter."
    return ""


def _amendment_of(line: int, given: Mapping[str, str], draft: str) -> AmendmentRead:
    first, operation = int(given["first"]), given["operation"].strip().casefold()
    last = first - 1 if operation == "insert" else int(given.get("last", "").strip() or first)
    text = texts.tidy(given.get("text", ""))
    return AmendmentRead(
        line=line,
        number=int(given["number"]),
        draft=given.get("draft", "").strip().upper() or draft,
        operation=operation,
        first=first,
        last=last,
        text="" if operation == "delete" and not text.strip() else text.strip("\n"),
        mover=" ".join(given.get("mover", "").split())[:LONGEST_NAME],
        reasons=texts.tidy(given.get("reasons", "")).strip(),
    )


# --- Both --------------------------------------------------------------------------------------------


def judged(
    found: Sequence[AmendmentRead], lines: Mapping[str, int]
) -> tuple[list[AmendmentRead], list[Problem]]:
    """Those that fit the drafts, and why the others do not."""
    fitting: list[AmendmentRead] = []
    problems: list[Problem] = []
    seen: dict[int, int] = {}
    for one, count in zip(found, itertools.count(1), strict=False):
        reason = _unfit(one, lines, seen)
        if not reason and count > MOST_AMENDMENTS:
            reason = f"An issue has at most {MOST_AMENDMENTS} amendments."
        if reason:
            problems.append(Problem(one.line, reason))
        else:
            fitting.append(one)
        seen.setdefault(one.number, one.line)
    return fitting, problems


def _unfit(one: AmendmentRead, lines: Mapping[str, int], seen: Mapping[int, int]) -> str:
    if one.number in seen:
        return f"Amendment {one.number} stands on line {seen[one.number]} already."
    if one.draft not in lines:
        return f"There is no draft {one.draft} that it could change."
    has = lines[one.draft]
    if one.operation == "insert":
        if not 1 <= one.first <= has + 1:
            return f"Draft {one.draft} has {has} lines; nothing can come before line {one.first}."
    elif not 1 <= one.first <= one.last <= has:
        return f"Lines {one.first} to {one.last} are not in draft {one.draft}, which has {has} lines."
    if one.operation == "delete" and one.text:
        return "A deletion has no new text."
    if one.operation != "delete":
        if not one.text.strip():
            return "The new text is missing."
        refused = texts.usable_text(one.text)
        if refused is not None:
            return f"The new text {_SAID[refused.code]}"
    refused = texts.usable_text(one.reasons) if one.reasons else None
    return f"What its reasons say {_SAID[refused.code]}" if refused is not None else ""


_SAID = {
    "text-empty": "is empty.",
    "title-empty": "has no title.",
    "title-too-long": f"has a title of more than {texts.TITLE_LENGTH} signs.",
    "text-too-long": f"is longer than {texts.TEXT_BYTES // 1_000} kB.",
    "lines-too-long": f"has more than {texts.TEXT_LINES:,} lines, or one of more than "
    f"{texts.LINE_LENGTH:,} signs.",
    "text-unreadable": "holds signs that nobody can read.",
}
"""What is said of a text that cannot be put."""
