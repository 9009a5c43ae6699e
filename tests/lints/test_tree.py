# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree reads like bylaws: each file has a subject, each chapter a page about itself."""

import ast
import os
import re
import tomllib
from pathlib import Path

from tests.lints.tree import LIBRARIES, PACKAGE, ROOT, chapters, kept, modules, parsed, short, written

UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
COMMON = {"/", "/bin", "/etc", "/home", "/mnt", "/opt", "/src", "/srv", "/tmp", "/usr", "/var"}


def test_no_file_is_called_utils() -> None:
    assert [short(path) for path in kept() if path.stem.lower() in {"utils", "util", "helpers", "misc"}] == []


def test_every_chapter_has_a_page_about_itself() -> None:
    silent = [short(folder) for folder in chapters() if not (folder / "README.md").exists()]
    assert silent == []


def test_nothing_is_left_for_later_in_the_text() -> None:
    found = [
        f"{short(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in written()
        for match in UNFINISHED.finditer(text)
    ]
    assert found == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    folders = {str(Path.home()), str(ROOT.parent), os.environ.get("VIRTUAL_ENV", "/")} - COMMON
    here = re.compile("|".join(rf"(?<![\w.$}})]){re.escape(folder)}/" for folder in folders) or r"(?!)")
    assert [short(path) for path, text in written() if here.search(text)] == []


def test_every_python_file_names_its_licence_and_its_subject() -> None:
    mute = [
        short(path)
        for path, text in written()
        if path.suffix == ".py" and "migrations" not in path.parts and text
        if not text.startswith("# SPDX-License-Identifier: AGPL-3.0-or-later\n")
        or (text.count("\n") > 1 and not ast.get_docstring(ast.parse(text)))
    ]
    assert mute == []


def test_requirements_are_pinned_with_hashes_and_name_no_address() -> None:
    pinned: dict[str, set[str]] = {}
    for path in (ROOT / "requirements/run.txt", ROOT / "requirements/test.txt"):
        text = path.read_text()
        assert "://" not in text
        for requirement in text.replace("\\\n", " ").splitlines():
            name, version, hashes = re.match(r"([\w.-]+)==(\S+)(.*)", requirement).groups()  # type: ignore[union-attr]
            assert "--hash=sha256:" in hashes, requirement
            marker = hashes.partition("--hash")[0].strip(" ;")
            pinned.setdefault(f"{name} {marker}", set()).add(version)
    assert {name: versions for name, versions in pinned.items() if len(versions) > 1} == {}


def test_every_library_and_chapter_stands_in_the_import_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    one = {contract["id"]: contract for contract in contracts}
    layers = set(re.findall(r"kollontai[\w.]*", " ".join(one["one-way"]["layers"])))
    standing = {name for name in LIBRARIES if (PACKAGE / name / "__init__.py").exists()}
    assert {f"kollontai.{name}" for name in standing} <= set(one["libraries"]["source_modules"])
    assert {f"kollontai.{name}" for name in standing} | {
        f"kollontai.chapters.{path.name}" for path in chapters()
    } <= layers


def test_each_power_has_a_file_of_its_own_name() -> None:
    strange = []
    for path in modules(PACKAGE / "chapters"):
        if path.parent.name != "acts" or path.stem.startswith("_"):
            continue
        powers = [
            node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef) and is_act(node)
        ]
        if powers != [path.stem]:
            strange.append(f"{short(path)}: {', '.join(powers) or 'no act'}")
    assert strange == []


def is_act(function: ast.FunctionDef) -> bool:
    """Whether a function is marked as an act of a person, `@act`, or of the clock, `@clock_act`."""
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list]
    return any(isinstance(mark, ast.Name) and mark.id in {"act", "clock_act"} for mark in marks)
