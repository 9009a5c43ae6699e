# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the auditor can say, found in its own program: sentences with gaps, and the parts that stand in them.

A string with a gap is an f-string: `f"{author} spoke"` gives `{author} spoke`. A single word counts where it
is chosen for a sentence: by `say("entry")`, by `a if … else b`, or under a name that stands in an f-string of
the same function.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_NOT_SAID = {"clockwords.py", "paperwords.py", "rows.py", "swift.py", "questions.py", "days.py"}
"""Files of bytes, keys and words of the record, which say nothing to anybody."""
_DESCRIBES = {"QUESTION", "FINDS"}
_GAP = re.compile(r"\{\w+\}")
_WORDS = re.compile(r"[A-Za-z]{2,}.* |.* [a-z]{2,}|^[a-z]{2,}$", re.DOTALL)


def sentences(package: Path) -> Iterator[tuple[str, str]]:
    """Each sentence or part of one, and the file it stands in. Some come more than once.

    Sentences that differ only in what their gaps are called cannot be told apart: they are one.
    """
    first: dict[str, str] = {}
    for library, said in (("auditor", _of), ("openrecord", _of_errors), ("counting", _of_errors)):
        for path in sorted((package / library).rglob("*.py")):
            if path.name in _NOT_SAID:
                continue
            tree = ast.parse(path.read_text())
            for text in _of_the_record(tree) if path.name == "spoken.py" else said(tree):
                one = first.setdefault(_GAP.sub("{}", text), text)
                yield one, path.relative_to(package).as_posix()


def _of_errors(tree: ast.Module) -> Iterator[str]:
    """What a library says when it refuses something: findings hand it on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for given in node.exc.args:
                if isinstance(given, ast.JoinedStr):
                    yield pattern(given)
                elif isinstance(given, ast.Constant) and isinstance(given.value, str) and " " in given.value:
                    yield given.value


def _of_the_record(tree: ast.Module) -> Iterator[str]:
    """Words that no check writes itself: they stand in a list of their own."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and _targets(node.targets) == {"RECORD_WORDS"}:
            yield from ast.literal_eval(node.value)


def _of(tree: ast.Module) -> Iterator[str]:
    left_out = {id(part) for part in _not_said(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out.update(id(part) for part in node.values if isinstance(part, ast.Constant))
            left_out.update(
                id(part)
                for value in node.values
                if isinstance(value, ast.FormattedValue) and value.format_spec
                for part in ast.walk(value.format_spec)
            )
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            text = pattern(node)
            if " " in text and _WORDS.search(_GAP.sub("", text)):
                yield text
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            yield from (part for one in node.args for part in _single(one))
        elif isinstance(node, ast.Constant) and _is_said(node.value):
            yield str(node.value)
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _chosen_words(function)


def _is_said(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip() and bool(_WORDS.search(value))


def pattern(node: ast.JoinedStr) -> str:
    """An f-string as a sentence with gaps, each named after what fills it."""
    said, used = "", Counter[str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value).replace("{", "(").replace("}", ")")
        elif isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            used[name] += 1
            said += "{" + name + (str(used[name]) if used[name] > 1 else "") + "}"
    return said


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name():
            name = node.id
        case ast.Attribute(attr="id"):
            name = _name(node.value)
        case ast.Attribute():
            name = node.attr
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            name = key
        case ast.Subscript():
            name = _name(node.value)
        case ast.Call(args=[first, *_]):
            name = _name(first)
        case ast.Call(func=ast.Attribute() as called):
            name = _name(called.value)
        case ast.BinOp():
            name = _name(node.left)
        case _:
            name = "what"
    return re.sub(r"\W|^_+|_+$", "", name).lower() or "what"


def _not_said(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, and what describes a check: no report in words says it, but for its evidence's limit."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _targets(statement.targets) <= _DESCRIBES:
            yield from ast.walk(statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            yield from statement.value.args
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from (one.value for one in node.body if isinstance(one, ast.Expr))


def _chosen_words(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    shown = {
        part.id
        for node in ast.walk(function)
        if isinstance(node, ast.FormattedValue)
        for part in ast.walk(node.value)
        if isinstance(part, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.FormattedValue):
            for part in ast.walk(node.value):
                if isinstance(part, ast.IfExp):
                    yield from _single(part.body)
                    yield from _single(part.orelse)
        elif isinstance(node, ast.Assign) and shown & _targets(node.targets):
            yield from _single(node.value)
        elif isinstance(node, (ast.For, ast.comprehension)) and shown & _targets([node.target]):
            yield from _single(node.iter)


def _targets(targets: list[ast.expr]) -> set[str]:
    return {part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name)}


def _single(node: ast.expr) -> Iterator[str]:
    """Words given as they stand, alone or in a tuple or a choice."""
    match node:
        case ast.Constant(value=str(text)):
            if re.fullmatch(r"[a-z]{2,}", text):
                yield text
        case ast.Tuple() | ast.List():
            for one in node.elts:
                yield from _single(one)
        case ast.IfExp():
            yield from _single(node.body)
            yield from _single(node.orelse)
        case _:
            return
