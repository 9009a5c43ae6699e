# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did every file come with words, by the same act, plain, and does it go with them?"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Attachment, Mark

QUESTION = "Did every picture and paper come with words by the same act, plain, and go only with them?"
ARTICLE = 7
EVIDENCE = proved(limit="What a PDF file does when it is opened elsewhere is not looked at.")
FINDS = ("files that were slipped in beside words, or taken from them",)

_found = Finder(__name__, ARTICLE)
MOST = 4
LARGEST = {"picture": 5 * 1024 * 1024, "pdf": 4 * 1024 * 1024}
BEGINS = {"picture": b"\xff\xd8\xff", "pdf": b"%PDF-"}


def check(audit: Audit) -> Iterator[Finding]:
    """One by one, beside what they came with."""
    together: defaultdict[tuple[str, int], list[Attachment]] = defaultdict(list)
    for one in audit.state.attachments.values():
        together[one.of, one.version].append(one)
    for (of, _version), files in together.items():
        places = {one.made.position for one in files}
        for one in files:
            yield from _came_with(audit, one, places)
            yield from _bytes(audit, one)
            yield from _goes_with(audit, one)
        if len(files) > MOST:
            yield _found.breach(max(places), of, f"{len(files)} files came with {of}; {MOST} are the most.")


def _host(audit: Audit, one: Attachment) -> Mark:
    """The entry of the words that a file came with."""
    if one.to == "contribution":
        return audit.state.contributions[one.of].versions[0].mark
    if one.to == "amendment":
        return audit.state.amendments[one.of].moved
    if one.to == "version":
        return audit.state.drafts[one.of].version_at(one.made.position).mark
    return audit.state.letters[one.of].posted if one.to == "letter" else audit.state.drafts[one.of].put


def _came_with(audit: Audit, one: Attachment, places: set[int]) -> Iterator[Finding]:
    host, at = _host(audit, one), one.made.position
    if one.to == "version" and one.version < 2:
        yield _found.breach(at, one.id, f"{one.id} came with a new version of {one.of}, and there was none.")
    if host.actor != one.made.actor:
        yield _found.breach(at, one.id, f"{one.made.actor} attached a file to the words of {host.actor}.")
    if host.at != one.made.at:
        yield _found.breach(at, one.id, f"{one.id} was attached to {one.of} later than it was said.")
    spoken = audit.state.spoken_of.get(one.of)
    known = places | ({spoken.mark.position} if spoken else set())
    if one.host != "draft" and any(place not in known for place in range(host.position + 1, at)):
        yield _found.breach(at, one.id, f"{one.id} stands apart from the words it came with.")


def _bytes(audit: Audit, one: Attachment) -> Iterator[Finding]:
    at = one.made.position
    if one.form not in LARGEST:
        yield _found.breach(at, one.id, f"There is no attachment of the form {one.form}.")
        return
    if one.name is None or one.file is None:
        yield _found.breach(at, one.id, f"{one.id} has no name, or no bytes.")
    value = audit.contents.value(one.file)
    if value is None:
        return  # erased, or missing: content_opens says so
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        data = b""
    if len(data) != one.size or len(data) > LARGEST[one.form]:
        yield _found.breach(at, one.id, f"{one.id} has {len(data)} bytes; its entry says {one.size}.")
    if not data.startswith(BEGINS[one.form]):
        yield _found.breach(at, one.id, f"{one.id} is called a {one.form} and is none.")
    elif one.form == "picture" and _says_more(data):
        yield _found.breach(at, one.id, f"{one.id} tells more than its pixels: where, when or by what.")


def _says_more(data: bytes) -> bool:
    """Whether a JPEG has something before its pixels that is neither its head nor its tables."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == 0xDA:
            return False
        if 0xE1 <= marker <= 0xEF or marker == 0xFE:
            return True
        place += 2 + max(2, length)
    return False


def _goes_with(audit: Audit, one: Attachment) -> Iterator[Finding]:
    """A file is erased with the words it came with, in one; letters keep theirs."""
    parts = [part for part in (one.name, one.file) if part is not None]
    erased = [audit.state.erased[part].position for part in parts if part in audit.state.erased]
    texts: list[bytes | None] = []
    if one.to == "contribution":
        texts = [version.text for version in audit.state.contributions[one.of].versions]
    elif one.host == "draft":
        texts = [
            said for version in audit.state.drafts[one.of].versions for said in (version.title, version.text)
        ]
    elif one.host == "amendment":
        moved = audit.state.amendments[one.of]
        texts = [*(version.text for version in moved.versions), moved.reasons]
        if not any(texts):
            return  # it only deletes: there are no words that its files would go with
    words = [audit.state.erased[text].position for text in texts if text in audit.state.erased]
    if set(erased) - set(words):
        yield _found.breach(erased[0], one.id, f"{one.id} was erased, and not with the words it came with.")
        return
    own = {erasure.mark.position for erasure in audit.state.erasures}
    words = [position for position in words if position in own]  # a court names each text by itself
    if words and len(erased) < len(parts):
        yield _found.breach(words[0], one.id, f"The words of {one.of} were erased, and {one.id} was not.")
