# SPDX-License-Identifier: AGPL-3.0-or-later
"""Peers that are not installed are skipped by name, and the reader is told how to install them.

Some peers load libraries for drawing or for solving integer programs as soon as they are imported, one of
them not free. Nothing we compare uses these; where they are missing an empty module stands in.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest

PEERS = ("abcvoting", "pabutools", "pref_voting", "pyrankvote", "starvote", "votelib")
UNUSED = ("PIL", "gurobipy", "matplotlib", "nashpy", "ortools", "pulp", "scipy", "seaborn")


class Empty(ModuleType):
    """A module in which every name is another empty module."""

    __version__ = "99.0"

    def __getattr__(self, name: str) -> Empty:
        if name.startswith("__"):
            raise AttributeError(name)
        return Empty(name)

    def __call__(self, *_: object, **__: object) -> Empty:
        return self


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty module for each library that is not used and not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] not in UNUSED:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is in it."""


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the peers load and we do not need."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, StandIns()])
    yield
    for name in [name for name, module in sys.modules.items() if isinstance(module, Empty)]:
        monkeypatch.delitem(sys.modules, name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which peers were missing."""
    missing = [peer for peer in PEERS if importlib.util.find_spec(peer) is None]
    if missing:
        terminalreporter.write_sep("!", f"not compared with {', '.join(missing)}", red=True)
        terminalreporter.write_line(
            "pip install --no-deps -r tests/against/counting/requirements.txt installs them."
        )
