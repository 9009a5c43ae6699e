# SPDX-License-Identifier: AGPL-3.0-or-later
"""Describe every act from its code: docs/acts/, and what the tests ask of each.

    python -m tools.acts            writes docs/acts/
    python -m tools.acts --check    says whether docs/acts/ is what the code says

Nothing here is written by hand twice: the words come from docstrings, the kinds from what the act records,
the refusals from the rules it asks, the checks from the auditor, the doors from the faces.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent
SOURCE = HOUSE / "src" / "kollontai"
DOCS = HOUSE / "docs" / "acts"
FACES = ("web", "cli", "demos")


@dataclass
class Described:
    """What the code says of one act."""

    name: str  # chapter.act
    by_clock: bool
    words: str
    arguments: tuple[str, ...]
    place: str
    kinds: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)


def names(*, by_clock: bool | None = None) -> list[str]:
    """The names of all acts there are, or of the clock's or members' alone, as chapter.act."""
    return sorted(name for name, _, clocks in _ours() if by_clock in (None, clocks))


@cache
def describe() -> tuple[Described, ...]:
    """Describe all acts there are, members' and the clock's, by name."""
    found = [_described(*one) for one in _ours()]
    return tuple(sorted(found, key=lambda one: (one.name.split(".")[0], one.by_clock, one.name)))


@cache
def _ours() -> tuple[tuple[str, Callable[..., Any], bool], ...]:
    """Each act: its name, its function, and whether the clock does it. Not those that tests make."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from kollontai.chapters.record import act as frame

    frame.discover()
    every = [(name, perform, False) for name, perform in frame.ACTS.items()]
    every += [(name, perform, True) for name, perform in frame.CLOCK_ACTS.items()]
    return tuple(one for one in every if _path(one[1]).is_relative_to(SOURCE))


def _path(perform: Callable[..., Any]) -> Path:
    return Path(inspect.getsourcefile(inspect.unwrap(perform)) or "")


def _described(name: str, perform: Callable[..., Any], by_clock: bool) -> Described:
    inner = inspect.unwrap(perform)
    module = inner.__module__
    arguments = tuple(
        parameter.name + ("" if parameter.default is inspect.Parameter.empty else "?")
        for parameter in list(inspect.signature(inner).parameters.values())[1:]
    )
    place = str(_path(perform).relative_to(HOUSE))
    one = Described(name, by_clock, inspect.getdoc(inner) or "", () if by_clock else arguments, place)
    for called in _reached(module, inner.__name__):
        one.kinds |= _kinds_in(called)
        one.refusals |= _refusals_in(called)
    for kind in one.kinds:
        one.checks |= _checks_of(kind)
    one.doors = _doors_of(inner.__name__, module, by_clock)
    one.tests = _tests_naming(name, inner.__name__, one.kinds if by_clock else set())
    return one


# --- Following calls through our own code ------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """A function or class of ours, as its text."""

    module: str
    name: str


@cache
def _tree(module: str) -> ast.Module | None:
    path = SOURCE.parent / Path(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return _parsed(candidate)
    return None


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    tree = _tree(module)
    found: dict[str, ast.AST] = {}
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        for target in [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", []):
            if isinstance(target, ast.Name):
                found[target.id] = node
    return found


@cache
def _imports(module: str) -> dict[str, str]:
    """What each name in a module stands for: a module, or module:thing."""
    names: dict[str, str] = {}
    tree = _tree(module)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kollontai"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                target = whole if _tree(whole) is not None else f"{node.module}:{alias.name}"
                names[alias.asname or alias.name] = target
    return names


def _reached(module: str, name: str) -> set[Called]:
    """Every function of ours that a function calls, itself included, however deep."""
    seen: set[Called] = set()
    waiting = [Called(module, name)]
    while waiting:
        here = waiting.pop()
        if here in seen or here.name not in _definitions(here.module):
            continue
        seen.add(here)
        if ".kinds." in here.module or here.module.endswith((".models", "chapters.record.act")):
            continue
        waiting += _callees(here)
    return seen


@cache
def _callees(here: Called) -> frozenset[Called]:
    return frozenset(_called_in(here))


def _called_in(here: Called) -> Iterable[Called]:
    imports = _imports(here.module)
    for node in ast.walk(_definitions(here.module)[here.name]):
        if isinstance(node, ast.Name):
            if node.id in _definitions(here.module):
                yield Called(here.module, node.id)
            elif ":" in imports.get(node.id, ""):
                target, _, thing = imports[node.id].partition(":")
                yield Called(target, thing)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            target = imports.get(node.value.id, "")
            if target and ":" not in target:
                yield Called(target, node.attr)


@cache
def _kinds_in(called: Called) -> frozenset[str]:
    from kollontai.openrecord.facts import KINDS

    if not called.module.startswith("kollontai.openrecord.kinds."):
        erases = (
            isinstance(node, ast.Attribute)
            and node.attr == "erase"
            and isinstance(node.value, ast.Name)
            and node.value.id == "this"
            for node in ast.walk(_definitions(called.module)[called.name])
        )
        return frozenset({"content.erased"} if any(erases) else ())
    return frozenset(name for name, cls in KINDS.items() if cls.__name__ == called.name)


@cache
def _refusals_in(called: Called) -> frozenset[str]:
    codes = set()
    for node in ast.walk(_definitions(called.module)[called.name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.add(first.value)
    return frozenset(codes)


@cache
def every_refusal() -> frozenset[str]:
    """Every refusal code that any chapter can give."""
    codes = set()
    for path in (SOURCE / "chapters").rglob("*.py"):
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    codes.add(first.value)
    return frozenset(codes)


# --- What others say of it ---------------------------------------------------------------------------


@cache
def _looks_of_checks() -> dict[str, frozenset[str]]:
    """What of the folded state each check of the auditor looks at."""
    folder = SOURCE / "auditor" / "checks"
    looks = {
        path.stem: frozenset(node.attr for node in ast.walk(_parsed(path)) if isinstance(node, ast.Attribute))
        for path in sorted(folder.glob("*.py"))
        if path.stem != "__init__"
    }
    common = {name for name in set().union(*looks.values()) if sum(name in one for one in looks.values()) > 7}
    return {stem: names - common for stem, names in looks.items()}


@cache
def _checks_of(kind: str) -> frozenset[str]:
    """The checks that look at what an entry of this kind leaves in the auditor's state."""
    left: set[str] = set()
    for path in sorted((SOURCE / "auditor" / "folds").glob("*.py")):
        for node in _parsed(path).body:
            if isinstance(node, ast.FunctionDef) and any(kind in _texts(one) for one in node.decorator_list):
                left |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
                made = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                left |= {name for thing in made for name in _fields_of_thing(thing)}
    return frozenset(stem for stem, looked_at in _looks_of_checks().items() if looked_at & left)


@cache
def _fields_of_thing(name: str) -> frozenset[str]:
    for node in _parsed(SOURCE / "auditor" / "things.py").body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return frozenset(
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            )
    return frozenset()


def _texts(node: ast.AST) -> set[object]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}


def _doors_of(function: str, module: str, by_clock: bool) -> set[str]:
    if by_clock:
        return {"the clock"}
    doors = set()
    for face in FACES:
        for path in sorted((SOURCE / face).rglob("*.py")):
            dotted = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
            wanted = {f"{module}:{function}", module}
            if wanted & set(_imports(dotted).values()):
                doors.add(str(path.relative_to(HOUSE)))
    return doors


@cache
def _tests() -> dict[str, str]:
    return {
        str(path.relative_to(HOUSE)): path.read_text(encoding="utf-8")
        for path in sorted((HOUSE / "tests").rglob("test_*.py"))
    }


def _tests_naming(name: str, function: str, kinds: set[str]) -> set[str]:
    """The tests of its chapter that name an act; what the clock does is named by its entries, anywhere."""
    chapter = name.split(".")[0]
    where = "tests/" if kinds else f"tests/{chapter}/"
    named = {function, name, *kinds}
    return {
        path
        for path, text in _tests().items()
        if path.startswith(where)
        and not path.startswith(("tests/auditor/", "tests/tampering/"))
        and any(word in text for word in named)
    }


# --- Writing -----------------------------------------------------------------------------------------


def pages() -> dict[str, str]:
    """Every file of docs/acts/, by its name."""
    described = describe()
    chapters = sorted({one.name.split(".")[0] for one in described})
    files = {"README.md": _index(described, chapters)}
    for chapter in chapters:
        own = [one for one in described if one.name.split(".")[0] == chapter]
        lines = [
            f"# Acts of the chapter `{chapter}`",
            "",
            "Written from the code by `python -m tools.acts`.",
            "",
        ]
        for one in own:
            lines += _one(one)
        files[f"{chapter}.md"] = "\n".join(lines).rstrip() + "\n"
    files["stages.md"] = _stages()
    return files


def _stages() -> str:
    """Who may do what in which stage of an issue."""
    from kollontai.web.pages import stages

    lines = [
        "# Who does what, and when, on an issue",
        "",
        "The table that the rules ask (`kollontai.chapters.deliberation.stages`), written from it by",
        "`python -m tools.acts`. *Leaders* are leaders on the issue; voting is open to everybody on the",
        "roll. What does not stand here, nobody can do.",
        "",
        f"| | {' | '.join(str(stage) for stage in stages.stages())} |",
        f"|{'---|' * (len(stages.stages()) + 1)}",
    ]
    for line in stages.table():
        cells = [f"{cell.who}{', until the middle' if cell.half else ''}" for cell in line.cells]
        lines.append(f"| {line.words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _index(described: Iterable[Described], chapters: list[str]) -> str:
    lines = [
        "# What anybody can do",
        "",
        "One file, one power. What is not in this list, nobody can do: no member, no leader, no operator.",
        "Written from the code by `python -m tools.acts`.",
        "",
        "| act | by | in one sentence |",
        "|---|---|---|",
    ]
    for one in described:
        chapter = one.name.split(".")[0]
        who = "the clock" if one.by_clock else "a member"
        lines.append(
            f"| [{one.name}]({chapter}.md#{_anchor(one.name)}) | {who} | {one.words.splitlines()[0]} |"
        )
    return "\n".join(lines) + "\n"


def _one(one: Described) -> list[str]:
    lines = [f"## {one.name}", "", one.words, ""]
    lines.append(f"- Done by: {'the clock' if one.by_clock else 'a member'}")
    if one.arguments:
        lines.append(f"- Given: {', '.join(f'`{argument}`' for argument in one.arguments)}")
    kinds = ", ".join(f"`{kind}`" for kind in sorted(one.kinds))
    lines.append(f"- On the record: {kinds or 'nothing; it is private'}")
    if not one.by_clock:
        lines.append(f"- Program route: `POST /api/v1/<slug>/acts/{one.name.replace('.', '/')}`")
    lines.append(
        f"- Looked at by the auditor in: {', '.join(sorted(one.checks)) or 'every claim of the rows'}"
    )
    lines.append(f"- Code: `{one.place}`")
    if one.refusals:
        lines += ["", "| refused when | what is said |", "|---|---|"]
        lines += [f"| `{code}` | {_said(code)} |" for code in sorted(one.refusals)]
    return [*lines, ""]


def _said(code: str) -> str:
    """What members read, with its gaps named."""
    from kollontai.web.words import WORDS

    words = WORDS.get(code)
    said = str(words.sentence if words else "").replace("|", "/")
    return re.sub(r"%\((\w+)\)s", r"*\1*", said).replace("%%", "%")


def _anchor(name: str) -> str:
    return name.replace(".", "")


def main() -> int:
    """Write docs/acts/, or check it."""
    wanted = pages()
    if "--check" in sys.argv:
        stale = [name for name, text in wanted.items() if not _same(DOCS / name, text)]
        extra = [path.name for path in DOCS.glob("*.md") if path.name not in wanted]
        if stale or extra:
            print("docs/acts is not what the code says: " + ", ".join(sorted(stale + extra)), file=sys.stderr)
            print("Write it anew: python -m tools.acts", file=sys.stderr)
            return 1
        return 0
    DOCS.mkdir(parents=True, exist_ok=True)
    for path in DOCS.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
