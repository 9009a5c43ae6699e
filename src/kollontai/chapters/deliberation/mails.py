# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads an archive of mails (mbox), as mailing lists have kept it for fifty years, and makes threads of it.

A mail answers what its In-Reply-To or References name; where they name nothing that is there, an "Re:"
answers the newest thread of that title. Of a sender the name alone comes along: no address is kept, not even
where one stands in the words. Files that hang on a mail are left where they are, and counted. Plain Python;
nothing is changed here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from kollontai.chapters.charter.tables import Problem, Unreadable
from kollontai.chapters.deliberation.archives import (
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_COMMENTS,
    THREAD_BYTES,
    Remark,
    Thread,
    write,
)
from kollontai.chapters.deliberation.loomio import MOST_BYTES, MOST_KEPT, MOST_PROBLEMS, MOST_THREADS, Found
from kollontai.chapters.deliberation.plainwords import line_of, text_of

MOST_MAILS = 50_000
MOST_PARTS = 100
LONGEST_ID = 500
MOST_REFERENCES = 100
NO_ADDRESS = "[address left out]"

_BEGINS = re.compile(rb"(?:^|(?<=\n\n)|(?<=\r\n\r\n))From (?=[^\r\n]*\d\d)[^\r\n]*\r?\n")
_ID = re.compile(r"<([^<>\s]+)>")
_ANSWERS = re.compile(r"^\s*(?:(?:re|aw|antw|sv|vs|fwd?|wg|rv)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_LIST = re.compile(r"^\s*\[[^\[\]]{1,40}\]\s*")
_ADDRESS = re.compile(
    r"<?(?:mailto:)?[\w.+%'-]{1,64}(?:@|\s?\(at\)\s?|\sat\s)[A-Za-z0-9][\w-]{0,62}(?:\.[A-Za-z0-9][\w-]{0,62}){0,7}\.[A-Za-z]{2,24}>?"
)
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def is_mbox(data: bytes) -> bool:
    """Whether a file begins as an archive of mails does."""
    return _BEGINS.match(data.lstrip()) is not None


def preview(data: bytes, *, most: int = MOST_BYTES) -> Found:
    """Read an archive. A mail that cannot be used is named with its line; only size stops the rest."""
    reader = _Reader()
    try:
        reader.take_all(data, most)
    except Unreadable as error:
        reader.problem(error.line, str(error))
    return Found("", tuple(reader.threads()), tuple(reader.problems), reader.left)


@dataclass(frozen=True)
class _Mail:
    """A mail as it is kept: nothing of it names an address."""

    line: int
    key: str
    above: tuple[str, ...]  # what it answers: the nearest first
    title: str
    answers: bool  # its title says so
    who: str
    at: str
    text: str


class _Reader:
    """Takes mail after mail, and makes threads of them."""

    def __init__(self) -> None:
        self.mails: dict[str, _Mail] = {}
        self.problems: list[Problem] = []
        self.left = 0

    def problem(self, line: int, reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, reason))

    # --- mails ---

    def take_all(self, data: bytes, most: int) -> None:
        """Read every mail of a file."""
        if len(data) > most:
            raise Unreadable(f"The file is larger than {most // 1_000_000} MB.")
        if not data.strip():
            raise Unreadable("The file is empty.")
        data = data.lstrip()
        begins = [found.span() for found in _BEGINS.finditer(data)]
        if not begins or begins[0][0] != 0:
            raise Unreadable("This is no archive of mails: it does not begin with a line “From …”.")
        line, read = 1, 0
        for (start, words), end in zip(begins, [*(one for one, _ in begins[1:]), len(data)], strict=True):
            line, read = line + data.count(b"\n", read, start), start
            if len(self.mails) >= MOST_MAILS:
                raise Unreadable(f"The file has more than {MOST_MAILS:,} mails; the rest was not read.", line)
            self._take(line, re.sub(rb"(?m)^>(>*From )", rb"\1", data[words:end]))

    def _take(self, line: int, data: bytes) -> None:
        try:
            message = BytesParser(policy=policy.compat32).parsebytes(data)
            mail = self._read(line, message)
        except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
            return self.problem(line, "This mail cannot be read.")
        if mail.key in self.mails:
            return self.problem(line, "The same mail stands in the file twice; it comes along once.")
        if not mail.text:
            self.problem(line, "This mail has no words that can be brought along.")
        self.mails[mail.key] = mail
        return None

    def _read(self, line: int, message: Message) -> _Mail:
        subject = line_of(_decoded(message, "Subject"), LONGEST_TITLE * 2)
        title, before = subject, ""
        while title != before:
            before, title = title, _LIST.sub("", _ANSWERS.sub("", title))
        key = _ids(message, "Message-ID")[:1] or [f"line {line}"]
        above = [*reversed(_ids(message, "In-Reply-To")[:1]), *reversed(_ids(message, "References"))]
        text, left = _words(message)
        self.left += left
        if left:
            said = "1 file was" if left == 1 else f"{left} files were"
            text = f"{text}\n\n[{said} left out]".strip()
        return _Mail(
            line=line,
            key=key[0],
            above=tuple(dict.fromkeys(one for one in above if one != key[0])),
            title=line_of(_without_addresses(title), LONGEST_TITLE),
            answers=bool(_ANSWERS.match(_LIST.sub("", subject))),
            who=_name(_decoded(message, "From")),
            at=_moment(_decoded(message, "Date")),
            text=_without_addresses(text),
        )

    # --- threads ---

    def threads(self) -> list[Thread]:
        """Every thread that can be used, the oldest first."""
        made: list[Thread] = []
        size = 0
        members = self._by_thread()
        for some in sorted(members, key=lambda one: (one[0].at, one[0].line)):
            thread = self._thread(some)
            if self._fits(some[0].line, thread):
                size += len(write(thread).encode())
                if size > MOST_KEPT or len(made) == MOST_THREADS:
                    self.problem(0, f"Of {len(members):,} threads the oldest {len(made):,} are shown.")
                    break
                made.append(thread)
        return made

    def _by_thread(self) -> list[list[_Mail]]:
        """The mails of each thread, each after what it answers."""
        self.parents = self._parents()
        homes: dict[str, str] = {}
        below: defaultdict[str, list[_Mail]] = defaultdict(list)
        for key, mail in self.mails.items():
            way = [key]
            while way[-1] not in homes and self.parents.get(way[-1]) and self.parents[way[-1]] not in way:
                way.append(self.parents[way[-1]])
            home = homes.get(way[-1], way[-1])
            homes.update(dict.fromkeys(way, home))
            below[home].append(mail)
        depths: dict[str, tuple[str, int]] = {}
        for some in below.values():
            for mail in some:
                self._place(mail.key, depths)
            some.sort(key=lambda mail: (*depths[mail.key], mail.line))
        return list(below.values())

    def _parents(self) -> dict[str, str]:
        """What each mail answers, of what is there; no mail answers itself by a roundabout way."""
        found: dict[str, str] = {}
        lost: dict[str, str] = {}  # mails whose thread began before the file, by the oldest they name
        titled: dict[str, str] = {}
        for key, mail in sorted(self.mails.items(), key=lambda pair: (pair[1].at, pair[1].line)):
            above = next((one for one in mail.above if one in self.mails), "")
            if not above and mail.above:
                above = lost.setdefault(mail.above[-1], key)
            elif not above and mail.answers:
                above = titled.get(mail.title.casefold(), "")
            if not mail.above and not above:
                titled[mail.title.casefold()] = key
            if above and above != key and not _leads_to(found, above, key):
                found[key] = above
        return found

    def _place(self, key: str, depths: dict[str, tuple[str, int]]) -> None:
        way = [key]
        while way[-1] not in depths and way[-1] in self.parents:
            way.append(self.parents[way[-1]])
        for one in reversed(way):
            at, depth = depths.get(self.parents.get(one, ""), ("", -1))
            depths.setdefault(one, (max(at, self.mails[one].at), depth + 1))

    def _thread(self, some: list[_Mail]) -> Thread:
        first, *others = some
        numbers = {mail.key: number for number, mail in enumerate(others, 1)}
        return Thread(
            title=first.title or next((one.title for one in others if one.title), ""),
            text=first.text,
            who=first.who,
            at=first.at,
            remarks=tuple(
                Remark(one.who, one.at, one.text, numbers.get(self.parents.get(one.key, ""), 0))
                for one in others
            ),
        )

    def _fits(self, line: int, thread: Thread) -> bool:
        if not thread.title:
            self.problem(line, "This thread has no title.")
        elif len(thread.remarks) > MOST_COMMENTS:
            self.problem(line, f"This thread has more than {MOST_COMMENTS:,} answers.")
        elif len(write(thread).encode()) > THREAD_BYTES:
            self.problem(line, f"This thread is longer than {THREAD_BYTES // 1_000:,} kB with its answers.")
        else:
            return True
        return False


def _leads_to(parents: dict[str, str], key: str, wanted: str) -> bool:
    while key:
        if key == wanted:
            return True
        key = parents.get(key, "")
    return False


def _decoded(message: Message, name: str) -> str:
    """A heading of a mail as people read it."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError, UnicodeError):
        return str(raw)


def _ids(message: Message, name: str) -> list[str]:
    found = _ID.findall(str(message.get(name, ""))[: LONGEST_ID * MOST_REFERENCES])
    return [one[:LONGEST_ID] for one in found[-MOST_REFERENCES:]]


def _name(sender: str) -> str:
    """The name of a sender, without any address; empty where there is an address alone."""
    name, _address = parseaddr(sender)
    behind = re.search(r"\(([^()]+)\)\s*$", sender)
    if behind and (not name or " at " in sender):
        name = behind[1]
    name = _ADDRESS.sub("", name).strip(" \"'<>()")
    return line_of(name, LONGEST_NAME)


def _moment(date: str) -> str:
    """A moment in UTC, in whole minutes; nothing where it cannot be read."""
    try:
        moment = parsedate_to_datetime(date)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment.year >= 1000 else ""


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(NO_ADDRESS, text)


def _words(message: Message) -> tuple[str, int]:
    """What a mail says, as plain words; and how many files hang on it."""
    plain: list[str] = []
    rich: list[str] = []
    left = 0
    for number, part in enumerate(_parts(message)):
        kind = part.get_content_type()
        if number >= MOST_PARTS or kind in _SIGNATURES:
            continue
        if part.get_filename() or part.get_content_disposition() == "attachment" or part.is_multipart():
            left += 1
        elif kind == "text/plain":
            plain.append(text_of(_text_of(part), "plain"))
        elif kind == "text/html":
            rich.append(text_of(_text_of(part), "html"))
        else:
            left += 1
    return "\n\n".join(filter(None, plain or rich)), left


def _parts(message: Message) -> list[Message]:
    """The parts of a mail in their order; a mail within a mail is one of them, and is not opened."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) <= MOST_PARTS:
        one = waiting.pop()
        inside = one.get_payload()
        if one.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting += [part for part in reversed(inside) if isinstance(part, Message)]
        else:
            found.append(one)
    return found


def _text_of(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")
