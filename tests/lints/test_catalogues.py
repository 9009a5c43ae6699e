# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every string of the program has its words in every language, with the same gaps and the same marks."""

from __future__ import annotations

import re
from collections import Counter

import polib
import pytest

from tests.lints.tree import ROOT
from tools import catalogues

languages = pytest.mark.parametrize("language", sorted(catalogues.LANGUAGES))
domains = pytest.mark.parametrize("domain", catalogues.DOMAINS)
GAPS = re.compile(r"%\(\w+\)s|%(?!\s|\()\w|\{\w+\}")
MARKS = re.compile(r"</?\w+[^>]*>|&\w+;")
FORM_OF_A_DATE = "form of a date"


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each form of a string beside its translation."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [
        (entry.msgid if number == 0 else entry.msgid_plural, said)
        for number, said in entry.msgstr_plural.items()
    ]


def edges(text: str) -> tuple[bool, bool, bool, bool]:
    """Whether a text begins or ends with a blank or a line's end."""
    return text[:1] == " ", text[-1:] == " ", text[:1] == "\n", text[-1:] == "\n"


def faults(entry: polib.POEntry) -> list[str]:
    """What is wrong with the translation of one string."""
    found = []
    for text, said in pairs(entry):
        if not said.strip() and text.strip():
            found.append("has no translation")
            continue
        if entry.msgctxt == FORM_OF_A_DATE:
            continue
        lost = Counter(GAPS.findall(text)) - Counter(GAPS.findall(said))
        more = set(GAPS.findall(said)) - set(GAPS.findall(entry.msgid + (entry.msgid_plural or "")))
        if more or (lost and not entry.msgid_plural):
            found.append("has other gaps")
        if Counter(MARKS.findall(text)) != Counter(MARKS.findall(said)):
            found.append("has other marks of HTML")
        if edges(text) != edges(said):
            found.append("begins or ends otherwise")
    return found


def test_strings_are_found_in_code_templates_and_articles() -> None:
    found = {message.key: message for message in catalogues.messages()}
    assert found[None, "Every post is filled by election"].where == ["bylaws/articles.toml"]
    assert found[None, "%(n)s day"].plural == "%(n)s days"
    assert found[None, "Skip to the page"].where == [
        "web/templates/kollontai/base.html",
        "web/templates/kollontai/base_bare.html",
    ]
    assert (FORM_OF_A_DATE, "j F") in found


def test_what_the_auditor_can_say_is_found_in_its_program() -> None:
    found = {message.id: message.where for message in catalogues.messages("findings")}
    assert found["{member} supports {issue} and leads on it."] == ["auditor/checks/leaders_silent.py"]
    assert found["moved an amendment"] == [
        "auditor/checks/amendments_in_time.py",
        "auditor/checks/leaders_silent.py",
    ]
    assert {"Nothing found.", "entry", "none"} <= found.keys()
    assert not [text for text in found if text.startswith("Did every leader on an issue wait")]


@languages
@domains
def test_a_catalogue_holds_every_string_of_the_program_and_no_other(language: str, domain: str) -> None:
    wanted = {message.key: message.plural for message in catalogues.messages(domain)}
    kept = {
        (one.msgctxt, one.msgid): one.msgid_plural or "" for one in catalogues.catalogue(language, domain)
    }
    assert sorted(map(str, set(wanted) - set(kept))) == [], "make words, and translate them"
    assert sorted(map(str, set(kept) - set(wanted))) == [], "make words"
    assert kept == wanted


@languages
@domains
def test_every_string_has_a_sound_translation(language: str, domain: str) -> None:
    catalogue = catalogues.catalogue(language, domain)
    assert not catalogue.fuzzy_entries()
    assert not catalogue.obsolete_entries()
    assert [(one.msgid, faults(one)) for one in catalogue if faults(one)] == []
    plural = re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])
    assert plural
    forms = set(range(int(plural[1])))
    assert [one.msgid for one in catalogue if one.msgid_plural and set(one.msgstr_plural) != forms] == []


@languages
def test_what_the_server_reads_is_what_stands_in_the_tree(language: str) -> None:
    catalogues.build(language)
    made = polib.mofile(str(catalogues.place(language).with_suffix(".mo")))
    assert {(one.msgctxt, one.msgid): pairs(one) for one in made} == {
        (one.msgctxt, one.msgid): pairs(one) for one in catalogues.catalogue(language)
    }


@pytest.mark.parametrize(
    ("text", "said", "fault"),
    [
        ("Say yes", "", "has no translation"),
        ("%(n)s of %(of)s", "%(n)s von %(off)s", "has other gaps"),
        ("%(n)s of %(of)s", "%(n)s von vielen", "has other gaps"),
        ("<b>Now</b>", "<i>Jetzt</i>", "has other marks of HTML"),
        (" and ", " und", "begins or ends otherwise"),
        ("{actor} left.", "Jemand ging.", "has other gaps"),
    ],
)
def test_each_fault_is_found(text: str, said: str, fault: str) -> None:
    assert faults(polib.POEntry(msgid=text, msgstr=said)) == [fault]


def first_column(path: str) -> set[str]:
    """The words in the first column of the tables of a document."""
    rows = [line.split("|")[1] for line in (ROOT / path).read_text().splitlines() if line.startswith("| ")]
    return {re.sub(r"[*`]|\(.*?\)", "", row).strip() for row in rows}


def test_every_word_of_the_glossary_is_agreed_in_every_language() -> None:
    agreed = {word for row in first_column("docs/translating.md") for word in (row, *row.split(", "))}
    missing = {
        word for word in first_column("GLOSSARY.md") - {"word"}
        if not {word, word.partition(",")[0], word.removesuffix("s")} & agreed
    }  # fmt: skip
    assert sorted(missing) == []


FORMAL = {"de": r"\b\w+en Sie\b", "es": r"\b[Uu]sted(es)?\b"}


@languages
def test_nobody_is_spoken_to_from_above(language: str) -> None:
    said = [text for one in catalogues.catalogue(language) for _id, text in pairs(one)]
    assert [text for text in said if re.search(FORMAL[language], text)] == []


@pytest.mark.parametrize(("language", "text"), [("de", "Wählen Sie eine Datei."), ("es", "Elija usted uno.")])
def test_speaking_from_above_is_found(language: str, text: str) -> None:
    assert re.search(FORMAL[language], text)
