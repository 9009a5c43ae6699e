# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a name in a file really stands for: `tz.now` is `django.utils.timezone.now` under another name."""

import ast
from collections.abc import Iterator


def imported(tree: ast.Module) -> dict[str, str]:
    """The names a file brings in, and the full path each stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def path_of(node: ast.AST, names: dict[str, str]) -> str | None:
    """The full path of `a.b.c`, if `a` was imported."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=owner, attr=attr):
            before = path_of(owner, names)
            return before and f"{before}.{attr}"
    return None


def uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported thing a file uses, called or only named, with its line."""
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            path = path_of(node, names)
            if path:
                yield node.lineno, path
