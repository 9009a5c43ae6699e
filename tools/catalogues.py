# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogues of words: a `.po` for each language, kept in the tree; a `.mo` beside it, made at install.

    python -m tools.catalogues update     take new strings into every catalogue, drop those that are gone
    python -m tools.catalogues missing    list what has no translation yet
    python -m tools.catalogues build      make the .mo files the server reads

Strings are found in the program itself: in calls of gettext and its kin, in templates as Django reads them,
in the file of the articles, and in what leads into a demonstration. What the auditor can say lies in a
catalogue of its own, `findings.po`, made into the JSON that `kollontai.auditor.spoken` reads.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from tools.sentences import sentences

PACKAGE = Path(__file__).parent.parent / "src" / "kollontai"
LOCALE = PACKAGE / "locale"
OLD_ARTICLES = re.compile(r"articles-[0-9]+\.toml")
"""Versions that organisations still go on under; of their words, what is no longer said."""
LANGUAGES = {"de": "nplurals=2; plural=(n != 1);", "es": "nplurals=2; plural=(n != 1);"}
"""Each language that has a catalogue, with its rule of plurals."""
DOMAINS = ("django", "findings")
"""The catalogues of a language: what pages, mails and commands say; what the auditor says."""

_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_CALLED = re.compile(r"\b(?:_|n?p?gettext\w*)\(")
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL)


@dataclass
class Message:
    """A string of the program. `plural`: its other form, if it counts; `where`: files it stands in."""

    id: str
    plural: str = ""
    context: str | None = None
    where: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        """What tells it from all others."""
        return self.context, self.id


def messages(domain: str = "django") -> list[Message]:
    """Every string of the program that belongs there, in the order in which files and lines come."""
    if domain == "findings":
        return _merged((where, [Message(text)]) for text, where in sentences(PACKAGE))
    return _merged(_of_files())


def _merged(files: Iterable[tuple[str, Iterable[Message]]]) -> list[Message]:
    found: dict[tuple[str | None, str], Message] = {}
    for where, of_file in files:
        for message in of_file:
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            still_said = OLD_ARTICLES.fullmatch(Path(where).name) and known is not message
            if where not in known.where and not still_said:
                known.where.append(where)
    return list(found.values())


def _of_files() -> Iterator[tuple[str, Iterable[Message]]]:
    for path in sorted(PACKAGE.rglob("*"), key=lambda one: (bool(OLD_ARTICLES.fullmatch(one.name)), one)):
        where = path.relative_to(PACKAGE).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield where, _in_python(path.read_text())
        elif path.suffix == ".html" and "templates" in path.parts:
            yield where, _in_template(path.read_text())
        elif path.name == "articles.toml" or OLD_ARTICLES.fullmatch(path.name):
            yield where, _in_articles(path.read_text())
        elif path.suffix == ".toml" and path.parent.name == "demos":
            yield where, _in_demonstration(path.read_text())


def _in_python(source: str) -> Iterator[Message]:
    if not _CALLED.search(source):
        return
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        said = []
        for given in call.args:
            if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
                break
            said.append(given.value)
        yield from _message(name, said)


def _in_template(source: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize

    for name, strings in _IN_TEMPLATE.findall(templatize(source)):
        yield from _message(name, [ast.literal_eval(one) for one in re.findall(_STRING, strings, re.DOTALL)])


def _message(name: str, said: list[str]) -> Iterator[Message]:
    if name in _PLAIN and said:
        yield Message(said[0])
    elif name in _PLURAL and len(said) > 1:
        yield Message(said[0], said[1])
    elif name in _CONTEXT and len(said) > 1:
        yield Message(said[1], context=said[0])
    elif name == "npgettext" and len(said) > 2:
        yield Message(said[1], said[2], said[0])


def _in_articles(source: str) -> Iterator[Message]:
    read = tomllib.loads(source)
    for article in read["article"]:
        for text in (article["title"], article["lead"], *article["nobody_can"], *article["auditor_finds"]):
            yield Message(text)
    for limit in read["limit"]:
        yield Message(limit["words"])
    for listed in read["closed"]:
        for text in (listed["words"], *listed["items"]):
            yield Message(text)


def _in_demonstration(source: str) -> Iterator[Message]:
    """What leads into a demonstration; what its people say stays as they said it."""
    read = tomllib.loads(source)
    for text in (read.get("lead"), *(one["why"] for one in read.get("suggested", []))):
        if text:
            yield Message(text)


def place(language: str, domain: str = "django") -> Path:
    """Where a catalogue lies."""
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue(language: str, domain: str = "django") -> polib.POFile:
    """A catalogue as it lies in the tree."""
    return polib.pofile(str(place(language, domain)), wrapwidth=100, encoding="utf-8")


def update(language: str, wanted: Iterable[Message], domain: str = "django") -> polib.POFile:
    """Take what is new into a catalogue and drop what is gone; what was translated stays."""
    path = place(language, domain)
    known = {(one.msgctxt, one.msgid): one for one in catalogue(language, domain)} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=100, encoding="utf-8")
    fresh.metadata = {
        "Project-Id-Version": "kollontai",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    for message in wanted:
        old = known.get(message.key)
        entry = polib.POEntry(
            msgid=message.id,
            msgctxt=message.context,
            occurrences=[(where, "") for where in message.where],
            flags=["python-format"] if "%(" in message.id + message.plural else [],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            same = old is not None and old.msgid_plural == message.plural
            entry.msgstr_plural = dict(old.msgstr_plural) if old and same else {0: "", 1: ""}
        elif old is not None and not old.msgid_plural:
            entry.msgstr = old.msgstr
        fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return fresh


def untranslated(entries: Iterable[polib.POEntry]) -> list[polib.POEntry]:
    """What has no words yet, or not in every form."""
    return [one for one in entries if not all((one.msgstr_plural or {0: one.msgstr}).values())]


def build(language: str, domain: str = "django", *, only_if_older: bool = False) -> None:
    """Make the file the program reads, whole or not at all."""
    source = place(language, domain)
    made = source.with_suffix(".mo" if domain == "django" else ".json")
    sources = {source, place(language)}  # reports name articles, whose words lie with the pages'
    newest = max(one.stat().st_mtime_ns for one in sources)
    if only_if_older and made.exists() and made.stat().st_mtime_ns >= newest:
        return
    fresh, words = made.with_suffix(".new"), catalogue(language, domain)
    if domain == "django":
        words.save_as_mofile(str(fresh))
    else:
        articles = (
            one
            for one in catalogue(language)
            if any(where.startswith("bylaws/") for where, _ in one.occurrences)
        )
        said = {one.msgid: one.msgstr for one in (*articles, *words) if one.msgstr}
        fresh.write_text(json.dumps(said, ensure_ascii=False, indent=0), "utf-8")
    fresh.replace(made)


def main(asked: str) -> int:
    """Do one of the things named above."""
    both = [(language, domain) for domain in DOMAINS for language in LANGUAGES]
    if asked == "build":
        for language, domain in both:
            build(language, domain)
        return 0
    if asked == "update":
        wanted = {domain: messages(domain) for domain in DOMAINS}
        for language, domain in both:
            left = len(untranslated(update(language, wanted[domain], domain)))
            print(f"{language} {domain}: {len(wanted[domain])} strings, {left} without a translation")
        return 0
    if asked == "missing":
        lacking = [
            (language, one) for language, domain in both for one in untranslated(catalogue(language, domain))
        ]
        for language, one in lacking:
            print(f"{language} {one.occurrences[0][0]}: {one.msgid!r}")
        return 1 if lacking else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
